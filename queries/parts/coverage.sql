-- coverage: what the intervals of `callable` say of a cohort at each variant of some regions.
--
--   in_members   name of a relation of samples: sample_number, batch, sex, attribute_value
--   in_asked     name of a relation of pieces: those of asked_pieces(), one row per bin of each
--   in_policy    'raw', 'raw_blocks' or 'adj@1'
--   in_filter    'any' or 'pass'
--
-- One row per variant the lake has there, and value of the attribute, where anything is known.
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
--   FROM coverage('member', 'asked', 'raw', 'any') WHERE block_an > 0;

CREATE OR REPLACE MACRO coverage(in_members, in_asked, in_policy, in_filter) AS TABLE
WITH lanes AS MATERIALIZED (
    SELECT *, dense_rank() OVER (ORDER BY contig, zone)::INTEGER AS lane
    FROM (
        SELECT DISTINCT contig, zone, treated_xx, treated_xy, treated_none
        FROM query_table(in_asked)
    )
),
parts AS MATERIALIZED (
    SELECT attribute_value, dense_rank() OVER (ORDER BY attribute_value)::SMALLINT AS part
    FROM (SELECT DISTINCT attribute_value FROM query_table(in_members))
),
-- Intervals of a whole batch count once for all its members that are alike.
holders AS MATERIALIZED (
    SELECT h.holder, h.sex, p.part, h.n
    FROM (
        SELECT sample_number AS holder, sex, attribute_value, 1 AS n FROM query_table(in_members)
        UNION ALL
        SELECT -batch, sex, attribute_value, count(*)::INTEGER
        FROM query_table(in_members)
        GROUP BY ALL
    ) h
    JOIN parts p ON h.attribute_value IS NOT DISTINCT FROM p.attribute_value
),
near AS (
    SELECT
        c.contig, c.start_position, c.end_position, c.alleles, c.policies,
        c.basis = 'regions' AS is_assumed,
        coalesce(c.sample_number, -c.batch) AS holder
    FROM callable c
    SEMI JOIN (
        SELECT contig, low, high, unnest(span_bins(low, high))::INTEGER AS bin
        FROM (SELECT DISTINCT contig, low, high FROM query_table(in_asked))
    ) r
        ON c.contig = r.contig
        AND c.bin = r.bin
        AND c.start_position <= r.high
        AND c.end_position >= r.low
),
weights AS MATERIALIZED (
    SELECT lane, part, start_position, end_position, is_assumed, n, alleles::TINYINT AS alleles
    FROM (
        SELECT
            *,
            known_alleles(coalesce(alleles_there, 3), zone, sex, treated) AS alleles
        FROM (
            SELECT
                c.start_position, c.end_position, c.is_assumed, c.policies,
                c.alleles AS alleles_there,
                l.lane, l.zone, h.part, h.n, h.sex,
                CASE h.sex
                    WHEN 'XX' THEN l.treated_xx
                    WHEN 'XY' THEN l.treated_xy
                    ELSE l.treated_none
                END AS treated
            FROM near c
            JOIN lanes l ON c.contig = l.contig
            JOIN holders h ON c.holder = h.holder
        )
        WHERE (policies >> evidence_level(in_policy, in_filter, treated)) & 1 = 1
    )
    WHERE alleles IS NOT NULL
),
variants AS MATERIALIZED (
    SELECT DISTINCT
        l.lane,
        s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length,
        covered_end(s.ref, s.alt, s.end_position) AS last_position
    FROM sites s
    JOIN query_table(in_asked) r
        ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
    JOIN lanes l ON r.contig = l.contig AND r.zone = l.zone
),
wanted AS MATERIALIZED (
    SELECT DISTINCT lane, position, last_position FROM variants WHERE last_position IS NOT NULL
),
places AS MATERIALIZED (SELECT DISTINCT lane, position FROM wanted),
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
        SELECT p.lane, p.position, p.position >> 5 AS cell, t.part, t.is_assumed
        FROM places p
        JOIN (SELECT DISTINCT lane, part, is_assumed FROM weights) t ON p.lane = t.lane
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
-- Of the intervals over the first base of a longer span, those that end within it cover it not.
ending_within AS (
    SELECT
        s.lane, s.position, s.last_position, c.part, c.is_assumed,
        c.n, c.alleles
    FROM weights c
    JOIN (
        SELECT
            lane, position, last_position,
            unnest(range(position >> 6, ((last_position - 1) >> 6) + 1))::INTEGER AS cell
        FROM wanted
        WHERE last_position > position
    ) s
        ON c.lane = s.lane
        AND c.end_position >> 6 = s.cell
        AND c.start_position <= s.position
        AND c.end_position >= s.position
        AND c.end_position < s.last_position
),
found AS (
    SELECT
        w.lane, w.position, w.last_position,
        a.part, a.is_assumed, a.an, a.n, a.missing
    FROM (
        SELECT
            lane, position, part, is_assumed,
            sum(an)::BIGINT AS an,
            sum(n)::BIGINT AS n,
            sum(missing)::BIGINT AS missing
        FROM at_place
        GROUP BY ALL
    ) a
    JOIN wanted w ON a.lane = w.lane AND a.position = w.position
    UNION ALL
    SELECT
        lane, position, last_position, part, is_assumed,
        -n * alleles, -n, CASE alleles WHEN 0 THEN -n ELSE 0 END
    FROM ending_within
)
SELECT
    v.contig, v.position, v.ref, v.alt, v.end_position, v.sv_length, p.attribute_value,
    f.block_an, f.block_samples, f.block_missing,
    f.assumed_an, f.assumed_samples, f.assumed_missing
FROM (
    SELECT
        lane, position, last_position, part,
        sum(CASE WHEN is_assumed THEN 0 ELSE an END)::BIGINT AS block_an,
        sum(CASE WHEN is_assumed THEN 0 ELSE n END)::BIGINT AS block_samples,
        sum(CASE WHEN is_assumed THEN 0 ELSE missing END)::BIGINT AS block_missing,
        sum(CASE WHEN is_assumed THEN an ELSE 0 END)::BIGINT AS assumed_an,
        sum(CASE WHEN is_assumed THEN n ELSE 0 END)::BIGINT AS assumed_samples,
        sum(CASE WHEN is_assumed THEN missing ELSE 0 END)::BIGINT AS assumed_missing
    FROM found
    GROUP BY ALL
) f
JOIN parts p ON f.part = p.part
JOIN variants v
    ON f.lane = v.lane AND f.position = v.position AND f.last_position = v.last_position;
