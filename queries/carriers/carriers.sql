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
    FROM checked_question(in_cohort, NULL, in_policy, in_ploidy, in_filter)
),
member AS MATERIALIZED (
    SELECT m.sample_number, s.sample_id, s.participant_id, s.sex
    FROM question q
    JOIN cohort_members m ON q.cohort = m.cohort AND q.is_fit
    JOIN samples s ON m.sample_number = s.sample_number
),
asked AS MATERIALIZED (FROM asked_bins(in_region)),
judged AS (
    SELECT
        c.*,
        m.sample_id,
        m.participant_id,
        counted_copies(
            c.alt_count, c.called_count, treatment(r.zone, m.sex, in_ploidy),
            passes_policy(c.passes_adj, c.passes_adj_haploid, treatment(r.zone, m.sex, in_ploidy), in_policy)
        ) AS copies,
        counted_alleles(
            c.alt_count, c.called_count, treatment(r.zone, m.sex, in_ploidy),
            passes_policy(c.passes_adj, c.passes_adj_haploid, treatment(r.zone, m.sex, in_ploidy), in_policy)
        ) AS alleles
    FROM calls c
    JOIN asked r ON c.contig = r.contig AND c.bin = r.bin AND c.position BETWEEN r.low AND r.high
    JOIN member m ON c.sample_number = m.sample_number
    WHERE c.alt_count > 0
)
SELECT
    j.contig,
    j.position,
    j.ref,
    j.alt,
    j.sample_id,
    j.copies AS alt_count,
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
    CASE
        WHEN s.filters IS NULL THEN '.'
        WHEN len(s.filters) = 0 THEN 'PASS'
        ELSE array_to_string(s.filters, ';')
    END AS filters
FROM judged j
JOIN sites s
    ON j.contig = s.contig AND j.position = s.position AND j.ref = s.ref AND j.alt = s.alt
    AND j.end_position = s.end_position AND j.sv_length IS NOT DISTINCT FROM s.sv_length
    AND j.batch = s.batch
JOIN asked r ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
WHERE j.copies > 0 AND (in_filter = 'any' OR coalesce(len(s.filters), 0) = 0)
-- Keeps the question in the plan of a lake whose tables are still empty.
UNION ALL
SELECT
    cohort, length(cohort), cohort, cohort, cohort, length(cohort), length(cohort), cohort,
    length(cohort), length(cohort), length(cohort), length(cohort), length(cohort), length(cohort),
    length(cohort), length(cohort), length(cohort), length(cohort), cohort
FROM question WHERE NOT is_fit;
