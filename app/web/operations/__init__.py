"""The machinery as an administrator sees it."""
