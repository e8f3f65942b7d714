-- The carriers in calls are not those in the planes of bits, so two answers would differ.
WITH counted AS (
    SELECT *, unnest(['raw', 'adj@1', 'adj@1-haploid']) AS policy
    FROM stored_calls AS calls
    WHERE contig = getvariable('contig') AND alt_count > 0
),
from_calls AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length, batch,
        (sample_number // 1024)::SMALLINT AS block,
        policy,
        bitstring_agg(sample_number % 1024, 0, 1023) AS carriers,
        coalesce(
            bitstring_agg(sample_number % 1024, 0, 1023) FILTER (alt_count = 2),
            bitstring('0', 1024)
        ) AS two_copies,
        coalesce(
            bitstring_agg(sample_number % 1024, 0, 1023) FILTER (called_count = 1),
            bitstring('0', 1024)
        ) AS one_allele
    FROM counted
    WHERE
        CASE policy
            WHEN 'raw' THEN tier = 'common'
            WHEN 'adj@1' THEN adj_in_bits AND passes_adj
            ELSE
                adj_in_bits
                AND passes_adj_haploid
                AND EXISTS (
                    FROM zones
                    WHERE
                        zones.contig = counted.contig
                        AND zones.zone IN ('x', 'y')
                        AND counted.position BETWEEN start_position AND zones.end_position
                )
        END
    GROUP BY ALL
),
from_bits AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length, batch, block, policy,
        coalesce(alt1::BIT, bitstring('0', 1024)) AS carriers,
        coalesce(alt2::BIT, bitstring('0', 1024)) AS two_copies,
        coalesce(alt1::BIT, bitstring('0', 1024))
        & coalesce(short1::BIT, bitstring('0', 1024)) AS one_allele
    FROM bits
    WHERE
        contig = getvariable('contig')
        AND NOT is_whole
        AND octet_length(coalesce(alt1, alt2, short1, short2)) = 128
)
SELECT
    format(
        '{}:{} {}>{}',
        getvariable('contig'),
        coalesce(from_calls.position, from_bits.position),
        left(coalesce(from_calls.ref, from_bits.ref), 20),
        left(coalesce(from_calls.alt, from_bits.alt), 20)
    ) AS place,
    format(
        'policy {}, batch {}, block {}: {} carriers, {} with two copies, {} with one allele in bits',
        coalesce(from_calls.policy, from_bits.policy),
        coalesce(from_calls.batch, from_bits.batch),
        coalesce(from_calls.block, from_bits.block),
        coalesce(bit_count(from_bits.carriers), 0),
        coalesce(bit_count(from_bits.two_copies), 0),
        coalesce(bit_count(from_bits.one_allele), 0)
    ) AS found,
    format(
        'the {} carriers, {} with two copies, {} with one allele of calls',
        coalesce(bit_count(from_calls.carriers), 0),
        coalesce(bit_count(from_calls.two_copies), 0),
        coalesce(bit_count(from_calls.one_allele), 0)
    ) AS expected
FROM from_calls
FULL JOIN from_bits
    ON from_calls.position = from_bits.position
    AND from_calls.ref = from_bits.ref
    AND from_calls.alt = from_bits.alt
    AND from_calls.end_position = from_bits.end_position
    AND from_calls.sv_length IS NOT DISTINCT FROM from_bits.sv_length
    AND from_calls.batch = from_bits.batch
    AND from_calls.block = from_bits.block
    AND from_calls.policy = from_bits.policy
WHERE
    coalesce(from_calls.carriers, bitstring('0', 1024))
    != coalesce(from_bits.carriers, bitstring('0', 1024))
    OR coalesce(from_calls.two_copies, bitstring('0', 1024))
    != coalesce(from_bits.two_copies, bitstring('0', 1024))
    OR coalesce(from_calls.one_allele, bitstring('0', 1024))
    != coalesce(from_bits.one_allele, bitstring('0', 1024))
