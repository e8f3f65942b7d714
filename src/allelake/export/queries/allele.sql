-- allele: a temporary table of the variants of one chunk.
--
--   $contig, $low, $high, $low_bin, $high_bin   a stretch of a contig
--   $batches   the batches whose rows count
--
-- One row per variant, numbered from 0 in the order of lines:
--   allele        the number
--   covered_end   the last base that must be known for it to be absent; 0 where nothing tells

CREATE OR REPLACE TEMP TABLE allele AS
SELECT
    *,
    coalesce(covered_end(ref, alt, end_position), 0)::INTEGER AS covered_end,
    (row_number() OVER (ORDER BY position, ref, alt, end_position, sv_length) - 1)::INTEGER
        AS allele
FROM (
    SELECT DISTINCT position, ref, alt, end_position, sv_length
    FROM sites
    WHERE contig = $contig
        AND bin BETWEEN $low_bin AND $high_bin
        AND position BETWEEN $low AND $high
        AND list_contains($batches::INTEGER[], batch)
)
