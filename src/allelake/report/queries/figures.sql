-- figures: each person's figures, and whether they stand out in the group, without a name.
--
--   $cohort      the cohort
--   $attribute   the attribute that makes the groups; NULL: all are one
--   $group       its value's group: joined values have one
--   $batch       the batch's group, likewise
--   $most        how many deviations from the median do not stand out
--
-- One row per person. Who stands out does so among those of the same value, joined or not, as
-- sample_outliers tells. Shown are histograms, means and numbers of people.

SELECT
    m.sample_number,
    $group AS people,
    $batch AS batch,
    max(d.value) FILTER (metric = 'call_rate') AS call_rate,
    max(d.value) FILTER (metric = 'mean_dp') AS mean_dp,
    max(d.value) FILTER (metric = 'singletons') AS singletons,
    max(d.value) FILTER (metric = 'titv') AS titv,
    bool_or(stands_apart) FILTER (metric = 'titv') AS titv_stands_out,
    max(d.value) FILTER (metric = 'het_hom') AS het_hom,
    bool_or(stands_apart) FILTER (metric = 'het_hom') AS het_hom_stands_out
FROM cohort_samples($cohort) AS m
LEFT JOIN sample_deviations($cohort, $attribute, $most) AS d ON m.sample_number = d.sample_number
LEFT JOIN sample_attributes AS a ON a.attribute = $attribute AND m.sample_number = a.sample_number
GROUP BY m.sample_number, m.batch, a.value
