-- A variant has more than one row of sites in one batch.
SELECT
    format('{}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format('{} rows of batch {}', count(*), batch) AS found,
    'one row per variant and batch' AS expected
FROM sites
WHERE contig = getvariable('contig')
GROUP BY contig, position, ref, alt, end_position, sv_length, batch
HAVING count(*) > 1
