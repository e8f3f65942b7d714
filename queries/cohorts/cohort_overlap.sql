-- cohort_overlap: how many people do two cohorts share?
--
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--   in_other    the other cohort's name
--
-- One row:
--   cohort              the first cohort
--   other_cohort        the second
--   samples             samples of the first
--   other_samples       samples of the second
--   shared_samples      samples in both
--   shared_people       people in both, also where other samples of theirs make the difference
--   is_subset           whether every sample of the first is in the second
--   jaccard             shared_samples / samples in either, in [0, 1]; NULL if both are empty
--
--   FROM cohort_overlap('all', 'all');

CREATE OR REPLACE MACRO cohort_overlap(in_cohort, in_other) AS TABLE
WITH first_cohort AS MATERIALIZED (
    FROM checked_question(in_cohort, 'raw', 'as_called', 'any')
),
second_cohort AS MATERIALIZED (
    FROM checked_question(in_other, 'raw', 'as_called', 'any')
),
membership AS (
    SELECT
        m.sample_number,
        any_value(s.participant_id) AS participant_id,
        bool_or(m.cohort = in_cohort) AS is_first,
        bool_or(m.cohort = in_other) AS is_second
    FROM cohort_members m JOIN samples s ON m.sample_number = s.sample_number
    WHERE m.cohort IN (in_cohort, in_other)
    GROUP BY m.sample_number
),
people AS (
    SELECT count(*) FILTER (is_first AND is_second) AS shared
    FROM (
        SELECT bool_or(is_first) AS is_first, bool_or(is_second) AS is_second
        FROM membership GROUP BY participant_id
    )
),
counts AS (
    SELECT
        count(*) FILTER (is_first) AS samples,
        count(*) FILTER (is_second) AS other_samples,
        count(*) FILTER (is_first AND is_second) AS shared_samples,
        count(*) AS either
    FROM membership
)
SELECT
    a.cohort,
    b.cohort AS other_cohort,
    c.samples,
    c.other_samples,
    c.shared_samples,
    p.shared AS shared_people,
    c.samples = c.shared_samples AS is_subset,
    c.shared_samples / nullif(c.either, 0) AS jaccard
FROM first_cohort a
CROSS JOIN second_cohort b
CROSS JOIN counts c
CROSS JOIN people p
WHERE a.is_fit AND b.is_fit;
