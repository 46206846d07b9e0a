"""Files: what comes in, what is refused, what leaves."""
