-- hardy_weinberg: do the genotypes of a cohort fit Hardy-Weinberg proportions?
--
--   in_cohort            a cohort's name; an unknown name is an error, not an empty answer
--   in_region            NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a
--                        list
--   in_policy            which genotypes count: 'raw' (all that were called), 'raw_blocks' (and
--                        reference blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_ploidy            'by_sex' (the default here: on X outside PAR women only, and nobody whose
--                        sex is unknown), or 'as_called': all genotypes with two called alleles
--   in_filter            'any', or 'pass': only records that are PASS or were not filtered
--   is_founders_only     whether people with a parent in `pedigree` are left out (plink2's default)
--
-- One row per variant the lake knows there. People with two called alleles count;
-- haploid, half and missing calls do not. Other alleles of the record count as reference:
--   contig                   the contig, as the lake's assembly names it
--   position                 first base of ref, 1-based
--   ref                      reference allele
--   alt                      alternate allele
--   homozygous_reference     people with two called alleles and no copy
--   heterozygotes            people with one copy
--   homozygotes              people with two copies
--   expected_heterozygotes   expected number of people with one copy, given the alleles; NULL if
--                            nobody counts
--   p_exact                  exact two-sided p: of all numbers of heterozygotes, those no likelier
--                            than the one seen (Wigginton 2005; bcftools, plink2); NULL if nobody
--                            counts, on Y and MT
--   p_mid                    mid-p: of those as likely as the one seen only half (Hail); NULL as
--                            p_exact
--   p_excess                 exact p of as many heterozygotes as seen, or more (bcftools ExcHet);
--                            NULL as p_exact
--   inbreeding               F = 1 - heterozygotes / (2 p q n), below 0 where heterozygotes are in
--                            excess (gnomAD flags below -0.3); NULL as p_exact, and where only one
--                            allele is seen
--   end_position             last base of the variant, 1-based
--   sv_length                SVLEN of a symbolic allele; NULL otherwise
--
--   FROM hardy_weinberg('all', in_region := '22') WHERE p_mid < 1e-6;

CREATE OR REPLACE MACRO hardy_weinberg(
    in_cohort,
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'by_sex',
    in_filter := 'any',
    is_founders_only := false
) AS TABLE
WITH founders AS (FROM founder_members()),
counts AS MATERIALIZED (
    FROM diploid_counts(
        in_cohort, NULL, in_region, in_policy, in_ploidy, in_filter,
        CASE WHEN is_founders_only THEN 'founders' ELSE 'cohort_members' END
    )
)
SELECT * EXCLUDE (attribute_value) FROM hardy_weinberg_figures('counts');
