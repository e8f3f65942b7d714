-- block_cells: what the samples of a cohort add up to where their joint batch has a record, before
-- any row of calls or bits is looked at, and where it has none.
--
--   in_members     name of a relation of samples: sample_number, batch, sex, attribute_value
--   in_pieces      name of a relation of pieces: those of asked_pieces()
--   in_attribute   the attribute they are split by, or NULL
--   in_policy      'raw', 'raw_blocks' or 'adj@1'
--   in_intervals   name of a relation: the rows of ploidy
--
-- One row per rule, batch, block, value of the attribute and treatment. A batch without members,
-- and one of kind per_sample (whose rows count for themselves), has one empty row per value:
--   rule              number of the rule
--   batch             the batch
--   absent            what the batch says where it has no record
--   block             sample_number // 1024; NULL in an empty row
--   attribute_value   value of the attribute
--   samples           members with that value, in all batches
--   treated           how their genotypes count: as_called, haploid, missing or unknown
--   policy            the policy of `bits` that counts them
--   n                 samples
--   mask              their bits
--   diploid_mask      of them, those that `ploidy` does not know as haploid
--   base_an           alleles, if all genotypes are the default
--   shortage          alleles that are missing in base_an from two for each sample
--   assumed_an        alleles assumed where the batch has no record and reference is assumed
--   assumed_known     people of whom that is assumed
--   assumed_missing   of them, people who have no allele
--
--   FROM block_cells('member', 'pieces', NULL, 'raw');

CREATE OR REPLACE MACRO block_cells(
    in_members, in_pieces, in_attribute, in_policy, in_intervals := 'ploidy'
) AS TABLE
SELECT
    rule,
    batch,
    absent,
    block,
    attribute_value,
    samples,
    treated,
    CASE
        WHEN in_policy <> 'adj@1' THEN 'raw'
        WHEN treated = 'haploid' THEN 'adj@1-haploid'
        ELSE 'adj@1'
    END AS policy,
    sum(n)::INTEGER AS n,
    bit_or(mask) AS mask,
    bit_or(mask & ~haploid) AS diploid_mask,
    CASE treated
        WHEN 'as_called' THEN sum(n) + sum(bit_count(mask & ~haploid))
        WHEN 'haploid' THEN sum(n)
        ELSE 0
    END::INTEGER AS base_an,
    (2 * sum(n) - base_an)::INTEGER AS shortage,
    sum(assumed_n * assumed_alleles(zone, sex))::INTEGER AS assumed_an,
    sum(CASE WHEN assumed_alleles(zone, sex) >= 0 THEN assumed_n END)::INTEGER AS assumed_known,
    sum(CASE WHEN assumed_alleles(zone, sex) = 0 THEN assumed_n END)::INTEGER AS assumed_missing
FROM (
    SELECT
        r.rule,
        r.zone,
        b.batch,
        b.absent,
        k.* EXCLUDE (batch, attribute_value),
        g.*,
        CASE k.sex
            WHEN 'XX' THEN r.treated_xx
            WHEN 'XY' THEN r.treated_xy
            ELSE r.treated_none
        END AS treated,
        coalesce(p.haploid::BIT, bitstring('0', 1024)) AS haploid,
        CASE
            WHEN in_policy = 'adj@1' THEN NULL
            WHEN b.absent = 'regions'
                OR (b.absent = 'reference' AND list_contains(b.contigs, r.contig))
                THEN k.n
        END AS assumed_n
    FROM (SELECT DISTINCT * EXCLUDE (low, high) FROM query_table(in_pieces)) r
    CROSS JOIN batches b
    LEFT JOIN (
        SELECT attribute_value, count(*) AS samples FROM query_table(in_members) GROUP BY ALL
    ) g ON true
    LEFT JOIN (
        SELECT
            batch,
            (sample_number // 1024)::SMALLINT AS block,
            sex,
            attribute_value,
            bitstring_agg(sample_number % 1024, 0, 1023) AS mask,
            count(*) AS n
        FROM query_table(in_members)
        GROUP BY ALL
    ) k
        ON k.batch = b.batch
        AND b.kind = 'joint'
        AND k.attribute_value IS NOT DISTINCT FROM g.attribute_value
        AND (in_policy <> 'adj@1' OR b.has_adj)
    LEFT JOIN query_table(in_intervals) p
        ON p.contig = r.contig
        AND p.batch = b.batch
        AND p.block = k.block
        AND r.rule_start BETWEEN p.start_position AND p.end_position
    WHERE in_attribute IS NULL OR g.samples IS NOT NULL
)
GROUP BY rule, batch, absent, block, attribute_value, samples, treated;
