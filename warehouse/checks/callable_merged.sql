-- Intervals of callable overlap under one level, or touch and have equal alleles.
WITH levels AS (
    SELECT *, unnest(range(8))::INTEGER AS level FROM callable
    WHERE contig = getvariable('contig')
),
along AS (
    SELECT
        contig, batch, sample_number, level, start_position, end_position, alleles,
        lag(end_position) OVER sample_level AS end_before,
        lag(alleles) OVER sample_level AS alleles_before
    FROM levels
    WHERE policies & (1 << level) > 0
    WINDOW sample_level AS (
        PARTITION BY batch, sample_number, level ORDER BY start_position, end_position
    )
)
SELECT
    format('callable {}:{}-{}', contig, start_position, end_position) AS place,
    format(
        'level {} of sample {}, batch {}: the interval before ends at {}, with {} and {} alleles',
        level, coalesce(sample_number::VARCHAR, 'NULL'), batch, end_before,
        coalesce(alleles_before::VARCHAR, 'unknown'), coalesce(alleles::VARCHAR, 'unknown')
    ) AS found,
    'intervals apart, or next to each other with other alleles' AS expected
FROM along
WHERE
    end_before >= start_position
    OR (end_before = start_position - 1 AND alleles IS NOT DISTINCT FROM alleles_before)
