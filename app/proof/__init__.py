"""Proof: whether the rows of a database say what engine and journal say, and a case replayed from its journal."""
