"""Limits: what a deadline is, how it is counted, and what a bureau has set of its calendar and its limits."""
