-- sample_tallies: what each sample of a cohort carries, counted.
--
--   in_cohort            a cohort's name
--   in_region            NULL, a region or a list of regions
--   in_policy            'raw', 'raw_blocks' or 'adj@1'
--   in_ploidy            'as_called' or 'by_sex'
--   in_filter            'any' or 'pass'
--   in_single            name of a relation: variants with one copy in the cohort
--
-- One row per sample that carries anything:
--   sample_number        number of the sample
--   variants             variants with at least one copy
--   heterozygotes        of them, with one copy of two called alleles
--   homozygotes          with two copies
--   hemizygotes          with the one allele there is room for
--   half_calls           with one copy and one missing allele
--   singletons           variants of in_single
--   transitions          changes of one base among purines or among pyrimidines
--   transversions        other changes of one base
--   snv                  changes of one base, bases that are unknown included
--   insertions           alt longer than ref
--   deletions            alt shorter than ref
--   autosomal_heterozygotes   of the heterozygotes, those on autosomes
--   x_heterozygotes      of the heterozygotes, those on X outside PAR
--
--   FROM sample_tallies('all', '22', 'raw', 'as_called', 'any', 'single');

CREATE OR REPLACE MACRO sample_tallies(
    in_cohort, in_region, in_policy, in_ploidy, in_filter, in_single
) AS TABLE
WITH question AS MATERIALIZED (
    FROM checked_question(in_cohort, in_policy, in_ploidy, in_filter)
),
member AS MATERIALIZED (
    SELECT
        m.sample_number, m.batch, s.sample_id, s.participant_id, s.sex,
        NULL::VARCHAR AS attribute_value
    FROM question q
    JOIN cohort_members m ON q.cohort = m.cohort AND q.is_fit
    JOIN samples s ON m.sample_number = s.sample_number
),
pieces AS MATERIALIZED (FROM asked_pieces(in_region, in_ploidy)),
asked AS MATERIALIZED (
    SELECT *, unnest(range(low >> 14, (high >> 14) + 1))::INTEGER AS bin FROM pieces
),
cells AS MATERIALIZED (FROM block_cells('member', 'pieces', NULL, in_policy)),
tallies AS (
    SELECT
        c.sample_number,
        count(*) AS variants,
        count(*) FILTER (c.copies = 1 AND c.alleles = 2) AS heterozygotes,
        count(*) FILTER (c.copies = 2) AS homozygotes,
        count(*) FILTER (c.alleles = 1 AND c.is_haploid) AS hemizygotes,
        count(*) FILTER (c.alleles = 1 AND NOT c.is_haploid) AS half_calls,
        count(s.position) AS singletons,
        count(*) FILTER (c.change = 'transition') AS transitions,
        count(*) FILTER (c.change = 'transversion') AS transversions,
        count(*) FILTER (c.change IN ('transition', 'transversion', 'snv')) AS snv,
        count(*) FILTER (c.change = 'insertion') AS insertions,
        count(*) FILTER (c.change = 'deletion') AS deletions,
        count(*) FILTER (c.copies = 1 AND c.alleles = 2 AND k.kind = 'autosome')
            AS autosomal_heterozygotes,
        count(*) FILTER (c.copies = 1 AND c.alleles = 2 AND z.zone IS NOT NULL) AS x_heterozygotes
    FROM (
        SELECT *, change_kind(ref, alt) AS change
        FROM carried_by('member', in_region, in_policy, in_ploidy, in_filter, false, false)
    ) c
    JOIN contigs k ON c.contig = k.contig
    LEFT JOIN zones z
        ON z.zone = 'x'
        AND c.contig = z.contig
        AND c.position BETWEEN z.start_position AND z.end_position
    LEFT JOIN query_table(in_single) s
        ON c.contig = s.contig
        AND c.position = s.position
        AND c.ref = s.ref
        AND c.alt = s.alt
        AND c.end_position = s.end_position
        AND c.sv_length IS NOT DISTINCT FROM s.sv_length
    GROUP BY c.sample_number
    UNION ALL
    FROM whole_tallies('asked', 'cells', in_single, in_filter)
    -- Such a batch lacks what adj@1 needs.
    WHERE in_policy <> 'adj@1'
)
SELECT
    sample_number,
    sum(variants)::BIGINT AS variants,
    sum(heterozygotes)::BIGINT AS heterozygotes,
    sum(homozygotes)::BIGINT AS homozygotes,
    sum(hemizygotes)::BIGINT AS hemizygotes,
    sum(half_calls)::BIGINT AS half_calls,
    sum(singletons)::BIGINT AS singletons,
    sum(transitions)::BIGINT AS transitions,
    sum(transversions)::BIGINT AS transversions,
    sum(snv)::BIGINT AS snv,
    sum(insertions)::BIGINT AS insertions,
    sum(deletions)::BIGINT AS deletions,
    sum(autosomal_heterozygotes)::BIGINT AS autosomal_heterozygotes,
    sum(x_heterozygotes)::BIGINT AS x_heterozygotes
FROM tallies
GROUP BY sample_number
-- Without this branch a wrong name would go unseen in a lake whose tables are empty. It gives no
-- row; no column is a constant, or a filter on it would take the branch away.
UNION ALL
SELECT
    try_cast(cohort AS INTEGER), try_cast(cohort AS BIGINT), try_cast(cohort AS BIGINT),
    try_cast(cohort AS BIGINT), try_cast(cohort AS BIGINT), try_cast(cohort AS BIGINT),
    try_cast(cohort AS BIGINT), try_cast(cohort AS BIGINT), try_cast(cohort AS BIGINT),
    try_cast(cohort AS BIGINT), try_cast(cohort AS BIGINT), try_cast(cohort AS BIGINT),
    try_cast(cohort AS BIGINT), try_cast(cohort AS BIGINT)
FROM question
WHERE NOT is_fit;
