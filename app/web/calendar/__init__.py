"""The working days of a bureau: a year, a day, an import."""
