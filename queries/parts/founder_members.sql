-- founder_members: who of all cohorts has no parent in the pedigree.
--
-- One row per cohort and sample of people whose row of `pedigree` names no parent, and of people
-- without one:
--   cohort          the cohort
--   sample_number   number of the sample
--   batch           the batch that brought it
--
--   SELECT count(*) FROM founder_members();

CREATE OR REPLACE MACRO founder_members() AS TABLE
SELECT m.cohort, m.sample_number, m.batch
FROM cohort_members m
JOIN samples s ON m.sample_number = s.sample_number
LEFT JOIN pedigree p ON s.participant_id = p.participant_id
WHERE p.father_id IS NULL AND p.mother_id IS NULL;
