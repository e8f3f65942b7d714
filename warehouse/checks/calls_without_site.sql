-- A row of calls has no row of sites with genotypes in its batch.
SELECT
    format('{}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format('{} rows of batch {} in tier {}', count(*), batch, tier) AS found,
    'a row of sites of that variant and batch, with genotypes' AS expected
FROM stored_calls AS calls
ANTI JOIN (FROM sites WHERE contig = getvariable('contig') AND has_genotypes) AS asked
    ON calls.position = asked.position
    AND calls.ref = asked.ref
    AND calls.alt = asked.alt
    AND calls.end_position = asked.end_position
    AND calls.sv_length IS NOT DISTINCT FROM asked.sv_length
    AND calls.batch = asked.batch
WHERE contig = getvariable('contig')
GROUP BY contig, position, ref, alt, end_position, sv_length, batch, tier
