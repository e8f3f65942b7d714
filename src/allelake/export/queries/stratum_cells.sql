-- stratum_cells: what decides which counts are shown where small ones are hidden.
--
--   $strata   names of strata, all people first
--
-- One row per variant of the chunk and stratum; reads the temporary tables `counted_strata`, `allele`:
--   allele        number of the variant in the chunk
--   place         place of the stratum in $strata, from 0
--   copies        copies of alt
--   others        called alleles that are no copies
--   homozygotes   people with two copies

SELECT
    a.allele,
    list_position($strata::VARCHAR[], t.stratum) - 1 AS place,
    t.ac::BIGINT AS copies,
    (t.an - t.ac)::BIGINT AS others,
    t.homozygotes::BIGINT AS homozygotes
FROM counted_strata t
JOIN allele a ON t.position = a.position
    AND t.ref = a.ref
    AND t.alt = a.alt
    AND t.end_position = a.end_position
    AND t.sv_length IS NOT DISTINCT FROM a.sv_length
WHERE list_contains($strata::VARCHAR[], t.stratum)
