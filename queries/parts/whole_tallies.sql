-- whole_tallies: what samples carry in joint batches that keep no details, counted out of planes.
--
--   in_asked     name of a relation of pieces: those of asked_pieces(), one row per bin of each
--   in_cells     name of a relation of cells: those of block_cells()
--   in_single    name of a relation of variants with one copy in the cohort
--   in_filter    'any' or 'pass'
--
-- One row per member with a copy that counts in a row of `bits` that is whole:
--   sample_number        number of the sample
--   variants             variants with at least one copy
--   heterozygotes        of them, with one copy of two called alleles
--   homozygotes          with two copies
--   hemizygotes          with the one allele there is room for
--   half_calls           with one copy and one missing allele
--   singletons           variants of in_single
--   transitions          changes of one base among purines or among pyrimidines
--   transversions        other changes of one base
--   snv                  changes of one base, bases that are unknown included
--   insertions           alt longer than ref
--   deletions            alt shorter than ref
--   autosomal_heterozygotes   of the heterozygotes, those on autosomes
--   x_heterozygotes      of the heterozygotes, those on X outside PAR
--
--   FROM whole_tallies('asked', 'cells', 'single', 'any') WHERE variants > 0;

CREATE OR REPLACE MACRO whole_tallies(in_asked, in_cells, in_single, in_filter) AS TABLE
WITH failed AS NOT MATERIALIZED (
    SELECT s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length, s.batch
    FROM sites s
    SEMI JOIN query_table(in_asked) r
        ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
    WHERE in_filter = 'pass' AND len(s.filters) > 0
),
-- Four planes without a bit in common. A haploid sample that is called heterozygous is missing.
kinds AS (
    SELECT
        block,
        change_kind(ref, alt) AS change,
        place,
        is_single,
        unnest(['het', 'hom', 'hemi', 'half']) AS kind,
        unnest(CASE treated
            WHEN 'haploid' THEN [NULL, NULL, (two | alone) & mask, NULL]
            ELSE [
                one & ~(two | alone) & mask,
                two & mask,
                alone & single & mask,
                alone & ~single & mask
            ]
        END)::BLOB AS plane
    FROM (
        SELECT
            b.block, b.ref, b.alt, m.treated, m.mask,
            b.alt1::BIT AS one,
            coalesce(b.alt2::BIT, bitstring('0', 1024)) AS two,
            coalesce(b.alt1::BIT & b.short1::BIT, bitstring('0', 1024)) AS alone,
            coalesce(b.haploid::BIT, bitstring('0', 1024)) AS single,
            CASE WHEN r.zone = 'x' OR k.kind = 'autosome' THEN r.zone END AS place,
            u.position IS NOT NULL AS is_single
        FROM bits b
        JOIN contigs k ON b.contig = k.contig
        JOIN query_table(in_asked) r
            ON b.contig = r.contig AND b.bin = r.bin AND b.position BETWEEN r.low AND r.high
        JOIN query_table(in_cells) m
            ON r.rule = m.rule AND b.batch = m.batch AND b.block = m.block
            AND m.treated IN ('as_called', 'haploid')
        LEFT JOIN query_table(in_single) u
            ON b.contig = u.contig
            AND b.position = u.position
            AND b.ref = u.ref
            AND b.alt = u.alt
            AND b.end_position = u.end_position
            AND b.sv_length IS NOT DISTINCT FROM u.sv_length
        ANTI JOIN failed f
            ON b.contig = f.contig
            AND b.position = f.position
            AND b.ref = f.ref
            AND b.alt = f.alt
            AND b.end_position = f.end_position
            AND b.sv_length IS NOT DISTINCT FROM f.sv_length
            AND b.batch = f.batch
        WHERE b.is_whole AND bit_count(b.alt1::BIT & m.mask) > 0
    )
),
-- 64 samples at once: two sums of 32 bits in each of 32 words, which no number of rows makes flow
-- over. (One sum for each sample takes five times as long.)
sums AS (
    SELECT
        block, byte, change, place, is_single, kind,
        [
            sum(word & 4294967297), sum((word >> 1) & 4294967297),
            sum((word >> 2) & 4294967297), sum((word >> 3) & 4294967297),
            sum((word >> 4) & 4294967297), sum((word >> 5) & 4294967297),
            sum((word >> 6) & 4294967297), sum((word >> 7) & 4294967297),
            sum((word >> 8) & 4294967297), sum((word >> 9) & 4294967297),
            sum((word >> 10) & 4294967297), sum((word >> 11) & 4294967297),
            sum((word >> 12) & 4294967297), sum((word >> 13) & 4294967297),
            sum((word >> 14) & 4294967297), sum((word >> 15) & 4294967297),
            sum((word >> 16) & 4294967297), sum((word >> 17) & 4294967297),
            sum((word >> 18) & 4294967297), sum((word >> 19) & 4294967297),
            sum((word >> 20) & 4294967297), sum((word >> 21) & 4294967297),
            sum((word >> 22) & 4294967297), sum((word >> 23) & 4294967297),
            sum((word >> 24) & 4294967297), sum((word >> 25) & 4294967297),
            sum((word >> 26) & 4294967297), sum((word >> 27) & 4294967297),
            sum((word >> 28) & 4294967297), sum((word >> 29) & 4294967297),
            sum((word >> 30) & 4294967297), sum((word >> 31) & 4294967297)
        ]::UBIGINT[] AS lane_pairs
    FROM (
        SELECT *, plane[byte:byte + 7]::BIT::UBIGINT AS word
        FROM (
            SELECT *, unnest(range(1, 129, 8)) AS byte FROM kinds WHERE bit_count(plane::BIT) > 0
        )
        WHERE word > 0
    )
    GROUP BY block, byte, change, place, is_single, kind
),
counted AS (
    SELECT
        change, place, is_single, kind,
        unnest([first_sample + 63 - bit, first_sample + 31 - bit])::INTEGER AS sample_number,
        unnest([lanes & 4294967295, lanes >> 32])::BIGINT AS n
    FROM (
        SELECT
            change, place, is_single, kind,
            1024 * block::INTEGER + 8 * (byte - 1) AS first_sample,
            unnest(range(32)) AS bit,
            unnest(lane_pairs) AS lanes
        FROM sums
    )
)
SELECT
    sample_number,
    sum(n)::BIGINT AS variants,
    coalesce(sum(n) FILTER (kind = 'het'), 0)::BIGINT AS heterozygotes,
    coalesce(sum(n) FILTER (kind = 'hom'), 0)::BIGINT AS homozygotes,
    coalesce(sum(n) FILTER (kind = 'hemi'), 0)::BIGINT AS hemizygotes,
    coalesce(sum(n) FILTER (kind = 'half'), 0)::BIGINT AS half_calls,
    coalesce(sum(n) FILTER (is_single), 0)::BIGINT AS singletons,
    coalesce(sum(n) FILTER (change = 'transition'), 0)::BIGINT AS transitions,
    coalesce(sum(n) FILTER (change = 'transversion'), 0)::BIGINT AS transversions,
    coalesce(sum(n) FILTER (change IN ('transition', 'transversion', 'snv')), 0)::BIGINT AS snv,
    coalesce(sum(n) FILTER (change = 'insertion'), 0)::BIGINT AS insertions,
    coalesce(sum(n) FILTER (change = 'deletion'), 0)::BIGINT AS deletions,
    coalesce(sum(n) FILTER (place = 'autosome' AND kind = 'het'), 0)::BIGINT
        AS autosomal_heterozygotes,
    coalesce(sum(n) FILTER (place = 'x' AND kind = 'het'), 0)::BIGINT AS x_heterozygotes
FROM counted
WHERE n > 0
GROUP BY sample_number;
