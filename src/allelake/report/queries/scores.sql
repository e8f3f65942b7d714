-- scores: where people lie along the first two principal components, by group, without a name.
--
--   $of          the cohort whose components are stored
--   $cohort      the cohort that is shown
--   $attribute   the attribute that makes the groups
--   $group       its value's group: joined values have one
--
-- One row per person with scores. Shown are squares of enough people.

SELECT $group AS people, pc1, pc2
FROM pca_scores($of)
JOIN sample_attributes USING (sample_number)
SEMI JOIN cohort_samples($cohort) USING (sample_number)
WHERE attribute = $attribute AND pc1 IS NOT NULL AND pc2 IS NOT NULL
