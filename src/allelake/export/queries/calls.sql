-- calls: genotypes that are rows, and what is told of carriers.
--
--   $contig, $low, $high, $low_bin, $high_bin   a stretch of a contig
--   {code}     the number of the genotype, of a row of `calls`
--   {detail}   what follows GT in a VCF, or NULL
--
-- One row per variant of the temporary table `allele` and sample of `member`.

SELECT a.allele, m.place, {code} AS code, {detail} AS detail
FROM stored_calls t
JOIN member m ON t.sample_number = m.sample_number
JOIN allele a ON t.position = a.position
    AND t.ref = a.ref
    AND t.alt = a.alt
    AND t.end_position = a.end_position
    AND t.sv_length IS NOT DISTINCT FROM a.sv_length
WHERE contig = $contig
    AND bin BETWEEN $low_bin AND $high_bin
    AND t.position BETWEEN $low AND $high
