"""Rehearsals: a scenario run on real definitions and permissions, on a virtual clock, in a database of its own."""
