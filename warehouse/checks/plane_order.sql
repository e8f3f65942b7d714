-- Planes of bits contradict each other: two copies without one, two alleles short without one.
WITH whole AS (
    SELECT
        contig, position, ref, alt, batch, block, policy, bin,
        coalesce(alt1::BIT, bitstring('0', 1024)) AS has_alt1,
        coalesce(alt2::BIT, bitstring('0', 1024)) AS has_alt2,
        coalesce(short1::BIT, bitstring('0', 1024)) AS has_short1,
        coalesce(short2::BIT, bitstring('0', 1024)) AS has_short2
    FROM bits
    WHERE
        contig = getvariable('contig')
        AND octet_length(coalesce(alt1, alt2, short1, short2)) = 128
)
SELECT
    format('{}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format('policy {}, batch {}, block {}', policy, batch, block) AS found,
    'alt2 within alt1, short2 within short1, alt2 apart from short1, alt1 apart from short2, '
    || 'bin = position >> 14' AS expected
FROM whole
WHERE
    bit_count(has_alt2 & ~has_alt1) > 0
    OR bit_count(has_short2 & ~has_short1) > 0
    OR bit_count(has_alt2 & has_short1) > 0
    OR bit_count(has_alt1 & has_short2) > 0
    OR bin != position >> 14
