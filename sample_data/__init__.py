"""The demo tenant: a made-up provider with made-up employers, drawn from known truths and a seed."""
