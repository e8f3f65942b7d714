-- records: which batches have a record of which variant of the chunk.
--
--   $contig, $low, $high, $low_bin, $high_bin   a stretch of a contig
--   $batches   the batches whose rows count
--
-- One row per variant of the temporary table `allele` and batch.

SELECT a.allele, t.batch, t.has_genotypes
FROM sites t
JOIN allele a ON t.position = a.position
    AND t.ref = a.ref
    AND t.alt = a.alt
    AND t.end_position = a.end_position
    AND t.sv_length IS NOT DISTINCT FROM a.sv_length
WHERE contig = $contig
    AND bin BETWEEN $low_bin AND $high_bin
    AND t.position BETWEEN $low AND $high
    AND list_contains($batches::INTEGER[], t.batch)
