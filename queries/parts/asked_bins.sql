-- asked_bins: the stretches of the genome a question is about, cut so that each piece has one rule for its alleles.
--
--   in_region    NULL, a region or a list of regions
--
-- One row per piece and bin, disjoint. Joined on (contig, bin) with position BETWEEN low AND high it
-- prunes row groups, and gives each row of a table exactly one zone and one rule:
--   contig        the contig
--   bin           position >> 14
--   low           first base of the piece, 1-based
--   high          last base of the piece
--   zone          autosome, x, y, x_par, y_par or mt
--   rule_contig   the contig whose haploid intervals or assumed references hold here; NULL where neither does
--   rule_start    a base inside those intervals
--   rule          name of the rule: pieces alike in zone and haploid samples share it
--
--   FROM asked_bins('X:1-3,000,000');

CREATE OR REPLACE MACRO asked_bins(in_region) AS TABLE
-- Cuts: where a zone begins, and where samples begin and cease to be written haploid.
WITH cuts AS (
    SELECT contig, start_position AS cut, zone, 0 AS haploid FROM zones
    UNION ALL
    SELECT contig, start_position, NULL, 1 FROM ploidy
    UNION ALL
    SELECT contig, end_position + 1, NULL, -1 FROM ploidy
),
pieces AS (
    SELECT
        contig,
        cut AS piece_start,
        lead(cut, 1, 2147483647) OVER along - 1 AS piece_end,
        last_value(zone IGNORE NULLS) OVER along AS zone,
        sum(haploid) OVER along > 0 AS has_haploid
    FROM cuts
    WINDOW along AS (PARTITION BY contig ORDER BY cut)
),
assuming AS (
    SELECT DISTINCT unnest(contigs) AS contig FROM batches WHERE absent = 'reference'
),
cut_spans AS (
    SELECT
        s.contig,
        greatest(s.span_start, p.piece_start) AS low,
        least(s.span_end, p.piece_end) AS high,
        p.zone,
        p.piece_start,
        p.has_haploid OR s.contig IN (FROM assuming) AS is_own
    FROM asked_spans(in_region) s
    JOIN pieces p
        ON s.contig = p.contig AND s.span_start <= p.piece_end AND s.span_end >= p.piece_start
)
SELECT
    contig,
    unnest(range(low >> 14, (high >> 14) + 1))::INTEGER AS bin,
    low,
    high,
    zone,
    CASE WHEN is_own THEN contig END AS rule_contig,
    CASE WHEN is_own THEN piece_start END AS rule_start,
    CASE WHEN is_own THEN contig || ':' || piece_start ELSE zone END AS rule
FROM cut_spans
WHERE low <= high;
