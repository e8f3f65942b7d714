-- joint_counts: what genotypes in joint batches add to counts, besides the defaults.
--
--   in_members   name of a relation of samples: sample_number, batch, sex, attribute_value
--   in_asked     name of a relation of pieces: those of asked_pieces(), one row for each bin that
--                piece_bins() gives
--   in_cells     name of a relation of cells: those of block_cells()
--   in_records   name of a relation: the rows of sites in these pieces
--   in_region    NULL, a region or a list of regions: which files are read, and whether pieces are
--                told apart by bin
--   in_policy    'raw', 'raw_blocks' or 'adj@1'
--   in_ploidy    'as_called' or 'by_sex'
--   in_filter    'any' or 'pass'
--
-- Several rows per variant and value of the attribute, to be summed:
--   contig            the contig
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--   attribute_value   value of the attribute
--   is_carrier        whether a genotype has a copy, counted or not
--   ac                copies of alt that count
--   an                called alleles, beyond those if all genotypes were the default
--   homozygotes       people with two copies
--   hemizygotes       people whose one allele is alt
--   half_calls        people with one copy and one missing allele
--   half_references   people with one other called allele and one missing allele
--   missing           people in a record without a called allele that counts
--
--   FROM joint_counts('member', 'asked', 'cells', 'records', NULL, 'raw', 'as_called', 'any');

CREATE OR REPLACE MACRO joint_counts(
    in_members, in_asked, in_cells, in_records, in_region, in_policy, in_ploidy, in_filter
) AS TABLE
WITH planes AS NOT MATERIALIZED (
    SELECT
        b.contig, b.position, b.ref, b.alt, b.end_position, b.sv_length, b.batch, b.block,
        b.policy, b.alt1, b.alt2, b.short1, b.short2, b.is_whole, b.haploid, r.rule
    FROM asked_bits(in_region) b
    JOIN query_table(in_asked) r
        ON joined_contig(b.contig, in_region) = r.contig
        AND joined_bin(b.bin, in_region) = r.bin
        AND joined_position(b.position, in_region) BETWEEN r.low AND r.high
),
-- What the planes of a block say of a cell. `alt_alone`: the one called allele is alt; of them
-- `alt_haploid` have room for one. `other_alone`: it is another one of two.
judged_bits AS (
    SELECT
        b.contig, b.position, b.ref, b.alt, b.end_position, b.sv_length, b.batch,
        m.attribute_value,
        m.treated,
        m.shortage,
        coalesce(bit_count(b.alt1::BIT & m.mask), 0)::INTEGER AS alt1,
        coalesce(bit_count(b.alt2::BIT & m.mask), 0)::INTEGER AS alt2,
        coalesce(bit_count(b.short1::BIT & m.mask), 0)::INTEGER AS short1,
        coalesce(bit_count(b.short2::BIT & m.mask), 0)::INTEGER AS short2,
        coalesce(bit_count(b.alt1::BIT & b.short1::BIT & m.mask), 0)::INTEGER AS alt_alone,
        coalesce(bit_count(b.alt1::BIT & b.haploid::BIT & m.mask), 0)::INTEGER AS alt_haploid,
        CASE
            WHEN b.short1 IS NULL THEN 0
            WHEN b.is_whole
                THEN bit_count(b.short1::BIT & m.mask)
                - coalesce(bit_count(b.short2::BIT & m.mask), 0)
                - coalesce(bit_count(b.haploid::BIT & m.mask), 0)
                + coalesce(bit_count(b.short2::BIT & b.haploid::BIT & m.mask), 0)
                - coalesce(bit_count(b.alt1::BIT & b.short1::BIT & m.mask), 0)
                + coalesce(bit_count(b.alt1::BIT & b.haploid::BIT & m.mask), 0)
            ELSE bit_count(b.short1::BIT & m.diploid_mask)
                - coalesce(bit_count(b.short2::BIT & m.diploid_mask), 0)
                - coalesce(bit_count(b.alt1::BIT & b.short1::BIT & m.diploid_mask), 0)
        END::INTEGER AS other_alone
    FROM planes b
    JOIN query_table(in_cells) m
        ON b.rule = m.rule AND b.batch = m.batch AND b.block = m.block AND b.policy = m.policy
),
judged_calls AS (
    SELECT
        *,
        least(alt_count, alleles)::INTEGER AS copies,
        CASE treated WHEN 'as_called' THEN default_count WHEN 'haploid' THEN 1 ELSE 0 END::INTEGER
            AS base_alleles,
        ploidy = 1 OR treated = 'haploid' AS is_haploid
    FROM (
        SELECT
            *,
            counted_alleles(
                alt_count,
                called_count,
                treated,
                passes_policy(passes_adj, passes_adj_haploid, treated, in_policy)
            )::INTEGER AS alleles
        FROM (
            SELECT
                c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, c.batch,
                c.alt_count, c.called_count, c.default_count, c.ploidy,
                c.passes_adj, c.passes_adj_haploid,
                -- passes_adj is NULL where the batch lacks what the policy needs: its samples are
                -- unknown.
                in_policy <> 'adj@1' OR (NOT c.adj_in_bits AND c.passes_adj IS NOT NULL)
                    AS is_counted,
                m.attribute_value,
                treated_there(m.sex, r.treated_xx, r.treated_xy, r.treated_none, in_ploidy)
                    AS treated
            FROM asked_rare_calls(in_region) c
            JOIN query_table(in_members) m ON c.sample_number = m.sample_number
            JOIN query_table(in_asked) r
                ON joined_contig(c.contig, in_region) = r.contig
                AND joined_bin(c.bin, in_region) = r.bin
                AND joined_position(c.position, in_region) BETWEEN r.low AND r.high
            -- Rows of samples that were asked alone are those of per_sample_counts().
            WHERE c.covered IS NULL
            UNION ALL
            FROM detailed_haploids(in_members, in_asked, in_region, in_policy, in_ploidy)
        )
    )
),
genotype_parts AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length, batch, attribute_value,
        alt_count > 0 AS is_carrier,
        CASE WHEN is_counted THEN copies ELSE 0 END AS ac,
        CASE WHEN is_counted THEN alleles - base_alleles ELSE 0 END AS an,
        CASE WHEN is_counted AND copies = 2 THEN 1 ELSE 0 END AS homozygotes,
        CASE
            WHEN copies <> 1 OR alleles <> 1 OR NOT is_haploid THEN 0
            WHEN is_counted OR treated = 'as_called' THEN 1
            ELSE 0
        END AS hemizygotes,
        CASE
            WHEN copies <> 1 OR alleles <> 1 THEN 0
            WHEN is_counted THEN (NOT is_haploid)::INTEGER
            WHEN is_haploid AND treated = 'as_called' THEN -1
            ELSE 0
        END AS half_calls,
        CASE
            WHEN is_counted AND copies = 0 AND alleles = 1 AND NOT is_haploid THEN 1
            ELSE 0
        END AS half_references,
        CASE WHEN is_counted AND alleles = 0 AND base_alleles > 0 THEN 1 ELSE 0 END AS missing
    FROM judged_calls
    UNION ALL
    -- A haploid sample that is called heterozygous is missing.
    SELECT
        contig, position, ref, alt, end_position, sv_length, batch, attribute_value,
        alt1 > 0,
        CASE treated
            WHEN 'haploid' THEN alt2 + alt_alone
            WHEN 'as_called' THEN alt1 + alt2
            ELSE 0
        END,
        CASE treated
            WHEN 'haploid' THEN -short2 - (alt1 - alt2 - alt_alone)
            WHEN 'as_called' THEN shortage - short1 - short2
            ELSE 0
        END,
        CASE treated WHEN 'as_called' THEN alt2 ELSE 0 END,
        CASE treated
            WHEN 'haploid' THEN alt2 + alt_alone
            WHEN 'as_called' THEN alt_haploid
            ELSE 0
        END,
        CASE treated WHEN 'as_called' THEN alt_alone - alt_haploid ELSE 0 END,
        CASE treated WHEN 'as_called' THEN other_alone ELSE 0 END,
        CASE treated
            WHEN 'haploid' THEN short2 + alt1 - alt2 - alt_alone
            WHEN 'as_called' THEN short2
            ELSE 0
        END
    FROM judged_bits
),
-- What a failed record called is not counted; that it was called is kept.
passed AS (
    SELECT
        c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, c.attribute_value,
        c.is_carrier,
        CASE WHEN f.batch IS NULL THEN c.ac ELSE 0 END AS ac,
        CASE WHEN f.batch IS NULL THEN c.an ELSE 0 END AS an,
        CASE WHEN f.batch IS NULL THEN c.homozygotes ELSE 0 END AS homozygotes,
        CASE WHEN f.batch IS NULL THEN c.hemizygotes ELSE 0 END AS hemizygotes,
        CASE WHEN f.batch IS NULL THEN c.half_calls ELSE 0 END AS half_calls,
        CASE WHEN f.batch IS NULL THEN c.half_references ELSE 0 END AS half_references,
        CASE WHEN f.batch IS NULL THEN c.missing ELSE 0 END AS missing
    FROM genotype_parts c
    LEFT JOIN (FROM query_table(in_records) WHERE len(filters) > 0) f
        ON c.contig = f.contig
        AND c.position = f.position
        AND c.ref = f.ref
        AND c.alt = f.alt
        AND c.end_position = f.end_position
        AND c.sv_length IS NOT DISTINCT FROM f.sv_length
        AND c.batch = f.batch
),
counted AS (SELECT * EXCLUDE (batch) FROM genotype_parts),
counted_or_carried AS (
    FROM query_table(CASE in_filter WHEN 'any' THEN 'counted' ELSE 'passed' END)
    UNION ALL
    SELECT
        contig, position, ref, alt, end_position, sv_length, attribute_value, true,
        0, 0, 0, 0, 0, 0, 0
    FROM bits_carriers(in_members, 'planes', in_policy)
)
-- Only what query_table() names is bound and planned.
FROM query_table(
    CASE in_policy
        WHEN 'adj@1' THEN 'counted_or_carried'
        ELSE CASE in_filter WHEN 'any' THEN 'counted' ELSE 'passed' END
    END
);
