-- The table sample_counts does not reconcile with the calls of a sample that was asked alone.
WITH told AS (
    SELECT batch, sample_number, genotypes::BIGINT AS genotypes, missing_genotypes
    FROM sample_counts
    SEMI JOIN (FROM batches WHERE kind = 'per_sample') AS alone USING (batch)
    WHERE contig = getvariable('contig')
),
found AS (
    SELECT
        batch,
        sample_number,
        count(*) AS genotypes,
        count(*) FILTER (called_count = 0) AS missing_genotypes
    FROM stored_calls AS calls
    WHERE contig = getvariable('contig') AND covered IS NOT NULL
    GROUP BY ALL
)
SELECT
    format('{}, sample {} of batch {}', getvariable('contig'), sample_number, batch) AS place,
    format(
        '{} genotypes, {} missing', coalesce(told.genotypes, 0), coalesce(told.missing_genotypes, 0)
    ) AS found,
    format(
        '{} rows of calls, {} without a called allele', coalesce(found.genotypes, 0),
        coalesce(found.missing_genotypes, 0)
    ) AS expected
FROM told
FULL JOIN found USING (batch, sample_number)
WHERE
    coalesce(told.genotypes, 0) != coalesce(found.genotypes, 0)
    OR coalesce(told.missing_genotypes, 0) != coalesce(found.missing_genotypes, 0)
