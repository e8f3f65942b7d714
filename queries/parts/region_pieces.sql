-- region_pieces: asked_pieces(), sooner where planning sees that there is nothing to cut.
--
--   in_region     NULL, a region or a list of regions; no subquery
--   in_ploidy     'as_called' or 'by_sex'
--   in_intervals  name of a relation: the rows of ploidy
--
-- One row per piece:
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
--   FROM region_pieces('22:16050075', 'by_sex');

CREATE OR REPLACE MACRO region_pieces(
    in_region, in_ploidy, in_intervals := 'ploidy'
) AS TABLE
-- Only the one that query_table() names is bound.
WITH plain AS (
    SELECT
        piece.contig_order * 1000000::BIGINT + 1 AS rule,
        piece.contig AS contig,
        piece.low AS low,
        piece.high AS high,
        'autosome' AS zone,
        1 AS rule_start,
        'as_called' AS treated_xx,
        'as_called' AS treated_xy,
        'as_called' AS treated_none
    FROM (SELECT asked_plain_piece(in_region) AS piece)
),
cut AS (FROM asked_pieces(in_region, in_ploidy, in_intervals))
FROM query_table(
    CASE WHEN struct_extract(asked_plain_piece(in_region), 'low') > 0 THEN 'plain' ELSE 'cut' END
);
