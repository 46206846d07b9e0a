"""Pieces that several screens show in the same way, each with its template."""
