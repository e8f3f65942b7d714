-- whole_carriers: carriers in joint batches that keep nothing else of a genotype, out of planes.
--
--   in_members   name of a relation of samples: sample_number, batch
--   in_asked     name of a relation of pieces: those of asked_pieces(), one row per bin of each
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
--   treated_xx      how genotypes of XX samples count here, as asked_pieces() has it
--   treated_xy      of XY samples
--   treated_none    of samples of unknown sex
--
--   FROM whole_carriers('member', 'asked') WHERE alt_count = 2;

CREATE OR REPLACE MACRO whole_carriers(in_members, in_asked) AS TABLE
-- Planes are taken apart in words of 64 samples, and only words with a carrier among the members
-- in single samples: each step leaves out what the next one would have looked at in vain.
SELECT
    contig, position, ref, alt, end_position, sv_length, batch,
    (first_sample + place)::INTEGER AS sample_number,
    (CASE WHEN twice & bit > 0 THEN 2 ELSE 1 END)::TINYINT AS alt_count,
    (CASE WHEN short & bit > 0 THEN 1 ELSE 2 END)::TINYINT AS called_count,
    (CASE WHEN single & bit > 0 THEN 1 ELSE 2 END)::TINYINT AS ploidy,
    (CASE
        WHEN paired & bit = 0 OR twice & bit > 0 THEN NULL
        WHEN latter & bit > 0 THEN 2
        ELSE 1
    END)::TINYINT AS haplotype,
    paired & bit > 0 AS is_phased,
    treated_xx, treated_xy, treated_none
FROM (
    SELECT
        contig, position, ref, alt, end_position, sv_length, batch,
        treated_xx, treated_xy, treated_none,
        1024 * block::INTEGER + 8 * (byte - 1) AS first_sample,
        alt1[byte:byte + 7]::BIT::UBIGINT AS once,
        coalesce(alt2[byte:byte + 7]::BIT::UBIGINT, 0) AS twice,
        coalesce(short1[byte:byte + 7]::BIT::UBIGINT, 0) AS short,
        coalesce(haploid[byte:byte + 7]::BIT::UBIGINT, 0) AS single,
        coalesce(phased[byte:byte + 7]::BIT::UBIGINT, 0) & ~single AS paired,
        coalesce(second[byte:byte + 7]::BIT::UBIGINT, 0) AS latter
    FROM (
        SELECT
            b.contig, b.position, b.ref, b.alt, b.end_position, b.sv_length, b.batch, b.block,
            b.alt2, b.short1, b.haploid, b.phased, b.second,
            (b.alt1::BIT & m.mask)::BLOB AS alt1,
            r.treated_xx, r.treated_xy, r.treated_none,
            unnest(m.words) AS byte
        FROM bits b
        JOIN query_table(in_asked) r
            ON b.contig = r.contig AND b.bin = r.bin AND b.position BETWEEN r.low AND r.high
        JOIN (
            SELECT
                *,
                -- The first byte of each word with a member, from 1 on.
                list_filter(
                    range(1, 129, 8),
                    lambda byte: bit_count((mask::BLOB)[byte:byte + 7]::BIT) > 0
                ) AS words
            FROM (
                SELECT
                    batch,
                    (sample_number // 1024)::SMALLINT AS block,
                    bitstring_agg(sample_number % 1024, 0, 1023) AS mask
                FROM query_table(in_members)
                GROUP BY ALL
            )
        ) m
            ON b.batch = m.batch AND b.block = m.block
        WHERE b.is_whole AND bit_count(b.alt1::BIT & m.mask) > 0
    )
    WHERE once > 0
)
CROSS JOIN (
    SELECT place, 1::UBIGINT << (63 - place)::UBIGINT AS bit
    FROM (SELECT unnest(range(64))::INTEGER AS place)
)
WHERE once & bit > 0;
