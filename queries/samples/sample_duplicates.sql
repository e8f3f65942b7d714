-- sample_duplicates: which samples have the genotypes of one person, and which should but have not?
--
--   in_cohort         a cohort's name; an unknown name is an error, not an empty answer
--   in_region         NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   min_concordance   share of equal genotypes from which two samples are taken for one person
--   min_variants      variants at which both must be called, to tell
--
-- Compared are up to 1,024 variants on autosomes: of each 4,096 bases the one whose frequency is
-- nearest a half. Fewer than min_variants of them are an error. A cohort counts a participant once,
-- so that compared are all samples of the participants in it, those beside the cohort too. Pairs
-- that agree in no row of 16 variants are not looked at. One row per pair that is one person by its
-- genotypes, or by its participant:
--   sample_id               name of the sample in its VCF, with the lower number in the lake
--   other_sample_id         name of the other
--   participant_id          the person of the first
--   other_participant_id    the person of the other
--   compared                variants at which both are called; of a sample that was asked alone,
--                           only those that its own records list
--   agreeing                of them, with equal genotypes
--   concordance             agreeing / compared, in [0, 1]; NULL where nothing can be compared
--   verdict                 'duplicate' (two participants, one person), 'as declared' (one
--                           participant, one person), 'swap' (one participant, two people), or
--                           'too few variants'
--
--   FROM sample_duplicates('all', min_variants := 1) WHERE verdict <> 'as declared';

CREATE OR REPLACE MACRO sample_duplicates(
    in_cohort,
    in_region := NULL,
    min_concordance := 0.98,
    min_variants := 50
) AS TABLE
WITH member AS MATERIALIZED (
    SELECT
        s.sample_number,
        s.sample_id,
        s.participant_id,
        s.batch,
        b.kind = 'per_sample' AS is_alone,
        (s.sample_number // 1024)::SMALLINT AS block,
        (s.sample_number % 1024)::INTEGER AS at
    FROM samples s
    JOIN batches b ON s.batch = b.batch
    SEMI JOIN cohort_samples(in_cohort) m ON s.participant_id = m.participant_id
),
ranked AS (
    SELECT
        c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length,
        c.position >> 14 AS bin,
        abs(c.ac - c.samples) AS distance,
        -- Not in the order of the genome, so that neighbours, which go together, lie apart.
        hash(c.contig, c.position) AS mixed
    FROM allele_counts(in_cohort, NULL, in_region, 'raw', 'as_called', 'any') c
    JOIN contigs k ON c.contig = k.contig AND k.kind = 'autosome'
    WHERE abs(c.ac - c.samples) < c.samples AND c.heterozygotes < c.samples
    QUALIFY row_number() OVER (
        PARTITION BY c.contig, c.position >> 12 ORDER BY distance, c.position, c.ref, c.alt
    ) = 1
),
chosen AS MATERIALIZED (
    SELECT
        *,
        (row_number() OVER (ORDER BY mixed, contig, position) - 1)::INTEGER AS place,
        CASE
            WHEN count(*) OVER () < min_variants
                THEN error(
                    'only ' || (count(*) OVER ()) || ' variants on autosomes lie 4,096 bases '
                    || 'apart, and it takes ' || min_variants || ' to tell people apart: ask a '
                    || 'larger region, or lower min_variants'
                )
            ELSE true
        END AS is_fit
    FROM (FROM ranked ORDER BY distance, mixed LIMIT 1024)
),
-- Said where nothing is left to choose of.
counted AS MATERIALIZED (
    SELECT
        CASE
            WHEN count(*) = 0 AND min_variants > 0
                THEN error(
                    'nothing varies on autosomes in this cohort and region: there is nothing to '
                    || 'tell people apart by'
                )
            ELSE true
        END AS is_fit
    FROM chosen
),
records AS MATERIALIZED (
    SELECT s.batch, c.place
    FROM asked_sites(in_region) s
    JOIN chosen c
        ON s.contig = c.contig
        AND s.bin = c.bin
        AND s.position = c.position
        AND s.ref = c.ref
        AND s.alt = c.alt
        AND s.end_position = c.end_position
        AND s.sv_length IS NOT DISTINCT FROM c.sv_length
    WHERE s.has_genotypes
),
told AS (
    SELECT
        m.sample_number,
        b.place,
        coalesce(get_bit(b.one, m.at), 0) = 1 AS has_one,
        coalesce(get_bit(b.two, m.at), 0) = 1 AS has_two,
        coalesce(get_bit(b.short, m.at), 0) = 0 AS is_called
    FROM (
        SELECT
            b.batch, b.block, c.place,
            b.alt1::BIT AS one, b.alt2::BIT AS two, b.short1::BIT AS short
        FROM asked_bits(in_region) b
        JOIN chosen c
            ON b.contig = c.contig
            AND b.bin = c.bin
            AND b.position = c.position
            AND b.ref = c.ref
            AND b.alt = c.alt
            AND b.end_position = c.end_position
            AND b.sv_length IS NOT DISTINCT FROM c.sv_length
        WHERE b.policy = 'raw'
    ) b
    JOIN member m ON b.batch = m.batch AND b.block = m.block
    WHERE has_one OR NOT is_called
    UNION ALL
    SELECT
        m.sample_number,
        c.place,
        s.alt_count > 0,
        s.alt_count = 2,
        s.called_count = 2
    FROM asked_rare_calls(in_region) s
    JOIN member m ON s.sample_number = m.sample_number
    JOIN chosen c
        ON s.contig = c.contig
        AND s.bin = c.bin
        AND s.position = c.position
        AND s.ref = c.ref
        AND s.alt = c.alt
        AND s.end_position = c.end_position
        AND s.sv_length IS NOT DISTINCT FROM c.sv_length
),
-- 1,024 bits for each sample: a copy, two copies, called.
own AS (
    SELECT
        sample_number,
        bitstring_agg(place, 0, 1023) FILTER (has_one AND is_called) AS one,
        bitstring_agg(place, 0, 1023) FILTER (has_two AND is_called) AS two,
        bitstring_agg(place, 0, 1023) FILTER (is_called) AS own_called,
        bitstring_agg(place, 0, 1023) FILTER (NOT is_called) AS not_called
    FROM told
    GROUP BY sample_number
),
planes AS MATERIALIZED (
    SELECT
        m.*,
        coalesce(o.one, bitstring('0', 1024)) AS one,
        coalesce(o.two, bitstring('0', 1024)) AS two,
        CASE
            WHEN m.is_alone THEN coalesce(o.own_called, bitstring('0', 1024))
            ELSE coalesce(r.asked, bitstring('0', 1024))
            & ~coalesce(o.not_called, bitstring('0', 1024))
        END AS called
    FROM member m
    LEFT JOIN own o ON m.sample_number = o.sample_number
    LEFT JOIN (
        SELECT batch, bitstring_agg(place, 0, 1023) AS asked FROM records GROUP BY batch
    ) r ON m.batch = r.batch
),
-- One person's samples are equal in most rows of 16 variants, two people's in hardly any.
bands AS (
    SELECT sample_number, band, substr(ones, band, 16) AS ones, substr(twos, band, 16) AS twos
    FROM (
        SELECT
            sample_number,
            one::VARCHAR AS ones,
            two::VARCHAR AS twos,
            unnest(range(1, 1025, 16)) AS band
        FROM planes
    )
),
pairs AS (
    SELECT a.sample_number AS low, b.sample_number AS high
    FROM bands a
    JOIN bands b
        ON a.band = b.band
        AND a.ones = b.ones
        AND a.twos = b.twos
        AND a.sample_number < b.sample_number
    -- Two people without a copy have nothing in common.
    WHERE length(replace(a.ones, '0', '')) >= 3
    UNION
    SELECT a.sample_number, b.sample_number
    FROM member a
    JOIN member b ON a.participant_id = b.participant_id AND a.sample_number < b.sample_number
),
compared AS (
    SELECT
        a.sample_id,
        b.sample_id AS other_sample_id,
        a.participant_id,
        b.participant_id AS other_participant_id,
        bit_count(a.called & b.called) AS compared,
        bit_count(
            a.called & b.called & ~xor(a.one, b.one) & ~xor(a.two, b.two)
        ) AS agreeing
    FROM pairs p
    JOIN planes a ON p.low = a.sample_number
    JOIN planes b ON p.high = b.sample_number
)
SELECT
    sample_id,
    other_sample_id,
    participant_id,
    other_participant_id,
    compared::BIGINT AS compared,
    agreeing::BIGINT AS agreeing,
    agreeing / nullif(compared, 0) AS concordance,
    CASE
        WHEN compared < min_variants THEN 'too few variants'
        WHEN participant_id <> other_participant_id THEN 'duplicate'
        WHEN agreeing >= min_concordance * compared THEN 'as declared'
        ELSE 'swap'
    END AS verdict
FROM compared
WHERE
    participant_id = other_participant_id
    OR (compared >= min_variants AND agreeing >= min_concordance * compared)
-- Without these branches what is wrong would go unseen. They give no row; no column is a constant,
-- or a filter on it would take the branch away.
UNION ALL
SELECT contig, contig, contig, contig, place, place, place, contig FROM chosen WHERE NOT is_fit
UNION ALL
SELECT
    is_fit::VARCHAR, is_fit::VARCHAR, is_fit::VARCHAR, is_fit::VARCHAR, is_fit::BIGINT,
    is_fit::BIGINT, is_fit::DOUBLE, is_fit::VARCHAR
FROM counted
WHERE NOT is_fit;
