"""One case: its page with progress, opinions, papers, files, log and diagrams; starting one, and acts upon it."""
