-- explain_an: why is the AN of a variant what it is: which samples are in it, and why not others?
--
--   in_variant   22-16050075-A-G (any alias of a contig) or an identifier; one nobody knows is an
--                error that says the nearest
--   in_cohort    a cohort's name; an unknown name is an error, not an empty answer
--   in_policy    which genotypes and blocks count: 'raw' (all that were called, blocks with reads),
--                'raw_blocks' (all blocks) or 'adj@1' (gnomAD's adj)
--   in_ploidy    'as_called', or 'by_sex': XX on Y is missing, XY outside PAR has one allele
--   in_filter    'any', or 'pass': only records and blocks that are PASS or were not filtered
--
-- One row per variant of that name and group of samples that are alike; alleles add up to the an of
-- allele_frequency, by part to an_record, an_block and an_assumed, and samples of part none to
-- unknown_samples. Who was withdrawn is counted in rows of part withdrawn, beside the cohort:
--   contig         the contig, as the lake's assembly names it
--   position       first base of ref, 1-based
--   ref            reference allele
--   alt            alternate allele
--   part           record, block or assumed: the part of AN they are in; none: nothing is known of
--                  them; withdrawn: no longer in any cohort
--   batch          their batch
--   samples        how many they are
--   alleles        alleles they add to AN
--   copies         of them, copies of alt
--   reason         why, in one word
--   explanation    why, as a sentence: thresholds and filters that failed, depth and quality
--   end_position   last base of the variant, 1-based
--   sv_length      SVLEN of a symbolic allele; NULL otherwise
--
--   FROM explain_an('22-16050075-A-G', in_cohort := 'all') ORDER BY part, samples DESC;

CREATE OR REPLACE MACRO explain_an(
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
    e.part,
    e.batch,
    count(*) AS samples,
    sum(e.alleles)::BIGINT AS alleles,
    sum(e.copies)::BIGINT AS copies,
    e.reason,
    reason_text(e.reason, e.detail, least_text(min(e.dp), min(e.gq))) AS explanation,
    e.end_position,
    e.sv_length
FROM explained(
    -- The region of each variant of that name; others at the same place are left out below.
    (SELECT list(DISTINCT contig || ':' || position) FROM named),
    in_cohort, in_policy, in_ploidy, in_filter
) e
SEMI JOIN named n
    ON e.contig = n.contig
    AND e.position = n.position
    AND e.ref = n.ref
    AND e.alt = n.alt
    AND e.end_position = n.end_position
    AND e.sv_length IS NOT DISTINCT FROM n.sv_length
GROUP BY
    e.contig, e.position, e.ref, e.alt, e.end_position, e.sv_length,
    e.part, e.batch, e.reason, e.detail
UNION ALL
-- Of the whole lake: which cohorts they were in is not kept.
SELECT
    n.contig, n.position, n.ref, n.alt, 'withdrawn', r.batch, r.samples, 0, 0, r.kind,
    reason_text(r.kind, NULL, NULL), n.end_position, n.sv_length
FROM named n
CROSS JOIN (SELECT batch, kind, count(*) AS samples FROM removals GROUP BY ALL) r;
