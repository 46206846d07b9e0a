"""What pages show, as plain values: texts, lists and marks, each limited to what the reader may know."""
