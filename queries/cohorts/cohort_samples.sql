-- cohort_samples: who is in a cohort?
--
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--
-- One row per sample:
--   sample_number    number of the sample in this lake, from 0
--   sample_id        name of the sample in its VCF
--   participant_id   the person
--   batch            the batch that brought it
--   sex              'XX', 'XY' or NULL
--
--   FROM cohort_samples('all');

CREATE OR REPLACE MACRO cohort_samples(in_cohort) AS TABLE
WITH question AS MATERIALIZED (
    FROM checked_question(in_cohort, 'raw', 'as_called', 'any')
)
SELECT s.sample_number, s.sample_id, s.participant_id, s.batch, s.sex
FROM question q
JOIN cohort_members m ON q.cohort = m.cohort AND q.is_fit
JOIN samples s ON m.sample_number = s.sample_number
-- Without this branch a wrong name would go unseen in a lake without samples. It gives no row; no
-- column is a constant, or a filter on it would take the branch away.
UNION ALL
SELECT
    try_cast(cohort AS INTEGER), cohort, cohort, try_cast(cohort AS INTEGER), cohort
FROM question
WHERE NOT is_fit;
