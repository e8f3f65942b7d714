-- callable_intervals: where samples without a record of their own are known.
--
--   $contig, $low, $high   a stretch of a contig
--   $batches               the batches whose rows count
--
-- One row per interval at the level of the policy raw; reads the temporary table `member`:
--   holder    the sample's number; of a batch that asked its samples together, less its number
--   low       first base, 1-based
--   high      last base
--   alleles   1 or 2; 3: what zone and sex say

SELECT coalesce(c.sample_number, -c.batch) AS holder, c.start_position AS low,
    c.end_position AS high, coalesce(c.alleles, 3)::TINYINT AS alleles
FROM callable c
WHERE c.contig = $contig AND c.start_position <= $high AND c.end_position >= $low
    AND list_contains(span_bins($low, $high), c.bin) AND c.policies & 1 = 1
    AND list_contains($batches::INTEGER[], c.batch)
    AND (c.sample_number IS NULL OR c.sample_number IN (SELECT sample_number FROM member))
