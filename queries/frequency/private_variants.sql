-- private_variants: which alternate alleles are seen in one cohort and in nobody else of the lake?
--
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_policy   which genotypes count: 'raw' (all that were called), 'raw_blocks' (and reference
--               blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_ploidy   'as_called', or 'by_sex': XX on Y is missing, XY outside PAR has one allele, and a
--               sample of unknown sex is unknown on X outside PAR and on Y
--   in_filter   'any', or 'pass': only records that are PASS or were not filtered
--
-- One row per variant that somebody in the cohort carries and nobody outside it:
--   contig          the contig, as the lake's assembly names it
--   position        first base of ref, 1-based
--   ref             reference allele
--   alt             alternate allele
--   ac              copies of alt in the cohort
--   an              called alleles in the cohort
--   af              ac / an, in [0, 1]
--   an_others       called alleles of everybody else: how hard it was looked for
--   homozygotes     people with two copies
--   heterozygotes   people with one copy, of two called alleles
--   hemizygotes     people whose genotype has room for one allele, and it is alt
--   half_calls      people with one copy and one missing allele (./1)
--   end_position    last base of the variant, 1-based
--   sv_length       SVLEN of a symbolic allele; NULL otherwise
--
--   FROM private_variants('all', in_region := '22') ORDER BY position LIMIT 10;

CREATE OR REPLACE MACRO private_variants(
    in_cohort,
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any'
) AS TABLE
SELECT
    ours.contig,
    ours.position,
    ours.ref,
    ours.alt,
    ours.ac,
    ours.an,
    ours.af,
    everybody.an - ours.an AS an_others,
    ours.homozygotes,
    ours.heterozygotes,
    ours.hemizygotes,
    ours.half_calls,
    ours.end_position,
    ours.sv_length
FROM allele_frequency(in_cohort, in_region, in_policy, in_ploidy, in_filter, min_ac := 1) ours
JOIN allele_frequency('all', in_region, in_policy, in_ploidy, in_filter) everybody
    ON ours.contig = everybody.contig
    AND ours.position = everybody.position
    AND ours.ref = everybody.ref
    AND ours.alt = everybody.alt
    AND ours.end_position = everybody.end_position
    AND ours.sv_length IS NOT DISTINCT FROM everybody.sv_length
    AND ours.ac = everybody.ac;
