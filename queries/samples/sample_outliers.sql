-- sample_outliers: which samples stand apart from the others of their group?
--
--   in_cohort        a cohort's name; an unknown name is an error, not an empty answer
--   in_attribute     what groups to compare within: 'batch', 'sex', a column of imported metadata
--                    such as 'population'; NULL compares all with all
--   max_deviations   how many median absolute deviations a value may lie from the median
--   in_region        NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--
-- One row per sample and metric that stands apart, and per sample that nothing can be said of. A
-- sample without a value of the attribute is in the group of those:
--   sample_id         name of the sample in its VCF
--   participant_id    the person
--   attribute_value   the value of the attribute that names its group; NULL without one
--   group_samples     samples in the group that have the metric
--   metric            a column of sample_quality; NULL for a sample alone in its group
--   value             the sample's
--   median            the group's
--   mad               median absolute deviation from it, times 1.4826, which makes it the standard
--                     deviation of a normal distribution
--   deviations        (value - median) / mad; NULL where mad is 0
--   note              what that means, in words
--
--   FROM sample_outliers('all', in_attribute := 'sex') WHERE deviations > 6;

CREATE OR REPLACE MACRO sample_outliers(
    in_cohort,
    in_attribute := NULL,
    max_deviations := 4.0,
    in_region := NULL
) AS TABLE
WITH checked AS MATERIALIZED (FROM checked_attribute(coalesce(in_attribute, 'sex'))),
compared AS MATERIALIZED (
    FROM sample_deviations(in_cohort, in_attribute, max_deviations, in_region)
)
SELECT
    sample_id,
    participant_id,
    attribute_value,
    group_samples,
    metric,
    value,
    median,
    mad,
    (value - median) / nullif(mad, 0) AS deviations,
    CASE
        WHEN mad = 0
            THEN 'more than half of the group has the median itself, so that no distance from it '
            || 'can be told'
        ELSE format(
            '{:.3g} deviations {} the median of {} samples',
            abs(value - median) / mad,
            CASE WHEN value > median THEN 'above' ELSE 'below' END,
            group_samples
        )
    END AS note
FROM compared
WHERE group_samples > 1 AND stands_apart
UNION ALL
SELECT
    sample_id, participant_id, attribute_value, group_members,
    NULL::VARCHAR, NULL::DOUBLE, NULL::DOUBLE, NULL::DOUBLE, NULL::DOUBLE,
    'alone in its group: there is nothing to compare it with'
FROM compared
-- One of its metrics stands for it.
WHERE group_members = 1 AND metric = 'call_rate'
-- Without this branch a wrong attribute would go unseen. It gives no row; no column is a constant,
-- or a filter on it would take the branch away.
UNION ALL
SELECT
    attribute, attribute, attribute, n, attribute, d, d, d, d, attribute
FROM (
    SELECT *, try_cast(attribute AS INTEGER) AS n, try_cast(attribute AS DOUBLE) AS d FROM checked
)
WHERE attribute IS NULL;
