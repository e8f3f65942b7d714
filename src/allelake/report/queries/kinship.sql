-- kinship: pairs of related people of the cohort.
--
--   $of       the cohort whose kinship is stored
--   $cohort   the cohort that is shown
--
-- One row per pair. Shown are numbers of pairs and places that have enough of them.

SELECT relationship, kinship, ibs0_share, sample_number_1, sample_number_2
FROM kinship_pairs($of)
WHERE
    relationship IS NOT NULL
    AND sample_number_1 IN (FROM cohort_samples($cohort) SELECT sample_number)
    AND sample_number_2 IN (FROM cohort_samples($cohort) SELECT sample_number)
