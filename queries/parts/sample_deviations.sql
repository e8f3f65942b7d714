-- sample_deviations: how far does each sample lie from the others of its group, in each metric?
--
--   in_cohort        a cohort's name; an unknown name is an error, not an empty answer
--   in_attribute     an attribute of samples that makes the groups; NULL compares all with all
--   max_deviations   how many median absolute deviations a value may lie from the median
--   in_region        NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--
-- One row per sample and metric; those without a value of the attribute are a group:
--   sample_number     the sample
--   sample_id         name of the sample in its VCF
--   participant_id    the person
--   batch             the batch that brought it
--   attribute_value   the value of the attribute that names its group; NULL without one
--   group_members     samples in the group
--   group_samples     samples in the group that have the metric
--   metric            a column of sample_quality
--   value             the sample's; NULL if unknown
--   median            the group's
--   mad               median absolute deviation from it, times 1.4826, which makes it the standard
--                     deviation of a normal distribution
--   stands_apart      whether the value lies farther from the median; NULL if it is unknown
--
--   FROM sample_deviations('all', 'sex', 4.0) WHERE metric = 'titv';

CREATE OR REPLACE MACRO sample_deviations(
    in_cohort,
    in_attribute,
    max_deviations,
    in_region := NULL
) AS TABLE
WITH grouped AS (
    SELECT q.*, s.sample_number, a.value AS attribute_value
    FROM sample_quality(in_cohort, in_region) q
    JOIN samples s ON q.sample_id = s.sample_id AND q.batch = s.batch
    LEFT JOIN sample_attributes a
        ON in_attribute IS NOT NULL
        AND a.attribute = in_attribute
        AND s.sample_number = a.sample_number
),
measured AS (
    SELECT
        sample_number, sample_id, participant_id, batch, attribute_value,
        metric.name AS metric, metric.value AS value
    FROM (
        SELECT
            sample_number,
            sample_id,
            participant_id,
            batch,
            attribute_value,
            unnest([
                {'name': 'call_rate', 'value': call_rate::DOUBLE},
                {'name': 'heterozygotes', 'value': heterozygotes::DOUBLE},
                {'name': 'homozygotes', 'value': homozygotes::DOUBLE},
                {'name': 'singletons', 'value': singletons::DOUBLE},
                {'name': 'snv', 'value': snv::DOUBLE},
                {'name': 'insertions', 'value': insertions::DOUBLE},
                {'name': 'deletions', 'value': deletions::DOUBLE},
                {'name': 'titv', 'value': titv::DOUBLE},
                {'name': 'het_hom', 'value': het_hom::DOUBLE},
                {'name': 'mean_dp', 'value': mean_dp::DOUBLE},
                {'name': 'mean_gq', 'value': mean_gq::DOUBLE},
                {'name': 'inbreeding', 'value': inbreeding::DOUBLE}
            ]) AS metric
        FROM grouped
    )
)
SELECT
    sample_number,
    sample_id,
    participant_id,
    batch,
    attribute_value,
    count(*) OVER members AS group_members,
    count(value) OVER members AS group_samples,
    metric,
    value,
    median(value) OVER members AS median,
    1.4826 * mad(value) OVER members AS mad,
    value <> median AND abs(value - median) > max_deviations * mad AS stands_apart
FROM measured
WINDOW members AS (PARTITION BY attribute_value, metric);
