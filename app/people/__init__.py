"""People, the organisations they work in, the lanes they serve, and what follows from that."""
