-- sides: who of a cohort is in another, too.
--
--   $cohort, $other   the two
--
-- One row per person of the first. Nothing of it is shown: it tells what must not be.

SELECT a.sample_number, b.sample_number IS NOT NULL AS is_in_both
FROM cohort_samples($cohort) AS a
LEFT JOIN cohort_samples($other) AS b USING (sample_number)
