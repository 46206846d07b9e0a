"""The HTTP API: the same doors as the pages, for scripts; one blueprint for each subject."""
