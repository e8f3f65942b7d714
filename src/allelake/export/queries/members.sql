-- members: whose genotypes are exported.
--
--   $cohort   the cohort
--
-- One row per sample, in the order of columns.

SELECT m.sample_number, s.sample_id, s.batch, s.sex
FROM cohort_members m
JOIN samples s ON m.sample_number = s.sample_number
WHERE m.cohort = $cohort
ORDER BY m.sample_number
