"""Whether the process lives and is ready, and its figures, for machines."""
