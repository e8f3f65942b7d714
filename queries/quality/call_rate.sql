-- call_rate: for how many of the people asked was each variant called?
--
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_policy   which genotypes count: 'raw' (all that were called), 'raw_blocks' (and reference
--               blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_ploidy   'as_called', or 'by_sex': XX on Y is missing, XY outside PAR has one allele, and a
--               sample of unknown sex is unknown on X outside PAR and on Y
--   in_filter   'any', or 'pass': only records that are PASS or were not filtered
--   min_ac      leave out variants with fewer copies than this
--
-- One row per variant the lake knows there. Asked are people whose batch has a record with
-- genotypes, or who are in a record of their own file or in a reference block:
--   contig            the contig, as the lake's assembly names it
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   samples           people asked: fully_called + half_called + missing
--   fully_called      people with all alleles called: two, or one where the genotype is haploid
--   half_called       people with one of two alleles called (./0, ./1)
--   missing           people without a called allele that counts
--   unknown_samples   people who were not asked and of whom nothing is known
--   call_rate         fully_called / samples, in [0, 1]; NULL where nobody was asked
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--
--   FROM call_rate('all', in_region := '22') WHERE call_rate < 0.95;

CREATE OR REPLACE MACRO call_rate(
    in_cohort,
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any',
    min_ac := 0
) AS TABLE
SELECT
    contig,
    position,
    ref,
    alt,
    samples,
    samples - half_called - missing AS fully_called,
    half_called,
    missing,
    unknown_samples,
    (samples - half_called - missing) / nullif(samples, 0) AS call_rate,
    end_position,
    sv_length
FROM (
    SELECT
        * EXCLUDE (samples, missing),
        recorded_samples + covered_samples AS samples,
        half_calls + half_references AS half_called,
        missing + covered_missing AS missing
    FROM allele_counts(in_cohort, NULL, in_region, in_policy, in_ploidy, in_filter)
    WHERE ac >= min_ac
);
