"""A person's notices, and how they wish to be told."""
