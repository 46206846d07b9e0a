"""Telling people: rows written with what they tell of, shown in the system, sent after the commit."""
