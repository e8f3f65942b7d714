-- people: how many people of the cohort have each value of each attribute.
--
--   $cohort   the cohort
--
-- One row per attribute and value; a value that is not known is NULL.

SELECT attribute, value, count(*) AS people
FROM sample_attributes
SEMI JOIN cohort_samples($cohort) USING (sample_number)
GROUP BY ALL
ORDER BY ALL
