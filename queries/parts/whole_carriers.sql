-- whole_carriers: carriers in joint batches that keep nothing else of a genotype, out of planes.
--
--   in_members   name of a relation of samples: sample_number, batch, sample_id, participant_id,
--                sex
--   in_asked     name of a relation of pieces: those of asked_pieces(), one row per bin of each
--   in_region    NULL, a region or a list of regions: which files are read
--
-- One row per variant and member with at least one copy in a row of `bits` that is whole:
--   contig          the contig
--   position        first base of ref, 1-based
--   ref             reference allele
--   alt             alternate allele
--   end_position    last base of the variant, 1-based
--   sv_length       SVLEN of a symbolic allele; NULL otherwise
--   batch           the batch
--   sample_number   number of the sample
--   alt_count       copies of alt: 1 or 2
--   called_count    called alleles: 1 or 2
--   ploidy          alleles the genotype has room for, as called
--   haplotype       1 or 2: which allele of a phased genotype is alt; NULL where that is not known
--   is_phased       whether a diploid genotype was written with |
--   sample_id       name of the sample in its VCF
--   participant_id  the person
--   sex             'XX', 'XY' or NULL
--   treated         how the genotype counts: as_called, haploid, missing or unknown
--
--   FROM whole_carriers('member', 'asked', NULL) WHERE alt_count = 2;

CREATE OR REPLACE MACRO whole_carriers(in_members, in_asked, in_region) AS TABLE
SELECT
    contig, position, ref, alt, end_position, sv_length, batch, sample_number,
    (1 + twice)::TINYINT AS alt_count,
    (2 - coalesce(get_bit(short, place), 0))::TINYINT AS called_count,
    (2 - is_single)::TINYINT AS ploidy,
    CASE
        WHEN is_phased AND twice = 0 THEN 1 + coalesce(get_bit(latter, place), 0)
    END::TINYINT AS haplotype,
    is_phased,
    sample_id, participant_id, sex, treated
FROM (
    SELECT
        b.contig, b.position, b.ref, b.alt, b.end_position, b.sv_length, b.batch,
        b.short, b.latter,
        m.sample_number, m.place, m.sample_id, m.participant_id, m.sex,
        coalesce(get_bit(b.two, m.place), 0) AS twice,
        coalesce(get_bit(b.single, m.place), 0) AS is_single,
        is_single = 0 AND coalesce(get_bit(b.paired, m.place), 0) = 1 AS is_phased,
        CASE m.sex
            WHEN 'XX' THEN r.treated_xx
            WHEN 'XY' THEN r.treated_xy
            ELSE r.treated_none
        END AS treated
    FROM (
        -- Cast once for each row of bits, not for each of its samples.
        SELECT
            contig, bin, position, ref, alt, end_position, sv_length, batch, block,
            alt1::BIT AS one,
            alt2::BIT AS two,
            short1::BIT AS short,
            haploid::BIT AS single,
            phased::BIT AS paired,
            second::BIT AS latter
        FROM asked_bits(in_region)
        WHERE is_whole
    ) b
    JOIN query_table(in_asked) r
        ON b.contig = r.contig AND b.bin = r.bin AND b.position BETWEEN r.low AND r.high
    JOIN (
        SELECT
            *,
            (sample_number // 1024)::SMALLINT AS block,
            (sample_number % 1024)::INTEGER AS place
        FROM query_table(in_members)
    ) m
        ON b.batch = m.batch AND b.block = m.block AND get_bit(b.one, m.place) = 1
);
