-- The carriers of a variant do not add up to its ac: two answers differ.
WITH told AS (
    SELECT contig, position, ref, alt, end_position, sv_length, ac
    FROM allele_counts(
        'all', NULL, getvariable('regions'), getvariable('policy'), 'as_called', 'any'
    )
    WHERE ac > 0
),
listed AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length,
        sum(copies)::BIGINT AS copies,
        count(*) AS carriers
    FROM carried('all', getvariable('regions'), getvariable('policy'), 'as_called', 'any', false)
    GROUP BY ALL
)
SELECT
    format(
        '{}:{} {}>{}',
        coalesce(told.contig, listed.contig),
        coalesce(told.position, listed.position),
        left(coalesce(told.ref, listed.ref), 20), left(coalesce(told.alt, listed.alt), 20)
    ) AS place,
    format(
        'ac {} under policy {}', coalesce(told.ac, 0), getvariable('policy')
    ) AS found,
    format(
        '{} copies of {} carriers', coalesce(listed.copies, 0), coalesce(listed.carriers, 0)
    ) AS expected
FROM told
FULL JOIN listed
    ON told.contig = listed.contig
    AND told.position = listed.position
    AND told.ref = listed.ref
    AND told.alt = listed.alt
    AND told.end_position = listed.end_position
    AND told.sv_length IS NOT DISTINCT FROM listed.sv_length
WHERE coalesce(told.ac, 0) != coalesce(listed.copies, 0)
