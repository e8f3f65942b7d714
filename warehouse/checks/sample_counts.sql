-- The table sample_counts does not reconcile with calls and bits: genotypes asked, or missing ones.
WITH asked AS (
    SELECT batch, count(*) AS genotypes
    FROM sites
    SEMI JOIN (FROM batches WHERE kind <> 'per_sample') AS together USING (batch)
    WHERE contig = getvariable('contig') AND has_genotypes
    GROUP BY ALL
),
missing AS (
    SELECT batch, (sample_number // 1024)::SMALLINT AS block, count(*) AS genotypes
    FROM stored_calls AS calls
    WHERE contig = getvariable('contig') AND called_count = 0 AND covered IS NULL
    GROUP BY ALL
    UNION ALL
    SELECT batch, block, sum(bit_count(short2::BIT))
    FROM bits
    WHERE contig = getvariable('contig') AND policy = 'raw' AND short2 IS NOT NULL
    GROUP BY ALL
),
missing_in_all AS (
    SELECT batch, block, sum(genotypes)::BIGINT AS genotypes FROM missing GROUP BY ALL
),
told AS (
    SELECT
        batch,
        (sample_number // 1024)::SMALLINT AS block,
        count(*) AS samples,
        sum(genotypes)::BIGINT AS genotypes,
        sum(missing_genotypes)::BIGINT AS missing_genotypes
    FROM sample_counts
    SEMI JOIN (FROM batches WHERE kind <> 'per_sample') AS together USING (batch)
    WHERE contig = getvariable('contig')
    GROUP BY ALL
),
people AS (
    SELECT batch, (sample_number // 1024)::SMALLINT AS block, count(*) AS samples
    FROM samples
    SEMI JOIN asked USING (batch)
    GROUP BY ALL
)
SELECT
    format('{}, batch {}, block {}', getvariable('contig'), batch, block) AS place,
    format(
        '{} samples, {} genotypes, {} missing', coalesce(told.samples, 0),
        coalesce(told.genotypes, 0), coalesce(told.missing_genotypes, 0)
    ) AS found,
    format(
        '{} samples, {} genotypes, {} missing', coalesce(people.samples, 0),
        coalesce(people.samples * asked.genotypes, 0), coalesce(missing_in_all.genotypes, 0)
    ) AS expected
FROM people
FULL JOIN told USING (batch, block)
FULL JOIN missing_in_all USING (batch, block)
LEFT JOIN asked USING (batch)
WHERE
    -- A batch that was asked nothing here may have rows that say so, or none.
    (people.samples IS NOT NULL AND told.samples IS DISTINCT FROM people.samples)
    OR coalesce(told.genotypes, 0) != coalesce(people.samples * asked.genotypes, 0)
    OR coalesce(told.missing_genotypes, 0) != coalesce(missing_in_all.genotypes, 0)
