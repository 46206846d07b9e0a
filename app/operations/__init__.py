"""The operations that service tasks call."""
