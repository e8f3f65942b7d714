-- per_sample_counts: what samples that were asked alone (gVCFs, single-sample VCFs) add to counts.
--
--   in_members   name of a relation of samples: sample_number, batch, sex, attribute_value
--   in_asked     name of a relation of pieces: those of asked_pieces(), one row per bin of each
--   in_records   name of a relation: the rows of sites in these pieces, with their rule
--   in_region    NULL, a region or a list of regions: which files are read, and whether pieces are
--                told apart by bin
--   in_policy    'raw', 'raw_blocks' or 'adj@1'
--   in_ploidy    'as_called' or 'by_sex'
--   in_filter    'any' or 'pass'
--
-- Several rows per variant and value of the attribute, to be summed: a sample's intervals count
-- wherever they cover, and each of its rows of calls takes its own intervals away again. Regions of
-- joint batches are counted here too:
--   contig            the contig
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--   attribute_value   value of the attribute
--   is_carrier        whether a genotype has a copy, counted or not
--   ac                copies of alt that count
--   an                called alleles in records of the variant
--   homozygotes       people with two copies
--   hemizygotes       people whose one allele is alt
--   half_calls        people with one copy and one missing allele
--   half_references   people with one other called allele and one missing allele
--   missing           people in a record without a called allele that counts
--   recorded          people in a record that counts
--   block_an          alleles in reference blocks and in records of other variants
--   block_samples     people who are known by them
--   block_missing     of those, people who are to have no allele (XX on Y)
--   assumed_an        alleles assumed in regions
--   assumed_samples   people of whom that is assumed
--   assumed_missing   of those, people who have no allele
--
--   FROM per_sample_counts('member', 'asked', 'records', '1', 'raw', 'by_sex', 'any') WHERE ac > 0;

CREATE OR REPLACE MACRO per_sample_counts(
    in_members, in_asked, in_records, in_region, in_policy, in_ploidy, in_filter
) AS TABLE
WITH holders AS MATERIALIZED (
    -- Intervals of a whole batch count once for all its members that are alike.
    SELECT
        *,
        dense_rank() OVER (ORDER BY attribute_value)::SMALLINT AS part
    FROM (
        SELECT
            m.sample_number AS holder,
            m.sex,
            m.attribute_value,
            b.absent <> 'unknown' AS has_regions,
            1 AS n
        FROM query_table(in_members) m
        JOIN batches b ON m.batch = b.batch
        UNION ALL
        SELECT -batch, sex, attribute_value, true, count(*)::INTEGER
        FROM query_table(in_members)
        GROUP BY ALL
    )
),
own_rows AS NOT MATERIALIZED (
    SELECT
        contig, bin, position, ref, alt, end_position, sv_length,
        sample_number, attribute_value, zone, sex, treated, has_regions, asked_level,
        alt_count,
        covered_alleles(covered, asked_level) AS covered_there,
        ploidy = 1 OR treated = 'haploid' AS is_haploid,
        is_open,
        CASE WHEN is_open THEN counted_alleles(
            alt_count,
            called_count,
            treated,
            passes_policy(passes_adj, passes_adj_haploid, treated, in_policy)
        ) ELSE 0 END AS alleles
    FROM (
        SELECT
            *,
            evidence_level(in_policy, in_filter, treated) AS asked_level,
            -- A row that is not open leaves its sample unknown.
            treated <> 'unknown'
            AND (in_policy <> 'adj@1' OR passes_adj IS NOT NULL)
            AND (in_filter = 'any' OR coalesce(len(filters), 0) = 0) AS is_open
        FROM (
            SELECT
                c.contig, c.bin, c.position, c.ref, c.alt, c.end_position, c.sv_length,
                c.sample_number, c.alt_count, c.called_count, c.ploidy,
                c.passes_adj, c.passes_adj_haploid,
                c.covered, c.filters,
                r.zone, h.sex, h.attribute_value, h.has_regions,
                treated_there(h.sex, r.treated_xx, r.treated_xy, r.treated_none, in_ploidy)
                    AS treated
            FROM asked_rare_calls(in_region) c
            JOIN query_table(in_asked) r
                ON c.contig = r.contig
                AND joined_bin(c.bin, in_region) = r.bin
                AND c.position BETWEEN r.low AND r.high
            JOIN holders h ON c.sample_number = h.holder
            WHERE c.covered IS NOT NULL
        )
    )
)
SELECT
    contig, position, ref, alt, end_position, sv_length, attribute_value,
    alt_count > 0 AS is_carrier,
    copies::INTEGER AS ac,
    alleles::INTEGER AS an,
    (copies = 2)::INTEGER AS homozygotes,
    (copies = 1 AND alleles = 1 AND is_haploid)::INTEGER AS hemizygotes,
    (copies = 1 AND alleles = 1 AND NOT is_haploid)::INTEGER AS half_calls,
    (copies = 0 AND alleles = 1 AND NOT is_haploid)::INTEGER AS half_references,
    (is_open AND alleles = 0)::INTEGER AS missing,
    is_open::INTEGER AS recorded,
    CASE WHEN covered_an IS NULL OR is_assumed THEN 0 ELSE -covered_an END AS block_an,
    CASE WHEN covered_an IS NULL OR is_assumed THEN 0 ELSE -1 END AS block_samples,
    CASE WHEN covered_an = 0 AND NOT is_assumed THEN -1 ELSE 0 END AS block_missing,
    CASE WHEN covered_an > 0 AND is_assumed THEN -covered_an ELSE 0 END AS assumed_an,
    CASE WHEN covered_an >= 0 AND is_assumed THEN -1 ELSE 0 END AS assumed_samples,
    CASE WHEN covered_an = 0 AND is_assumed THEN -1 ELSE 0 END AS assumed_missing
FROM (
    SELECT
        *,
        least(alt_count, alleles) AS copies,
        known_alleles(covered_there, zone, sex, treated) AS covered_an
    FROM assumed_rows('own_rows', in_asked, in_region)
)
UNION ALL
SELECT
    contig, position, ref, alt, end_position, sv_length, attribute_value, false,
    0, 0, 0, 0, 0, 0, 0, 0,
    block_an, block_samples, block_missing, assumed_an, assumed_samples, assumed_missing
FROM coverage('holders', in_asked, in_records, in_region, in_policy, in_ploidy, in_filter);
