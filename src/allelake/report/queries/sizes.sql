-- sizes: how many people are in the cohort, and in the lake.
--
--   $cohort   the cohort; an unknown name is an error
--
-- One row.

SELECT
    count(*) AS people,
    (SELECT count(*) FROM cohort_samples('all')) AS everybody
FROM cohort_samples($cohort)
