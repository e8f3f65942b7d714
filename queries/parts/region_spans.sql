-- region_spans: asked_spans(), sooner where planning sees one region of a plain contig.
--
--   in_region      NULL, a region or a list of regions; no subquery
--
-- One row per span:
--   contig         the contig, as the lake names it
--   contig_order   its place in the assembly
--   span_start     first base, 1-based
--   span_end       last base, included
--
--   FROM region_spans('22:16,050,000-16,060,000');

CREATE OR REPLACE MACRO region_spans(in_region) AS TABLE
-- Only the one that query_table() names is bound.
WITH plain AS (
    SELECT
        piece.contig AS contig,
        piece.contig_order AS contig_order,
        piece.low AS span_start,
        piece.high AS span_end
    FROM (SELECT asked_plain_piece(in_region) AS piece)
),
parsed AS (FROM asked_spans(in_region))
FROM query_table(
    CASE WHEN struct_extract(asked_plain_piece(in_region), 'low') > 0 THEN 'plain' ELSE 'parsed' END
);
