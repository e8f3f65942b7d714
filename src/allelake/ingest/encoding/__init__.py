"""Genotypes of variants as rows of the tables."""
