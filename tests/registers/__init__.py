"""The platform of registers, and each register on it."""
