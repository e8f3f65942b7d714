"""What can be asked: connections to a lake, the catalogue of macros, and checked SQL."""
