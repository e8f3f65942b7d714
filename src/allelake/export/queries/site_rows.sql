-- site_rows: how much there is to write.
--
--   $contig, $low, $high, $low_bin, $high_bin   a stretch of a contig
--   $batches   the batches whose records count
--
-- One row: the rows of `sites`, and the variants they are of.

SELECT
    count(*) AS site_rows,
    count(DISTINCT (position, ref, alt, end_position, sv_length)) AS variants
FROM sites
WHERE contig = $contig
    AND bin BETWEEN $low_bin AND $high_bin
    AND position BETWEEN $low AND $high
    AND list_contains($batches::INTEGER[], batch)
