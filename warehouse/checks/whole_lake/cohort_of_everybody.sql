-- The cohort all is not everybody, or a cohort has members that are no samples, or somebody twice.
WITH everybody AS (
    SELECT participant_id
    FROM cohort_members
    JOIN samples USING (sample_number, batch)
    WHERE cohort = 'all'
)
SELECT
    'cohort_members' AS place,
    format('sample {} of batch {} is not in the cohort all', sample_number, batch) AS found,
    'a sample of every participant in it' AS expected
FROM samples
ANTI JOIN everybody USING (participant_id)
UNION ALL
SELECT
    'cohort_members',
    format('{} samples of one participant in cohort {}', count(*), cohort),
    'one sample of each participant'
FROM cohort_members
JOIN samples USING (sample_number, batch)
GROUP BY cohort, participant_id
HAVING count(*) > 1
UNION ALL
SELECT
    'cohort_members',
    format('{} members of cohort {} are no samples', count(*), cohort),
    'members that are in samples, with their batch'
FROM cohort_members
ANTI JOIN samples USING (sample_number, batch)
GROUP BY cohort
UNION ALL
SELECT
    'cohort_members',
    format('cohort {} has members and is not in the table cohorts', cohort),
    'a row of cohorts'
FROM cohort_members
ANTI JOIN cohorts USING (cohort)
GROUP BY cohort
UNION ALL
SELECT 'cohorts', 'no cohort all', 'the cohort all, of everybody'
WHERE NOT EXISTS (FROM cohorts WHERE cohort = 'all')
