"""Managers' board, diagrams with counts, incidents, lateness, rates and times."""
