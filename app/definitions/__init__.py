"""Definitions: packs of diagrams, tables, forms and rules, frozen as releases."""
