-- Rows name a sample that is not in their batch.
WITH named AS (
    SELECT 'calls' AS table_name, contig, position, batch, sample_number
    FROM stored_calls AS calls
    WHERE contig = getvariable('contig')
    UNION ALL
    SELECT 'sample_counts', contig, 0, batch, sample_number
    FROM sample_counts
    WHERE contig = getvariable('contig')
    UNION ALL
    SELECT 'callable', contig, start_position, batch, sample_number
    FROM callable
    WHERE contig = getvariable('contig') AND sample_number IS NOT NULL
    UNION ALL
    SELECT 'sites', contig, position, batch, source_sample
    FROM sites
    WHERE contig = getvariable('contig') AND source_sample IS NOT NULL
)
SELECT
    format('{} {}:{}', table_name, contig, min(position)) AS place,
    format('{} rows name sample {} of batch {}', count(*), sample_number, batch) AS found,
    'a sample of that batch in the table samples' AS expected
FROM named
ANTI JOIN samples USING (sample_number, batch)
GROUP BY table_name, contig, batch, sample_number
