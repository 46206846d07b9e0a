"""Definitions for their owners: what is current, proposals, and trying a decision."""
