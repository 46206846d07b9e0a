"""The table of time limits, law and local policy apart."""
