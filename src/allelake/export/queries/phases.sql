-- phases: of which batches all carriers with two places are phased.
--
--   $contig, $low, $high, $low_bin, $high_bin   a stretch of a contig
--   $batches   the batches whose rows count
--   {zero}      a plane without a bit
--
-- One row per batch with such a carrier: its number, and whether all of them are phased.

SELECT batch, bool_and(phased)
FROM (
    SELECT batch, is_phased AS phased
    FROM stored_calls
    WHERE contig = $contig
        AND bin BETWEEN $low_bin AND $high_bin
        AND position BETWEEN $low AND $high
        AND list_contains($batches::INTEGER[], batch)
        AND alt_count > 0
        AND ploidy = 2
    UNION ALL
    SELECT batch, bit_count(two & ~coalesce(phased, {zero})::BIT) = 0
    FROM (
        SELECT batch, phased, alt1::BIT & ~coalesce(haploid, {zero})::BIT AS two
        FROM bits
        WHERE contig = $contig
            AND bin BETWEEN $low_bin AND $high_bin
            AND position BETWEEN $low AND $high
            AND list_contains($batches::INTEGER[], batch)
            AND is_whole
            AND alt1 IS NOT NULL
    )
    WHERE bit_count(two) > 0
)
GROUP BY batch
