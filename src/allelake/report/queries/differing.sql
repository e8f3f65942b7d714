-- differing: how many variants are more or less common in a batch than in all others.
--
--   $cohort      the cohort
--   $attribute   within the groups of this attribute; NULL: without groups
--
-- One row per batch.

SELECT attribute_value AS batch, count(*) FILTER (is_flagged) AS variants
FROM batch_differences($cohort, in_stratum := $attribute)
GROUP BY ALL
ORDER BY ALL
