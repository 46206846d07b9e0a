"""One task: its form beside what the person needs to know, and sending it."""
