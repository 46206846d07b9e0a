"""The browser's door: pages, forms and files over the rooms below; Flask stops here."""
