"""Cohorts: defined by a predicate, kept as the list of their samples."""
