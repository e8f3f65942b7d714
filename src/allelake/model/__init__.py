"""Plain values of genomics: regions, alleles, genotypes. No input or output."""
