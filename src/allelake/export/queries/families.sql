-- families: family, father and mother of each exported sample, as PLINK names them.
--
-- One row per row of the temporary table `member`. A parent is named by the sample that is exported;
-- one who is not by 0.

WITH exported AS (
    SELECT m.place, s.sample_id, s.participant_id
    FROM member m JOIN samples s ON m.sample_number = s.sample_number
)
SELECT
    e.sample_id,
    coalesce(p.family_id, '0') AS family,
    coalesce(father.sample_id, '0') AS father,
    coalesce(mother.sample_id, '0') AS mother
FROM exported e
LEFT JOIN pedigree p ON e.participant_id = p.participant_id
LEFT JOIN exported father ON p.father_id = father.participant_id
LEFT JOIN exported mother ON p.mother_id = mother.participant_id
ORDER BY e.place
