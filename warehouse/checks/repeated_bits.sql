-- A variant, batch, block and policy has more than one row of bits.
SELECT
    format('{}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format('{} rows of batch {}, block {}, policy {}', count(*), batch, block, policy) AS found,
    'one row' AS expected
FROM bits
WHERE contig = getvariable('contig')
GROUP BY contig, position, ref, alt, end_position, sv_length, batch, block, policy
HAVING count(*) > 1
