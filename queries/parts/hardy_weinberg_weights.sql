-- hardy_weinberg_weights: log-probabilities of every number of heterozygotes that the alleles
-- allow.
--
--   in_people         people with a diploid genotype
--   in_rare_alleles   copies of the rarer allele among them
--
-- A list for 0 or 1 heterozygotes upwards in steps of 2, each up to one common constant (Wigginton,
-- Cutler and Abecasis, Am J Hum Genet 2005, equation 1).
--
--   SELECT hardy_weinberg_weights(1000, 1000);

CREATE OR REPLACE MACRO hardy_weinberg_weights(in_people, in_rare_alleles) AS list_transform(
    range(in_rare_alleles % 2, in_rare_alleles + 1, 2),
    lambda heterozygotes:
        heterozygotes * ln(2)
        - lgamma((in_rare_alleles - heterozygotes) // 2 + 1)
        - lgamma(heterozygotes + 1)
        - lgamma(in_people - (in_rare_alleles + heterozygotes) // 2 + 1)
);
