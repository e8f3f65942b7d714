-- sample_genotypes: at how many variants each sample was asked, and how it was called there.
--
--   in_cohort     a cohort's name
--   in_region     NULL, a region or a list of regions
--   in_counts     name of a relation: variants with their ac and an, those of allele_counts()
--   in_kind       where genotypes are judged: 'autosome' (those with two called alleles), or 'x', X
--                 outside PAR (those with one too, as if they had it twice: some callers write men
--                 as 0, others as 0/.)
--
-- One row per member; genotypes are those of records:
--   sample_number            number of the sample
--   genotypes                variants at which the sample was asked
--   missing                  of them, without a called allele
--   half_references          with one called allele, not alt, and one missing
--   judged_genotypes         those that are judged; NULL for a sample that was asked alone
--   expected_heterozygotes   of these, as many as 2 p (1 - p) of each adds up to, p being ac / an;
--                            NULL as judged_genotypes
--
--   FROM sample_genotypes('all', NULL, 'counts', 'autosome');

CREATE OR REPLACE MACRO sample_genotypes(in_cohort, in_region, in_counts, in_kind) AS TABLE
WITH member AS MATERIALIZED (
    SELECT
        m.sample_number,
        m.batch,
        b.kind = 'per_sample' AS is_alone,
        (m.sample_number // 1024)::SMALLINT AS block,
        (m.sample_number % 1024)::INTEGER AS place
    FROM cohort_samples(in_cohort) m
    JOIN batches b ON m.batch = b.batch
),
pieces AS MATERIALIZED (
    SELECT p.*, CASE in_kind WHEN 'x' THEN p.zone = 'x' ELSE k.kind = in_kind END AS is_judged
    FROM asked_pieces(in_region, 'as_called') p
    JOIN contigs k ON p.contig = k.contig
),
asked AS MATERIALIZED (
    SELECT *, unnest(range(low >> 14, (high >> 14) + 1))::INTEGER AS bin FROM pieces
),
-- What each batch's record is expected to have of heterozygotes, if its samples are all called.
records AS MATERIALIZED (
    SELECT
        s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length, s.batch,
        r.rule, r.is_judged,
        CASE WHEN c.an > 0 THEN 2.0 * c.ac / c.an * (c.an - c.ac) / c.an ELSE 0 END AS expected
    FROM asked_sites(in_region) s
    JOIN asked r ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
    JOIN batches b ON s.batch = b.batch AND b.kind = 'joint'
    JOIN query_table(in_counts) c
        ON s.contig = c.contig
        AND s.position = c.position
        AND s.ref = c.ref
        AND s.alt = c.alt
        AND s.end_position = c.end_position
        AND s.sv_length IS NOT DISTINCT FROM c.sv_length
    WHERE s.has_genotypes
),
totals AS MATERIALIZED (
    SELECT
        batch,
        rule,
        count(*) AS n,
        count(*) FILTER (is_judged) AS judged,
        coalesce(sum(expected) FILTER (is_judged), 0) AS expected
    FROM records
    GROUP BY batch, rule
),
-- Who is written haploid by default, by piece.
haploid AS MATERIALIZED (
    SELECT DISTINCT r.rule, r.is_judged, m.sample_number, m.batch, m.block
    FROM asked_ploidy(in_region) p
    JOIN pieces r
        ON p.contig = r.contig AND r.rule_start BETWEEN p.start_position AND p.end_position
    JOIN member m
        ON p.batch = m.batch AND p.block = m.block AND get_bit(p.haploid::BIT, m.place) = 1
),
planes AS MATERIALIZED (
    SELECT
        b.batch, b.block, c.rule, c.is_judged, c.expected,
        b.short1::BIT AS short, b.short2::BIT AS none, b.alt1::BIT AS one, b.haploid::BIT AS single
    FROM asked_bits(in_region) b
    JOIN records c
        ON b.contig = c.contig
        AND b.position = c.position
        AND b.ref = c.ref
        AND b.alt = c.alt
        AND b.end_position = c.end_position
        AND b.sv_length IS NOT DISTINCT FROM c.sv_length
        AND b.batch = c.batch
    WHERE b.policy = 'raw' AND b.short1 IS NOT NULL
),
-- Where a sample's count differs from what its batch says.
corrections AS (
    SELECT
        sample_number,
        0 AS genotypes,
        is_none::INTEGER AS missing,
        (is_half AND NOT is_alt)::INTEGER AS half_references,
        CASE
            WHEN NOT is_judged THEN 0
            WHEN in_kind = 'autosome' THEN -1
            ELSE -is_none::INTEGER
        END AS judged,
        expected
    FROM (
        SELECT
            m.sample_number,
            p.is_judged,
            p.expected,
            coalesce(get_bit(p.one, m.place), 0) = 1 AS is_alt,
            coalesce(get_bit(p.none, m.place), 0) = 1 AS is_none,
            NOT is_none
            AND coalesce(get_bit(p.single, m.place), 0) = 0
            AND h.sample_number IS NULL AS is_half
        FROM planes p
        JOIN member m
            ON p.batch = m.batch AND p.block = m.block AND get_bit(p.short, m.place) = 1
        LEFT JOIN haploid h ON p.rule = h.rule AND m.sample_number = h.sample_number
    )
    UNION ALL
    SELECT
        s.sample_number,
        0,
        (s.called_count = 0)::INTEGER,
        (s.called_count = 1 AND s.ploidy = 2 AND s.alt_count = 0)::INTEGER,
        CASE
            WHEN NOT c.is_judged THEN 0
            WHEN in_kind = 'autosome'
                THEN (s.called_count = 2)::INTEGER - (s.default_count = 2)::INTEGER
            ELSE -(s.called_count = 0)::INTEGER
        END,
        c.expected
    FROM asked_rare_calls(in_region) s
    JOIN member m ON s.sample_number = m.sample_number
    JOIN records c
        ON s.contig = c.contig
        AND s.position = c.position
        AND s.ref = c.ref
        AND s.alt = c.alt
        AND s.end_position = c.end_position
        AND s.sv_length IS NOT DISTINCT FROM c.sv_length
        AND s.batch = c.batch
    WHERE s.covered IS NULL AND (s.called_count < 2 OR s.default_count < 2)
    UNION ALL
    -- Whose default is haploid has two alleles only where planes or rows say so.
    SELECT
        h.sample_number, 0, 0, 0,
        -1,
        c.expected
    FROM haploid h
    JOIN records c ON h.batch = c.batch AND h.rule = c.rule
    ANTI JOIN bits b
        ON b.policy = 'raw'
        AND b.contig = c.contig
        AND b.position = c.position
        AND b.ref = c.ref
        AND b.alt = c.alt
        AND b.end_position = c.end_position
        AND b.sv_length IS NOT DISTINCT FROM c.sv_length
        AND b.batch = c.batch
        AND b.block = h.block
    WHERE in_kind = 'autosome' AND h.is_judged
    UNION ALL
    -- Asked alone: a row for each record of its own.
    SELECT
        s.sample_number,
        1,
        (s.called_count = 0)::INTEGER,
        (s.called_count = 1 AND s.ploidy = 2 AND s.alt_count = 0)::INTEGER,
        0,
        0
    FROM asked_rare_calls(in_region) s
    JOIN member m ON s.sample_number = m.sample_number
    JOIN asked r ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
    WHERE s.covered IS NOT NULL
),
corrected AS (
    SELECT
        sample_number,
        sum(genotypes) AS genotypes,
        sum(missing) AS missing,
        sum(half_references) AS half_references,
        sum(judged) AS judged,
        sum(judged * expected) AS expected
    FROM corrections
    GROUP BY sample_number
),
based AS (
    SELECT batch, sum(n) AS n, sum(judged) AS judged, sum(expected) AS expected
    FROM totals
    GROUP BY batch
)
SELECT
    m.sample_number,
    (coalesce(t.n, 0) + coalesce(c.genotypes, 0))::BIGINT AS genotypes,
    coalesce(c.missing, 0)::BIGINT AS missing,
    coalesce(c.half_references, 0)::BIGINT AS half_references,
    CASE
        WHEN NOT m.is_alone THEN coalesce(t.judged, 0) + coalesce(c.judged, 0)
    END::BIGINT AS judged_genotypes,
    CASE
        WHEN NOT m.is_alone THEN coalesce(t.expected, 0) + coalesce(c.expected, 0)
    END::DOUBLE AS expected_heterozygotes
FROM member m
LEFT JOIN based t ON m.batch = t.batch
LEFT JOIN corrected c ON m.sample_number = c.sample_number;
