-- The table batches counts other samples or variants than the tables hold.
WITH people AS (
    SELECT batch, count(*) AS samples FROM samples GROUP BY ALL
),
variants AS (
    SELECT batch, count(*) AS variants FROM sites GROUP BY ALL
)
SELECT
    format('batch {}', batch) AS place,
    format(
        '{} samples, {} variants in batches', coalesce(batches.samples::VARCHAR, 'no'),
        coalesce(batches.variants::VARCHAR, 'no')
    ) AS found,
    format(
        '{} samples, {} variants as in samples and sites', coalesce(people.samples, 0),
        coalesce(variants.variants, 0)
    ) AS expected
FROM batches
FULL JOIN people USING (batch)
FULL JOIN variants USING (batch)
WHERE
    batches.batch IS NULL
    OR batches.samples != coalesce(people.samples, 0)
    OR batches.variants != coalesce(variants.variants, 0)
