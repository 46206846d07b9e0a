"""Negative controls: one wall at a time is taken away, in the processes under proof only; the checks must see it."""

from __future__ import annotations


def break_(which: str) -> None:
    """Nothing for the empty name."""
