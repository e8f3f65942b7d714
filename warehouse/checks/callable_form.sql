-- A row of callable has a span, bin, level or number of alleles that cannot be.
WITH kinds AS MATERIALIZED (SELECT batch, kind = 'per_sample' AS is_alone FROM batches),
binned AS (
    SELECT
        *,
        start_position - 1 AS low,
        end_position - 1 AS high
    FROM callable
    WHERE contig = getvariable('contig')
)
SELECT
    format('callable {}:{}-{}', contig, start_position, end_position) AS place,
    format(
        'batch {}, sample {}: alleles {}, policies {}, basis {}, bin {}', batch,
        coalesce(sample_number::VARCHAR, 'NULL'), coalesce(alleles::VARCHAR, 'NULL'), policies,
        basis, bin
    ) AS found,
    'a span within the contig, its reg2bin, policies 1 to 255, 1 or 2 alleles, NULL only by '
    || 'regions on X, Y and PAR; a sample in a per_sample batch, none in others' AS expected
FROM binned
JOIN kinds USING (batch)
JOIN contigs USING (contig)
WHERE
    low < 0
    OR low > high
    OR high >= length_bp
    OR bin != CASE
        WHEN low >> 14 = high >> 14 THEN 4681 + (low >> 14)
        WHEN low >> 17 = high >> 17 THEN 585 + (low >> 17)
        WHEN low >> 20 = high >> 20 THEN 73 + (low >> 20)
        WHEN low >> 23 = high >> 23 THEN 9 + (low >> 23)
        WHEN low >> 26 = high >> 26 THEN 1 + (low >> 26)
        ELSE 0
    END
    OR policies NOT BETWEEN 1 AND 255
    OR basis NOT IN ('block', 'record', 'regions')
    OR alleles NOT BETWEEN 1 AND 2
    OR (alleles IS NULL AND basis != 'regions')
    -- Regions say nothing of quality.
    OR (basis = 'regions' AND is_alone AND policies & 204 != 0)
    OR (sample_number IS NOT NULL) != is_alone
    OR (NOT is_alone AND (alleles IS NOT NULL OR basis != 'regions' OR policies != 51))
