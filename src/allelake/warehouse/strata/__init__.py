"""Frequencies by group, counted once and kept true by every commit."""
