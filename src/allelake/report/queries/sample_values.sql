-- sample_values: the value of an attribute that each sample of the cohort has.
--
--   $cohort      the cohort
--   $attribute   the attribute
--
-- One row per sample; what is shown is how many have each.

SELECT sample_number, value
FROM sample_attributes
SEMI JOIN cohort_samples($cohort) USING (sample_number)
WHERE attribute = $attribute
