-- hardy_weinberg_weight: log-probability of a number of heterozygotes, given the alleles.
--
--   in_people         people with a diploid genotype
--   in_rare_alleles   copies of the rarer allele among them
--   in_heterozygotes  people with one copy of each, as many as leave an even number of the rarer
--
-- Up to a constant that is one for all numbers of heterozygotes (Wigginton, Cutler and Abecasis, Am
-- J Hum Genet 2005, equation 1).
--
--   SELECT hardy_weinberg_weight(1000, 1000, 500);

CREATE OR REPLACE MACRO hardy_weinberg_weight(
    in_people, in_rare_alleles, in_heterozygotes
) AS
    (in_heterozygotes) * ln(2)
    - lgamma((in_rare_alleles - (in_heterozygotes)) // 2 + 1)
    - lgamma((in_heterozygotes) + 1)
    - lgamma(in_people - (in_rare_alleles + (in_heterozygotes)) // 2 + 1);
