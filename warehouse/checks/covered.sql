-- A call's covered is not what the table callable has of the sample over the span of the variant.
WITH asked AS (
    SELECT
        contig, position, ref, alt, batch, sample_number, covered,
        CASE
            WHEN starts_with(alt, '<') OR contains(alt, '[') OR contains(alt, ']')
                OR (length(alt) > 1 AND (starts_with(alt, '.') OR ends_with(alt, '.'))) THEN NULL
            WHEN length(ref) = 1 AND length(alt) > 1 THEN end_position + 1
            ELSE end_position
        END AS last_base,
        row_number() OVER () AS call
    FROM stored_calls AS calls
    WHERE contig = getvariable('contig') AND covered IS NOT NULL
),
near AS (
    SELECT
        call, batch, sample_number, position, last_base,
        -- Only an interval in a bin that holds the whole span holds the span.
        unnest([
            0,
            1 + ((position - 1) >> 26),
            9 + ((position - 1) >> 23),
            73 + ((position - 1) >> 20),
            585 + ((position - 1) >> 17),
            4681 + ((position - 1) >> 14)
        ]) AS bin
    FROM asked
    WHERE last_base IS NOT NULL
),
holding AS (
    SELECT
        near.call,
        sum(
            coalesce(alleles, 3)::INTEGER * (
                (policies::INTEGER & 1)
                + ((policies::INTEGER & 2) << 1)
                + ((policies::INTEGER & 4) << 2)
                + ((policies::INTEGER & 8) << 3)
                + ((policies::INTEGER & 16) << 4)
                + ((policies::INTEGER & 32) << 5)
                + ((policies::INTEGER & 64) << 6)
                + ((policies::INTEGER & 128) << 7)
            )
        )::BIGINT AS covered
    FROM near
    JOIN (FROM callable WHERE contig = getvariable('contig')) AS known
        ON near.batch = known.batch
        AND near.sample_number = known.sample_number
        AND near.bin = known.bin
        AND known.start_position <= near.position
        AND known.end_position >= near.last_base
    GROUP BY ALL
)
SELECT
    format('calls {}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format('covered {} of sample {}, batch {}', asked.covered, sample_number, batch) AS found,
    format('{} by callable, two bits a level', coalesce(holding.covered, 0)) AS expected
FROM asked
LEFT JOIN holding USING (call)
WHERE asked.covered != coalesce(holding.covered, 0)
