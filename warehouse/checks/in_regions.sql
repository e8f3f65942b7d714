-- A site's in_regions is not what the regions of the batch in the table callable say.
WITH asked AS (
    SELECT
        contig, position, ref, alt, batch, in_regions,
        kind = 'joint' AND absent = 'regions' AS has_regions,
        CASE
            WHEN starts_with(alt, '<') OR contains(alt, '[') OR contains(alt, ']')
                OR (length(alt) > 1 AND (starts_with(alt, '.') OR ends_with(alt, '.'))) THEN NULL
            WHEN length(ref) = 1 AND length(alt) > 1 THEN end_position + 1
            ELSE end_position
        END AS last_base,
        row_number() OVER () AS site
    FROM sites
    JOIN batches USING (batch)
    WHERE contig = getvariable('contig')
),
regions AS (
    SELECT batch, start_position, end_position
    FROM callable
    WHERE contig = getvariable('contig') AND sample_number IS NULL
),
held AS (
    -- Regions of one batch are apart: only the last that begins before can hold the span.
    SELECT asked.site, regions.end_position >= asked.last_base AS is_inside
    FROM asked
    ASOF JOIN regions
        ON asked.batch = regions.batch AND asked.position >= regions.start_position
    WHERE asked.has_regions
)
SELECT
    format('sites {}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format('in_regions {} in batch {}', coalesce(in_regions::VARCHAR, 'NULL'), batch) AS found,
    CASE
        WHEN has_regions THEN format('{}', coalesce(is_inside, false))
        ELSE 'NULL: its batch has no regions of all its samples'
    END AS expected
FROM asked
LEFT JOIN held USING (site)
WHERE
    in_regions IS DISTINCT FROM CASE WHEN has_regions THEN coalesce(is_inside, false) END
