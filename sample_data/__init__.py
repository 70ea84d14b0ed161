"""The demo tenant: a provider with made-up employers, drawn from known truths and a seed."""
