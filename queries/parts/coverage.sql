-- coverage: what the intervals of `callable` say of a cohort at each variant of some regions.
--
--   in_holders   name of a relation of whom intervals hold: holder (sample_number, or -batch), sex,
--                attribute_value, part (a number for it) and n (people)
--   in_asked     name of a relation of pieces: those of asked_pieces(), one row per bin of each
--   in_records   name of a relation: the rows of sites in these pieces, with their rule
--   in_region    NULL, a region or a list of regions: which files are read
--   in_policy    'raw', 'raw_blocks' or 'adj@1'
--   in_ploidy    'as_called' or 'by_sex'
--   in_filter    'any' or 'pass'
--
-- Rows per variant the lake has there and value of the attribute, to be summed.
-- Every sample counts that has an interval over the whole asked span (position to covered_end),
-- rows of calls or not:
--   contig            the contig
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--   attribute_value   value of the attribute; NULL for people who have none
--   block_an          alleles in reference blocks and records
--   block_samples     people who are known by them
--   block_missing     of those, people who are to have no allele (XX on Y)
--   assumed_an        alleles assumed in regions
--   assumed_samples   people of whom that is assumed
--   assumed_missing   of those, people who have no allele
--
--   FROM coverage('holders', 'asked', 'records', NULL, 'raw', 'by_sex', 'any') WHERE block_an > 0;

CREATE OR REPLACE MACRO coverage(
    in_holders, in_asked, in_records, in_region, in_policy, in_ploidy, in_filter
) AS TABLE
WITH asked_lanes AS MATERIALIZED (
    -- A lane is a contig and zone: wherever the same is known of an interval.
    SELECT
        (
            rule // 1000000 * 8
            + list_position(['autosome', 'x', 'y', 'x_par', 'y_par', 'mt'], zone)
        )::INTEGER AS lane,
        rule, contig, low, high, zone, treated_xx, treated_xy, treated_none
    FROM (SELECT DISTINCT * EXCLUDE (bin) FROM query_table(in_asked))
),
weights AS MATERIALIZED (
    SELECT
        lane, part, start_position, end_position, is_assumed, n,
        known_alleles(alleles_there, zone, sex, treated)::TINYINT AS alleles
    FROM (
        SELECT
            c.start_position, c.end_position, c.policies,
            c.basis = 'regions' AS is_assumed,
            coalesce(c.alleles, 3) AS alleles_there,
            r.lane, r.zone, h.part, h.n, h.sex,
            treated_there(h.sex, r.treated_xx, r.treated_xy, r.treated_none, in_ploidy) AS treated
        FROM asked_callable(in_region) c
        -- One row per lane and bin: no interval is met twice, and one too many does no harm.
        JOIN (
            SELECT
                lane, contig, zone, treated_xx, treated_xy, treated_none, bin,
                min(low) AS low, max(high) AS high
            FROM (
                SELECT *, unnest(span_bins(low, high))::INTEGER AS bin
                FROM asked_lanes
            )
            GROUP BY ALL
        ) r
            ON c.contig = r.contig
            AND c.bin = r.bin
            AND c.start_position <= r.high
            AND c.end_position >= r.low
        JOIN query_table(in_holders) h ON coalesce(c.sample_number, -c.batch) = h.holder
    )
    WHERE
        (policies >> evidence_level(in_policy, in_filter, treated)) & 1 = 1
        AND known_alleles(alleles_there, zone, sex, treated) IS NOT NULL
),
variants AS MATERIALIZED (
    SELECT DISTINCT
        r.lane,
        s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length,
        covered_end(s.ref, s.alt, s.end_position) AS last_position
    FROM query_table(in_records) s
    JOIN (SELECT DISTINCT rule, lane FROM asked_lanes) r ON s.rule = r.rule
),
places AS MATERIALIZED (
    SELECT DISTINCT lane, position FROM variants WHERE last_position IS NOT NULL
),
-- An interval adds its alleles at its first base and takes them away after its last.
events AS NOT MATERIALIZED (
    SELECT
        lane, part, is_assumed,
        start_position AS place,
        n * alleles AS an,
        n,
        CASE alleles WHEN 0 THEN n ELSE 0 END AS missing
    FROM weights
    UNION ALL
    SELECT
        lane, part, is_assumed, end_position + 1,
        -n * alleles, -n, CASE alleles WHEN 0 THEN -n ELSE 0 END
    FROM weights
),
-- A running sum over all events would sort them. Summed by cells of 32 bases first, few are left,
-- and those before a place within its own cell are found by equality.
running AS (
    SELECT
        lane, part, is_assumed, cell,
        sum(an) OVER along AS an,
        sum(n) OVER along AS n,
        sum(missing) OVER along AS missing
    FROM (
        SELECT
            lane, part, is_assumed,
            place >> 5 AS cell,
            sum(an)::BIGINT AS an,
            sum(n)::BIGINT AS n,
            sum(missing)::BIGINT AS missing
        FROM events
        GROUP BY ALL
    )
    WINDOW along AS (PARTITION BY lane, part, is_assumed ORDER BY cell)
),
at_place AS (
    SELECT w.lane, w.position, r.part, r.is_assumed, r.an, r.n, r.missing
    FROM (
        SELECT *, position >> 5 AS cell, unnest([false, true]) AS is_assumed
        FROM places
        CROSS JOIN (SELECT DISTINCT part FROM query_table(in_holders))
    ) w
    ASOF JOIN running r
        ON w.lane = r.lane
        AND w.part = r.part
        AND w.is_assumed = r.is_assumed
        AND w.cell > r.cell
    UNION ALL
    SELECT p.lane, p.position, e.part, e.is_assumed, e.an, e.n, e.missing
    FROM events e
    JOIN places p
        ON e.lane = p.lane AND e.place >> 5 = p.position >> 5 AND e.place <= p.position
),
found AS (
    SELECT v.* , a.part, a.is_assumed, a.an, a.n, a.missing
    FROM variants v
    JOIN (
        SELECT
            lane, position, part, is_assumed,
            sum(an)::BIGINT AS an,
            sum(n)::BIGINT AS n,
            sum(missing)::BIGINT AS missing
        FROM at_place
        GROUP BY ALL
    ) a
        ON v.lane = a.lane AND v.position = a.position AND v.last_position IS NOT NULL
    UNION ALL
    -- Of the intervals over the first base of a longer span, those that end within it cover it not.
    SELECT
        s.* EXCLUDE (cell), c.part, c.is_assumed,
        -c.n * c.alleles, -c.n, CASE c.alleles WHEN 0 THEN -c.n ELSE 0 END
    FROM weights c
    JOIN (
        SELECT
            *,
            unnest(range(position >> 6, ((last_position - 1) >> 6) + 1))::INTEGER AS cell
        FROM variants
        WHERE last_position > position
    ) s
        ON c.lane = s.lane
        AND c.end_position >> 6 = s.cell
        AND c.start_position <= s.position
        AND c.end_position >= s.position
        AND c.end_position < s.last_position
)
SELECT
    f.contig, f.position, f.ref, f.alt, f.end_position, f.sv_length, p.attribute_value,
    CASE WHEN is_assumed THEN 0 ELSE an END AS block_an,
    CASE WHEN is_assumed THEN 0 ELSE f.n END AS block_samples,
    CASE WHEN is_assumed THEN 0 ELSE missing END AS block_missing,
    CASE WHEN is_assumed THEN an ELSE 0 END AS assumed_an,
    CASE WHEN is_assumed THEN f.n ELSE 0 END AS assumed_samples,
    CASE WHEN is_assumed THEN missing ELSE 0 END AS assumed_missing
FROM found f
JOIN (SELECT DISTINCT part, attribute_value FROM query_table(in_holders)) p ON f.part = p.part;
