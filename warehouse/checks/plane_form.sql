-- A plane of bits has another length than 128 bytes, is all zero, or names samples of other batches.
WITH masks AS (
    SELECT
        batch,
        (sample_number // 1024)::SMALLINT AS block,
        bitstring_agg(sample_number % 1024, 0, 1023) AS mask
    FROM samples
    GROUP BY ALL
),
planes AS (
    SELECT
        contig, position, ref, alt, batch, block, policy,
        unnest(['alt1', 'alt2', 'short1', 'short2', 'haploid', 'phased', 'second'])
            AS plane_name,
        unnest([alt1, alt2, short1, short2, haploid, phased, second]) AS plane
    FROM bits
    WHERE contig = getvariable('contig')
    UNION ALL
    SELECT contig, start_position, '', '', batch, block, 'ploidy', 'haploid', haploid
    FROM ploidy
    WHERE contig = getvariable('contig')
),
sized AS MATERIALIZED (
    SELECT * FROM planes WHERE plane IS NOT NULL
)
SELECT
    format('{}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format('plane {} of {}, batch {}, block {}', plane_name, policy, batch, block) AS found,
    CASE
        WHEN octet_length(plane) != 128 THEN '128 bytes'
        WHEN bit_count(plane::BIT) = 0 THEN 'NULL where no bit is set'
        ELSE 'only bits of samples of that batch'
    END AS expected
FROM sized
LEFT JOIN masks USING (batch, block)
WHERE
    octet_length(plane) != 128
    OR bit_count(plane::BIT) = 0
    OR mask IS NULL
    OR CASE WHEN octet_length(plane) = 128 THEN bit_count(plane::BIT & ~mask) > 0 ELSE true END
