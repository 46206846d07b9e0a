"""Registers for their readers: which there are, their rows, and what became of each row."""
