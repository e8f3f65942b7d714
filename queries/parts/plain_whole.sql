-- plain_whole: carriers that bits alone tell, as whole_carriers() has them, in one region of a
-- contig without zones and haploid samples.
--
--   in_members   name of a relation of samples: sample_number, batch, sample_id, participant_id,
--                sex
--   in_region    a region that asked_plain_piece() knows
--   is_alone     whether the relation is one sample
--
-- One row per variant and member with at least one copy in a row of `bits` that is whole:
--   contig           the contig
--   position         first base of ref, 1-based
--   ref              reference allele
--   alt              alternate allele
--   end_position     last base of the variant, 1-based
--   sv_length        SVLEN of a symbolic allele; NULL otherwise
--   batch            the batch
--   sample_number    number of the sample
--   alt_count        copies of alt: 1 or 2
--   called_count     called alleles: 1 or 2
--   ploidy           alleles the genotype has room for, as called
--   haplotype        1 or 2: which allele of a phased genotype is alt; NULL where that is not known
--   sample_id        name of the sample in its VCF
--   participant_id   the person
--   sex              'XX', 'XY' or NULL
--
--   FROM plain_whole('member', '22', false) WHERE alt_count = 2;

CREATE OR REPLACE MACRO plain_whole(in_members, in_region, is_alone) AS TABLE
WITH places AS (
    SELECT
        *,
        (sample_number // 1024)::SMALLINT AS block,
        (sample_number % 1024)::INTEGER AS place
    FROM query_table(in_members)
),
whole AS (
    SELECT b.*
    FROM asked_bits(in_region) b
    WHERE
        b.is_whole
        AND b.contig = asked_contig(in_region)
        AND b.position BETWEEN asked_low(in_region) AND asked_high(in_region)
),
-- Of one sample most rows fall away before more than a plane is cast.
of_one AS (
    SELECT
        b.contig, b.position, b.ref, b.alt, b.end_position, b.sv_length, b.batch,
        b.alt2::BIT AS two, b.short1::BIT AS short, b.haploid::BIT AS single,
        b.phased::BIT AS paired, b.second::BIT AS latter,
        m.sample_number, m.place, m.sample_id, m.participant_id, m.sex
    FROM whole b
    JOIN places m
        ON b.batch = m.batch AND b.block = m.block AND get_bit(b.alt1::BIT, m.place) = 1
),
-- Else each is cast once for a row, not for each of its samples.
of_many AS (
    SELECT b.* EXCLUDE (block, one), m.sample_number, m.place, m.sample_id, m.participant_id, m.sex
    FROM (
        SELECT
            contig, position, ref, alt, end_position, sv_length, batch, block,
            alt1::BIT AS one,
            alt2::BIT AS two,
            short1::BIT AS short,
            haploid::BIT AS single,
            phased::BIT AS paired,
            second::BIT AS latter
        FROM whole
    ) b
    JOIN places m ON b.batch = m.batch AND b.block = m.block AND get_bit(b.one, m.place) = 1
)
SELECT
    contig, position, ref, alt, end_position, sv_length, batch, sample_number,
    (1 + twice)::TINYINT AS alt_count,
    (2 - coalesce(get_bit(short, place), 0))::TINYINT AS called_count,
    (2 - is_single)::TINYINT AS ploidy,
    CASE
        WHEN is_single = 0 AND twice = 0 AND coalesce(get_bit(paired, place), 0) = 1
            THEN 1 + coalesce(get_bit(latter, place), 0)
    END::TINYINT AS haplotype,
    sample_id, participant_id, sex
FROM (
    SELECT
        *,
        coalesce(get_bit(two, place), 0) AS twice,
        coalesce(get_bit(single, place), 0) AS is_single
    FROM query_table(CASE WHEN is_alone THEN 'of_one' ELSE 'of_many' END)
);
