-- explain_samples: why is each sample of a cohort in the AN of a variant, or not?
--
--   in_variant   22-16050075-A-G (any alias of a contig) or an identifier; one nobody knows is an
--                error that says the nearest
--   in_cohort    a cohort's name; an unknown name is an error, not an empty answer
--   in_policy    which genotypes and blocks count: 'raw' (all that were called, blocks with reads),
--                'raw_blocks' (all blocks) or 'adj@1' (gnomAD's adj)
--   in_ploidy    'as_called', or 'by_sex': XX on Y is missing, XY outside PAR has one allele
--   in_filter    'any', or 'pass': only records and blocks that are PASS or were not filtered
--
-- One row per variant of that name and sample; alleles add up to the an of allele_frequency, by
-- part to an_record, an_block and an_assumed, and part none is unknown_samples:
--   contig           the contig, as the lake's assembly names it
--   position         first base of ref, 1-based
--   ref              reference allele
--   alt              alternate allele
--   sample_id        name of the sample in its VCF
--   participant_id   the person
--   batch            the batch of the sample
--   part             record, block or assumed: the part of AN it is in; none: nothing is known
--   alleles          alleles it adds to AN
--   copies           of them, copies of alt
--   reason           why, in one word
--   explanation      why, as a sentence: thresholds and filters that failed, depth and quality
--   dp               reads: of its record, else the least of the interval
--   gq               genotype quality, Phred: of its record, else the least of the interval
--   interval_start   first base of the blocks or regions that decided, 1-based
--   interval_end     its last base
--   end_position     last base of the variant, 1-based
--   sv_length        SVLEN of a symbolic allele; NULL otherwise
--
--   FROM explain_samples('22-16050075-A-G') ORDER BY sample_id;

CREATE OR REPLACE MACRO explain_samples(
    in_variant,
    in_cohort := 'all',
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any'
) AS TABLE
WITH named AS MATERIALIZED (FROM known_variant(in_variant))
SELECT
    e.contig,
    e.position,
    e.ref,
    e.alt,
    s.sample_id,
    s.participant_id,
    e.batch,
    e.part,
    e.alleles,
    e.copies,
    e.reason,
    reason_text(e.reason, e.detail, least_text(e.dp, e.gq)) AS explanation,
    e.dp,
    e.gq,
    e.interval_start,
    e.interval_end,
    e.end_position,
    e.sv_length
FROM explained(
    -- The region of each variant of that name; others at the same place are left out below.
    (SELECT list(DISTINCT contig || ':' || position) FROM named),
    in_cohort, in_policy, in_ploidy, in_filter
) e
JOIN samples s ON e.sample_number = s.sample_number
SEMI JOIN named n
    ON e.contig = n.contig
    AND e.position = n.position
    AND e.ref = n.ref
    AND e.alt = n.alt
    AND e.end_position = n.end_position
    AND e.sv_length IS NOT DISTINCT FROM n.sv_length;
