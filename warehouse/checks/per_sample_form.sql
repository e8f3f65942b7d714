-- A row of a per_sample batch has not the form of one, or a row of another batch has it.
WITH kinds AS MATERIALIZED (
    SELECT
        batch,
        kind = 'per_sample' AS is_alone,
        batch IN (SELECT batch FROM removals) AS has_removed
    FROM batches
)
SELECT
    format('calls {}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format(
        'batch {}: tier {}, default_count {}, covered {}, {}', batch, tier, default_count,
        coalesce(covered::VARCHAR, 'NULL'),
        CASE WHEN filters IS NULL THEN 'no filters' ELSE 'filters' END
    ) AS found,
    CASE
        WHEN is_alone THEN 'tier rare, default_count 0, covered of 8 levels, in a per_sample batch'
        ELSE 'covered NULL and no filters in a joint batch'
    END AS expected
FROM stored_calls AS calls
JOIN kinds USING (batch)
WHERE
    contig = getvariable('contig')
    AND CASE
        WHEN is_alone THEN tier != 'rare' OR default_count != 0 OR adj_in_bits
            OR covered IS NULL OR covered NOT BETWEEN 0 AND 65535
        ELSE covered IS NOT NULL OR filters IS NOT NULL
    END
UNION ALL
SELECT
    format('bits {}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)),
    format('a row of policy {} of batch {}', policy, batch),
    'no planes of a per_sample batch'
FROM bits
JOIN kinds USING (batch)
WHERE contig = getvariable('contig') AND is_alone
UNION ALL
SELECT
    format('ploidy {}:{}', contig, start_position),
    format('a row of batch {}', batch),
    'no intervals of ploidy of a per_sample batch'
FROM ploidy
JOIN kinds USING (batch)
WHERE contig = getvariable('contig') AND is_alone
UNION ALL
SELECT
    format('sites {}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)),
    format('source_sample {} in batch {}', coalesce(source_sample::VARCHAR, 'NULL'), batch),
    'the sample whose record it is in a per_sample batch, and NULL in others'
FROM sites
JOIN kinds USING (batch)
WHERE
    contig = getvariable('contig')
    AND (source_sample IS NOT NULL) != is_alone
    -- The record of somebody who was removed is nobody's.
    AND NOT (is_alone AND has_removed)
