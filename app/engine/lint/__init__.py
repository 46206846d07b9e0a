"""An allow-list: what is not proved to run is refused by name, with everything that is wrong in one list."""
