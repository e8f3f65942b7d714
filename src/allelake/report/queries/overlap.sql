-- overlap: how many people two cohorts share.
--
--   $cohort, $other   the two
--
-- One row.

FROM cohort_overlap($cohort, $other)
