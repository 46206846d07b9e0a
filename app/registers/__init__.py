"""The platform of registers: a table declared once, with its columns, words and readers; the rest follows from that."""
