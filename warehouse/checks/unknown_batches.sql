-- Rows name a batch, or a position, that the lake does not have.
WITH named AS (
    SELECT 'sites' AS table_name, contig, batch, min(position) AS first, max(position) AS last
    FROM sites WHERE contig = getvariable('contig') GROUP BY ALL
    UNION ALL
    SELECT 'bits', contig, batch, min(position), max(position)
    FROM bits WHERE contig = getvariable('contig') GROUP BY ALL
    UNION ALL
    SELECT 'calls', contig, batch, min(position), max(position)
    FROM stored_calls AS calls WHERE contig = getvariable('contig') GROUP BY ALL
    UNION ALL
    SELECT 'ploidy', contig, batch, min(start_position), max(end_position)
    FROM ploidy WHERE contig = getvariable('contig') GROUP BY ALL
    UNION ALL
    -- Regions may be given of contigs on which the batch has no record.
    SELECT
        'callable', contig, batch, min(start_position), max(end_position)
    FROM callable WHERE contig = getvariable('contig') AND basis <> 'regions' GROUP BY ALL
)
SELECT
    format('{} {}:{}', table_name, contig, first) AS place,
    format('batch {}, positions {} to {}', named.batch, first, last) AS found,
    format(
        'a batch that lists {} among its contigs, positions 1 to {}',
        contig, coalesce(length_bp::VARCHAR, 'its length')
    ) AS expected
FROM named
LEFT JOIN contigs USING (contig)
LEFT JOIN batches ON named.batch = batches.batch AND list_contains(batches.contigs, named.contig)
WHERE batches.batch IS NULL OR length_bp IS NULL OR first < 1 OR last > length_bp
