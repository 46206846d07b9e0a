"""Cases in flight: every change to one is a turn inside one transaction."""
