-- A sample's name is used twice, or its number or sex cannot be.
SELECT
    'samples' AS place,
    format('{} samples with the number {}', count(*), sample_number) AS found,
    'numbers from 0 on' AS expected
FROM samples
WHERE sample_number < 0
GROUP BY sample_number
UNION ALL
SELECT 'samples', format('{} samples have one and the same name', count(*)), 'each name used once'
FROM samples
GROUP BY sample_id
HAVING count(*) > 1
UNION ALL
SELECT 'samples', 'a sex that is neither XX nor XY', 'XX, XY or NULL'
FROM samples
WHERE sex NOT IN ('XX', 'XY')
