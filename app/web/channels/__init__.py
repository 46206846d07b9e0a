"""The channels that carry notices out of the bureau."""
