-- AN or a part of it is not what the samples add to it one by one (explain_samples).
WITH told AS (
    FROM allele_frequency(
        'all', getvariable('regions'), getvariable('policy'), getvariable('ploidy')
    )
),
added AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length,
        coalesce(sum(alleles) FILTER (part = 'record'), 0)::BIGINT AS an_record,
        coalesce(sum(alleles) FILTER (part = 'block'), 0)::BIGINT AS an_block,
        coalesce(sum(alleles) FILTER (part = 'assumed'), 0)::BIGINT AS an_assumed,
        count(*) FILTER (part = 'none') AS unknown_samples,
        sum(copies)::BIGINT AS ac
    FROM explained(
        getvariable('regions'), 'all', getvariable('policy'), getvariable('ploidy'), 'any'
    )
    GROUP BY ALL
)
SELECT
    format('{}:{} {}>{}', told.contig, told.position, left(told.ref, 20), left(told.alt, 20))
        AS place,
    format(
        'AC {}, AN {} = {} + {} + {}, {} unknown, under {}, {}',
        told.ac, told.an, told.an_record, told.an_block, told.an_assumed, told.unknown_samples,
        getvariable('policy'), getvariable('ploidy')
    ) AS found,
    format(
        'AC {}, AN = {} in records + {} in blocks + {} assumed, {} unknown',
        coalesce(added.ac, 0), coalesce(added.an_record, 0), coalesce(added.an_block, 0),
        coalesce(added.an_assumed, 0), coalesce(added.unknown_samples, 0)
    ) AS expected
FROM told
LEFT JOIN added
    ON told.contig = added.contig
    AND told.position = added.position
    AND told.ref = added.ref
    AND told.alt = added.alt
    AND told.end_position = added.end_position
    AND told.sv_length IS NOT DISTINCT FROM added.sv_length
WHERE
    told.ac != coalesce(added.ac, 0)
    OR told.an != told.an_record + told.an_block + told.an_assumed
    OR told.an_record != coalesce(added.an_record, 0)
    OR told.an_block != coalesce(added.an_block, 0)
    OR told.an_assumed != coalesce(added.an_assumed, 0)
    OR told.unknown_samples != coalesce(added.unknown_samples, 0)
