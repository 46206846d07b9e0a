"""`python -m app.cli`, for where the `duban` command is not installed."""

from app.cli import main

main()
