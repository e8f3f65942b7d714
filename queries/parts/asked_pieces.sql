-- asked_pieces: the regions of a question, cut where the rule for alleles changes.
--
--   in_region     NULL, a region or a list of regions
--   in_ploidy     'as_called' or 'by_sex'
--   in_intervals  name of a relation: the rows of ploidy
--
-- One row per piece, disjoint. Throughout a piece the zone is one and no sample begins or ceases to
-- be written haploid:
--   rule          number of the rule; pieces of several regions under one rule share it
--   contig        the contig
--   low           first base, 1-based
--   high          last base, included
--   zone          autosome, x, y, x_par, y_par or mt
--   rule_start    a base inside every interval of `ploidy` that holds in the piece
--   treated_xx    how genotypes of XX samples count: as_called, haploid, missing or unknown
--   treated_xy    of XY samples
--   treated_none  of samples of unknown sex
--
--   FROM asked_pieces('X', 'by_sex');

CREATE OR REPLACE MACRO asked_pieces(
    in_region, in_ploidy, in_intervals := 'ploidy'
) AS TABLE
WITH pieces AS (
    SELECT
        contig,
        cut AS piece_start,
        -- A stored LEAD with its default as third argument cannot be bound by DuckDB 1.5.
        coalesce(lead(cut) OVER along, 2147483647) - 1 AS piece_end,
        last_value(zone IGNORE NULLS) OVER along AS zone,
        row_number() OVER along AS piece
    FROM (
        SELECT contig, start_position AS cut, zone FROM zones
        UNION ALL
        SELECT contig, unnest([start_position, end_position + 1]), NULL
        FROM query_table(in_intervals)
    )
    WINDOW along AS (PARTITION BY contig ORDER BY cut)
)
SELECT
    s.contig_order * 1000000::BIGINT + p.piece AS rule,
    s.contig,
    greatest(s.span_start, p.piece_start) AS low,
    least(s.span_end, p.piece_end) AS high,
    p.zone,
    p.piece_start AS rule_start,
    treatment(p.zone, 'XX', in_ploidy) AS treated_xx,
    treatment(p.zone, 'XY', in_ploidy) AS treated_xy,
    treatment(p.zone, NULL, in_ploidy) AS treated_none
FROM asked_spans(in_region) s
JOIN pieces p
    ON s.contig = p.contig
    AND s.span_start <= p.piece_end
    AND s.span_end >= p.piece_start
    -- Where several cuts fall together all but the last make empty pieces.
    AND p.piece_start <= p.piece_end;
