-- stored: the newest stored result of a kind that speaks of the cohort, or of everybody.
--
--   $kind     'pca' or 'kinship'
--   $cohort   the cohort
--
-- At most one row; one of the cohort itself comes before one of everybody.

SELECT cohort, snapshot, stale_reason
FROM results
WHERE kind = $kind AND cohort IN ($cohort, 'all')
ORDER BY cohort = $cohort DESC, result DESC
LIMIT 1
