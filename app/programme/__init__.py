"""The programme's registers, and the operations that service tasks call."""
