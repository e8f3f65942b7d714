-- several_alts: what the lake does not keep of records with several ALTs.
--
--   $contig, $low, $high, $low_bin, $high_bin   a stretch of a contig
--   $batches   the batches whose records count
--
-- One row: how many records have several ALTs, and of how many one is no variant (*).

SELECT count(*) AS records, count(*) FILTER (variants % total <> 0) AS with_star
FROM (
    SELECT record_alt_total AS total, count(*) AS variants
    FROM sites
    WHERE contig = $contig
        AND bin BETWEEN $low_bin AND $high_bin
        AND position BETWEEN $low AND $high
        AND list_contains($batches::INTEGER[], batch)
        AND record_alt_total > 1
    GROUP BY
        batch,
        coalesce(record_position, position),
        coalesce(record_ref, ref),
        record_alt_total
)
