-- haploid_intervals: where samples of a batch have one place by default.
--
--   $contig, $low, $high   a stretch of a contig
--   $batches               the batches whose rows count
--
-- One row per interval, batch and block.

SELECT batch, block, start_position, end_position, haploid
FROM ploidy
WHERE contig = $contig
    AND start_position <= $high
    AND end_position >= $low
    AND list_contains($batches::INTEGER[], batch)
ORDER BY ALL
