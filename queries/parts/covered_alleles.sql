-- covered_alleles: what a sample's own intervals say at the variant of one of its rows of calls.
--
--   in_covered    `calls.covered`
--   in_level      what evidence_level() says
--
-- 0 not covered, 1 or 2 alleles, 3 as zone and sex say (regions); NULL in a joint batch.
--
--   SELECT covered_alleles(32, 2);

CREATE OR REPLACE MACRO covered_alleles(in_covered, in_level) AS (in_covered >> (2 * in_level)) & 3;
