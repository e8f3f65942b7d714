-- counted_copies: how many copies of the alternate allele in one genotype count.
--
--   in_alt_count      copies of the alternate allele, 0 to 2
--   in_called_count   called alleles, 0 to 2
--   in_treated        what treatment() says: as_called, haploid, missing or unknown
--   in_passes         whether the policy takes the genotype
--
-- Never more than the alleles that counted_alleles() counts.
--
--   SELECT counted_copies(2, 2, 'haploid', true);

CREATE OR REPLACE MACRO counted_copies(in_alt_count, in_called_count, in_treated, in_passes) AS
    least(in_alt_count, counted_alleles(in_alt_count, in_called_count, in_treated, in_passes));
