-- unrelated_samples: who is in the largest set of a cohort's people without relatives in it?
--
--   in_cohort   the cohort whose unrelated set was stored; an error where none was
--
-- One row per sample of the set that `allelake structure unrelated` stored:
--   sample_id       the sample
--   participant_id  the person
--   sex             'XX', 'XY' or NULL
--   batch           the batch
--   sample_number   number of the sample
--   snapshot        the snapshot that it says
--   stale_reason    why it does not hold any more; NULL where it does
--
--   FROM unrelated_samples('all');

CREATE OR REPLACE MACRO unrelated_samples(in_cohort) AS TABLE
WITH asked AS MATERIALIZED (
    FROM stored_result('unrelated', in_cohort, 'allelake structure unrelated')
)
SELECT
    s.sample_id, s.participant_id, s.sex, s.batch, s.sample_number, a.snapshot, a.stale_reason
FROM unrelated u
JOIN asked a ON u.result = a.result AND a.is_fit
JOIN samples s ON u.sample_number = s.sample_number
UNION ALL BY NAME
-- Stays where nobody is stored at all, so that the error is raised there too.
SELECT snapshot FROM asked WHERE NOT is_fit;
