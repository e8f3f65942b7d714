-- other_samples: samples of exported participants that are not exported themselves.
--
-- One row: how many; reads the temporary table `member`.

SELECT count(*) AS samples
FROM samples s
WHERE
    s.sample_number NOT IN (SELECT sample_number FROM member)
    AND s.participant_id IN (
        SELECT p.participant_id
        FROM samples p
        JOIN member m ON p.sample_number = m.sample_number
    )
