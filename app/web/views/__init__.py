"""The views, one module for each thing that people come for; they hold no SQL and do not know each other."""
