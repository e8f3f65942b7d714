-- groups: the values of an attribute in a cohort, with how many samples have each.
--
--   $by       the attribute
--   $cohort   the cohort
--
-- One row per value, by name; NULL: who has none.

SELECT a.value, count(*) AS samples
FROM cohort_members m
LEFT JOIN sample_attributes a ON a.sample_number = m.sample_number AND a.attribute = $by
WHERE m.cohort = $cohort
GROUP BY a.value
ORDER BY a.value
