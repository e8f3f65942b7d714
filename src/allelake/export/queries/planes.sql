-- planes: genotypes of common variants, as bits.
--
--   $contig, $low, $high, $low_bin, $high_bin   a stretch of a contig
--   $batches   the batches whose rows count
--
-- One row per variant of the temporary table `allele`, batch and block.

SELECT
    a.allele,
    t.batch,
    t.block,
    t.is_whole,
    t.alt1,
    t.alt2,
    t.short1,
    t.short2,
    t.haploid,
    t.phased,
    t.second
FROM bits t
JOIN allele a ON t.position = a.position
    AND t.ref = a.ref
    AND t.alt = a.alt
    AND t.end_position = a.end_position
    AND t.sv_length IS NOT DISTINCT FROM a.sv_length
WHERE contig = $contig
    AND bin BETWEEN $low_bin AND $high_bin
    AND t.position BETWEEN $low AND $high
    AND list_contains($batches::INTEGER[], t.batch)
    AND t.policy = 'raw'
