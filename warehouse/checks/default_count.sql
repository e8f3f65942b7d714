-- A row of calls has another default than the table ploidy says.
WITH haploid_planes AS (
    FROM ploidy WHERE contig = getvariable('contig') AND octet_length(haploid) = 128
),
told AS (
    SELECT
        calls.contig, calls.position, calls.ref, calls.alt, calls.default_count, calls.batch,
        -- Bit 0 of BIT is its leftmost, the most significant of the first byte.
        count(*) FILTER (get_bit(haploid::BIT, (sample_number % 1024)::INTEGER) = 1) AS haploid
    FROM stored_calls AS calls
    LEFT JOIN haploid_planes
        ON calls.batch = haploid_planes.batch
        AND calls.sample_number // 1024 = haploid_planes.block
        AND calls.position BETWEEN haploid_planes.start_position AND haploid_planes.end_position
    WHERE calls.contig = getvariable('contig') AND calls.covered IS NULL
    GROUP BY
        calls.contig, calls.position, calls.ref, calls.alt, calls.end_position, calls.sv_length,
        calls.batch, calls.sample_number, calls.default_count
)
SELECT
    format('{}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format('default_count {} in batch {}', default_count, batch) AS found,
    format('{} by the table ploidy', CASE WHEN haploid > 0 THEN 1 ELSE 2 END) AS expected
FROM told
WHERE default_count != CASE WHEN haploid > 0 THEN 1 ELSE 2 END OR haploid > 1
