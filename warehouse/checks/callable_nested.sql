-- A stricter level of callable knows a place that the level it is part of does not.
WITH changes AS (
    SELECT
        batch, sample_number, base, policies, sign
    FROM (
        SELECT
            batch, sample_number, policies,
            unnest([start_position, end_position + 1]) AS base,
            unnest([1, -1]) AS sign
        FROM callable
        WHERE contig = getvariable('contig')
    )
),
at_bases AS (
    SELECT
        batch, sample_number, base,
        sum(CASE WHEN policies & 1 > 0 THEN sign ELSE 0 END) AS change_0,
        sum(CASE WHEN policies & 2 > 0 THEN sign ELSE 0 END) AS change_1,
        sum(CASE WHEN policies & 4 > 0 THEN sign ELSE 0 END) AS change_2,
        sum(CASE WHEN policies & 8 > 0 THEN sign ELSE 0 END) AS change_3,
        sum(CASE WHEN policies & 16 > 0 THEN sign ELSE 0 END) AS change_4,
        sum(CASE WHEN policies & 32 > 0 THEN sign ELSE 0 END) AS change_5,
        sum(CASE WHEN policies & 64 > 0 THEN sign ELSE 0 END) AS change_6,
        sum(CASE WHEN policies & 128 > 0 THEN sign ELSE 0 END) AS change_7
    FROM changes
    GROUP BY batch, sample_number, base
),
known AS (
    SELECT
        batch, sample_number, base,
        sum(change_0) OVER along > 0 AS level_0,
        sum(change_1) OVER along > 0 AS level_1,
        sum(change_2) OVER along > 0 AS level_2,
        sum(change_3) OVER along > 0 AS level_3,
        sum(change_4) OVER along > 0 AS level_4,
        sum(change_5) OVER along > 0 AS level_5,
        sum(change_6) OVER along > 0 AS level_6,
        sum(change_7) OVER along > 0 AS level_7
    FROM at_bases
    WINDOW along AS (PARTITION BY batch, sample_number ORDER BY base)
)
SELECT
    format('callable {}:{}', getvariable('contig'), base) AS place,
    format(
        'sample {} of batch {}: known at levels {}',
        coalesce(sample_number::VARCHAR, 'NULL'), batch,
        array_to_string(list_where(
            range(8),
            [level_0, level_1, level_2, level_3, level_4, level_5, level_6, level_7]
        ), ', ')
    ) AS found,
    '0 within 1; 2 and 3 within 0; 4, 5, 6, 7 within 0, 1, 2, 3; 4 within 5; 6 and 7 within 4'
        AS expected
FROM known
WHERE
    (level_0 AND NOT level_1)
    OR ((level_2 OR level_3 OR level_4) AND NOT level_0)
    OR (level_5 AND NOT level_1)
    OR (level_6 AND NOT level_2)
    OR (level_7 AND NOT level_3)
    OR (level_4 AND NOT level_5)
    OR ((level_6 OR level_7) AND NOT level_4)
