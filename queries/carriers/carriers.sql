-- carriers: who carries which alternate alleles?
--
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list of them
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--   in_policy   which genotypes count: 'raw' (all that were called) or 'adj@1' (gnomAD's adj)
--   in_ploidy   'as_called', or 'by_sex': XY outside PAR carries one copy or none
--   in_filter   'any', or 'pass': only records that are PASS or were not filtered
--
-- One row per variant and sample with at least one copy; the alt_count of a variant add up to the
-- ac of allele_frequency under the same arguments:
--   contig           the contig, as the lake's assembly names it
--   position         first base of ref, 1-based
--   ref              reference allele
--   alt              alternate allele
--   sample_id        name of the sample in its VCF
--   alt_count        copies of alt: 1 or 2
--   called_count     called alleles: 1 for a haploid genotype or a half-call, else 2
--   participant_id   the person
--   ploidy           alleles the genotype has room for, as called
--   haplotype        1 or 2: which allele of a phased genotype is alt; NULL if unphased or not one of two
--   phase_set        FORMAT PS
--   dp               reads (FORMAT DP)
--   gq               genotype quality (FORMAT GQ), Phred
--   ad_ref           reads of ref (FORMAT AD)
--   ad_alt           reads of alt (FORMAT AD)
--   batch            the batch of the sample
--   end_position     last base of the variant, 1-based
--   sv_length        SVLEN of a symbolic allele; NULL otherwise
--   filters          of the record in this batch: PASS, . (not filtered) or the filters failed
--
--   FROM carriers('22:16,050,000-17,000,000') ORDER BY position LIMIT 10;

CREATE OR REPLACE MACRO carriers(
    in_region := NULL,
    in_cohort := 'all',
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any'
) AS TABLE
WITH question AS MATERIALIZED (
    FROM checked_question(in_cohort, in_policy, in_ploidy, in_filter)
),
member AS MATERIALIZED (
    SELECT m.sample_number, s.sample_id, s.participant_id, s.sex
    FROM question q
    JOIN cohort_members m ON q.cohort = m.cohort AND q.is_fit
    JOIN samples s ON m.sample_number = s.sample_number
),
pieces AS MATERIALIZED (FROM asked_pieces(in_region, in_ploidy)),
asked AS MATERIALIZED (
    SELECT *, unnest(range(low >> 14, (high >> 14) + 1))::INTEGER AS bin FROM pieces
),
judged AS (
    SELECT
        *,
        counted_alleles(
            alt_count,
            called_count,
            treated,
            passes_policy(passes_adj, passes_adj_haploid, treated, in_policy)
        ) AS alleles
    FROM (
        SELECT
            c.*,
            m.sample_id,
            m.participant_id,
            CASE m.sex
                WHEN 'XX' THEN r.treated_xx
                WHEN 'XY' THEN r.treated_xy
                ELSE r.treated_none
            END AS treated
        FROM calls c
        JOIN asked r ON c.contig = r.contig AND c.bin = r.bin AND c.position BETWEEN r.low AND r.high
        JOIN member m ON c.sample_number = m.sample_number
        WHERE c.alt_count > 0
    )
),
records AS (
    SELECT s.*
    FROM sites s
    SEMI JOIN asked r
        ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
    WHERE in_filter = 'any' OR coalesce(len(s.filters), 0) = 0
)
SELECT
    j.contig,
    j.position,
    j.ref,
    j.alt,
    j.sample_id,
    least(j.alt_count, j.alleles) AS alt_count,
    j.alleles AS called_count,
    j.participant_id,
    j.ploidy,
    j.haplotype,
    j.phase_set,
    j.dp,
    j.gq,
    j.ad_ref,
    j.ad_alt,
    j.batch,
    j.end_position,
    j.sv_length,
    filters_text(
        CASE WHEN s.filters IS NULL THEN 2 WHEN len(s.filters) = 0 THEN 1 ELSE 4 END,
        [array_to_string(s.filters, ';')]
    ) AS filters
FROM judged j
JOIN records s
    ON j.contig = s.contig
    AND j.position = s.position
    AND j.ref = s.ref
    AND j.alt = s.alt
    AND j.end_position = s.end_position
    AND j.sv_length IS NOT DISTINCT FROM s.sv_length
    AND j.batch = s.batch
WHERE j.alleles > 0
-- Without these two branches a wrong name would go unseen in a lake whose tables are empty. They give
-- no row; no column is a constant, or a filter on it would take the branch away.
UNION ALL
SELECT
    cohort, try_cast(cohort AS INTEGER), cohort, cohort, cohort, try_cast(cohort AS TINYINT),
    try_cast(cohort AS TINYINT), cohort, try_cast(cohort AS TINYINT), try_cast(cohort AS TINYINT),
    try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER),
    try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER),
    try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER), cohort
FROM question
WHERE NOT is_fit
UNION ALL
SELECT
    contig, try_cast(contig AS INTEGER), contig, contig, contig, try_cast(contig AS TINYINT),
    try_cast(contig AS TINYINT), contig, try_cast(contig AS TINYINT), try_cast(contig AS TINYINT),
    try_cast(contig AS INTEGER), try_cast(contig AS INTEGER), try_cast(contig AS INTEGER),
    try_cast(contig AS INTEGER), try_cast(contig AS INTEGER), try_cast(contig AS INTEGER),
    try_cast(contig AS INTEGER), try_cast(contig AS INTEGER), contig
FROM pieces
WHERE contig IS NULL;
