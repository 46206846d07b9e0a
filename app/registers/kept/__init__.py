"""The registers themselves, a file each: table, columns, words and readers in one declaration (domain.md 2.8)."""
