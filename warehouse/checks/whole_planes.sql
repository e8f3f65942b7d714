-- A row of bits that is whole contradicts itself or its batch, or one that is not has phases.
WITH told AS (
    SELECT
        bits.contig, bits.position, bits.ref, bits.alt, bits.batch, bits.block, bits.policy,
        bits.is_whole,
        coalesce(batches.has_adj, false) AS has_adj,
        NOT coalesce(batches.has_details, true) AS is_without_details,
        haploid IS NOT NULL OR phased IS NOT NULL OR second IS NOT NULL AS has_phases,
        coalesce(alt1::BIT, bitstring('0', 1024)) AS has_alt1,
        coalesce(alt2::BIT, bitstring('0', 1024)) AS has_alt2,
        coalesce(short1::BIT, bitstring('0', 1024)) AS has_short1,
        coalesce(haploid::BIT, bitstring('0', 1024)) AS is_haploid,
        coalesce(phased::BIT, bitstring('0', 1024)) AS is_phased,
        coalesce(second::BIT, bitstring('0', 1024)) AS is_second
    FROM bits
    LEFT JOIN batches ON bits.batch = batches.batch
    WHERE
        bits.contig = getvariable('contig')
        -- Planes of another length are told by another check.
        AND coalesce(octet_length(alt1), 128) = 128
        AND coalesce(octet_length(alt2), 128) = 128
        AND coalesce(octet_length(short1), 128) = 128
        AND coalesce(octet_length(haploid), 128) = 128
        AND coalesce(octet_length(phased), 128) = 128
        AND coalesce(octet_length(second), 128) = 128
)
SELECT
    format('{}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format(
        'policy {}, batch {}, block {}, {}', policy, batch, block,
        CASE WHEN is_whole THEN 'whole' ELSE 'not whole' END
    ) AS found,
    'haploid within short1; second within alt1 and phased, apart from alt2 and haploid; whole under '
    || 'raw alone, and in every row of a batch without details; no such planes elsewhere' AS expected
FROM told
WHERE
    (is_whole AND (policy != 'raw' OR has_adj))
    OR (NOT is_whole AND (has_phases OR is_without_details))
    OR bit_count(is_haploid & ~has_short1) > 0
    OR bit_count(is_second & ~(has_alt1 & is_phased)) > 0
    OR bit_count(is_second & (has_alt2 | is_haploid)) > 0
UNION ALL
SELECT
    format('{}:{}', calls.contig, min(position)),
    format('{} rows of batch {} in tier common', count(*), calls.batch),
    'none: the batch keeps no details'
FROM stored_calls AS calls
JOIN batches ON calls.batch = batches.batch
WHERE
    calls.contig = getvariable('contig')
    AND calls.tier = 'common'
    AND NOT coalesce(batches.has_details, true)
GROUP BY calls.contig, calls.batch
