-- A row of bits has no row of sites with genotypes in its batch.
SELECT
    format('{}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format('policy {}, batch {}, block {}', policy, batch, block) AS found,
    'a row of sites of that variant and batch, with genotypes' AS expected
FROM bits
ANTI JOIN (FROM sites WHERE contig = getvariable('contig') AND has_genotypes) AS asked
    ON bits.position = asked.position
    AND bits.ref = asked.ref
    AND bits.alt = asked.alt
    AND bits.end_position = asked.end_position
    AND bits.sv_length IS NOT DISTINCT FROM asked.sv_length
    AND bits.batch = asked.batch
WHERE contig = getvariable('contig')
