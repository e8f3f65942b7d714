"""The catalog of a lake: its views, the macros, and how both come into one file."""
