"""Studies: what the methods find over many tenants whose truth is known, printed and kept."""
