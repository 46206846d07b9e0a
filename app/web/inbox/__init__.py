"""The inbox: what waits for a person, what they have done, and their drafts."""
