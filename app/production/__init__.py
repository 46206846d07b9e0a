"""What production refuses at its start, with a way out: weak keys, open doors, a database role that may do anything."""
