-- A block of the rare tier has more rows than the rule of two tiers allows.
SELECT
    format('{}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format('{} rows of batch {}, block {}', count(*), batch, sample_number // 1024) AS found,
    'at most 51 rows of tier rare in a block' AS expected
FROM stored_calls AS calls
WHERE contig = getvariable('contig') AND tier = 'rare' AND covered IS NULL
GROUP BY
    contig, position, ref, alt, end_position, sv_length, batch, sample_number // 1024
HAVING count(*) > 51
