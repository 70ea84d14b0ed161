"""Money and work: what accounts are billed, what work is done for them, what all of it costs."""
