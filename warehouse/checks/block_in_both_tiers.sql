-- A block is in the wrong tier: rare rows beside raw bits, common ones without or beside whole.
WITH raw_bits AS (
    FROM bits WHERE contig = getvariable('contig') AND policy = 'raw'
),
blocks AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length, batch,
        (sample_number // 1024)::SMALLINT AS block, tier, count(*) AS calls
    FROM stored_calls AS calls
    WHERE contig = getvariable('contig')
    GROUP BY ALL
)
SELECT
    format(
        '{}:{} {}>{}', blocks.contig, blocks.position, left(blocks.ref, 20), left(blocks.alt, 20)
    ) AS place,
    format(
        '{} rows in tier {} of batch {}, block {}, and {} raw bits',
        calls, tier, blocks.batch, blocks.block,
        CASE
            WHEN raw_bits.batch IS NULL THEN 'no' WHEN raw_bits.is_whole THEN 'whole' ELSE 'also'
        END
    ) AS found,
    'tier common exactly where the block has raw bits, and no rows where they are whole' AS expected
FROM blocks
LEFT JOIN raw_bits
    ON blocks.position = raw_bits.position
    AND blocks.ref = raw_bits.ref
    AND blocks.alt = raw_bits.alt
    AND blocks.end_position = raw_bits.end_position
    AND blocks.sv_length IS NOT DISTINCT FROM raw_bits.sv_length
    AND blocks.batch = raw_bits.batch
    AND blocks.block = raw_bits.block
WHERE (tier = 'common') != (raw_bits.batch IS NOT NULL) OR raw_bits.is_whole
