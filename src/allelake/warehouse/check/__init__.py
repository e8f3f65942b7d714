"""Whether a lake is what was written: files, tables, people and answers against each other."""
