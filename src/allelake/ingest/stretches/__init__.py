"""Stretches of files: runs of whole records that are read on their own, side by side."""
