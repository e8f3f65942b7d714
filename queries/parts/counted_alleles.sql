-- counted_alleles: how many called alleles of one genotype count.
--
--   in_alt_count      copies of the alternate allele, 0 to 2
--   in_called_count   called alleles, 0 to 2
--   in_treated        what treatment() says: as_called, haploid, missing or unknown
--   in_passes         whether the policy takes the genotype
--
-- A genotype the policy fails has none. One that is to be haploid has one, unless it is
-- heterozygous: then which of its two alleles is there cannot be told (gnomAD makes it missing). Of
-- the copies of alt as many count as alleles do.
--
--   SELECT counted_alleles(2, 2, 'haploid', true);

CREATE OR REPLACE MACRO counted_alleles(
    in_alt_count, in_called_count, in_treated, in_passes
) AS CASE
    WHEN NOT in_passes THEN 0
    WHEN in_treated = 'as_called' THEN in_called_count
    WHEN in_treated = 'haploid' AND NOT (in_alt_count = 1 AND in_called_count = 2)
        THEN least(in_called_count, 1)
    ELSE 0
END;
