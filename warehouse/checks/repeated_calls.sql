-- A sample has more than one row of calls at one variant, or rows in both tiers.
SELECT
    format('{}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format('{} rows of one sample of batch {}', count(*), batch) AS found,
    'at most one row per variant and sample' AS expected
FROM stored_calls AS calls
WHERE contig = getvariable('contig')
GROUP BY contig, position, ref, alt, end_position, sv_length, batch, sample_number
HAVING count(*) > 1
