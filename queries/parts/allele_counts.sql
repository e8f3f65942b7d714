-- allele_counts: the counts of a cohort's genotypes that every other question is a view over.
--
--   in_cohort          a cohort's name
--   in_attribute       an attribute of samples to split the cohort by, or NULL
--   in_region          NULL, a region or a list of regions
--   in_policy          'raw' or 'adj@1'
--   in_ploidy          'as_called' or 'by_sex'
--   in_filter          'any' or 'pass'
--
-- One row per variant the lake knows there, and per value of the attribute that the cohort has:
--   contig             the contig, as the lake's assembly names it
--   position           first base of ref, 1-based
--   ref                reference allele
--   alt                alternate allele
--   end_position       last base of the variant, 1-based
--   sv_length          SVLEN of a symbolic allele; NULL otherwise
--   attribute_value    value of the attribute, NULL for people who have none; NULL without
--                      attribute
--   ac                 copies of alt
--   an_record          alleles called in records of the variant
--   an_assumed         reference alleles assumed where a batch has no record
--   homozygotes        people with two copies
--   heterozygotes      people with one copy of two called alleles
--   hemizygotes        people whose one allele is alt
--   half_calls         people with one copy and one missing allele
--   half_references    people with one other called allele and one missing allele; in blocks whose
--                      counts come from bits, a sample that `ploidy` does not know as haploid
--   missing            people in a record without a called allele that counts
--   assumed_missing    people assumed to have no allele here (XX on Y), where a batch has no record
--   recorded_samples   people whose batch has a record with genotypes here
--   unknown_samples    people about whom nothing is known here
--   samples            people in the cohort, or with this value of the attribute
--   filter_kinds       1 where a record passed, plus 2 where one was not filtered, plus 4 where one
--                      failed
--   failed_filters     list of the filters of records that failed, each joined by ;
--
--   FROM allele_counts('all', 'sex', '22', 'raw', 'as_called', 'any');

CREATE OR REPLACE MACRO allele_counts(
    in_cohort, in_attribute, in_region, in_policy, in_ploidy, in_filter
) AS TABLE
WITH question AS MATERIALIZED (
    FROM checked_question(in_cohort, in_policy, in_ploidy, in_filter)
),
member AS MATERIALIZED (
    SELECT m.sample_number, m.batch, s.sex, a.value AS attribute_value
    FROM question q
    JOIN cohort_members m ON q.cohort = m.cohort AND q.is_fit
    JOIN samples s ON m.sample_number = s.sample_number
    LEFT JOIN sample_attributes a
        ON in_attribute IS NOT NULL
        AND a.attribute = in_attribute
        AND a.sample_number = m.sample_number
),
pieces AS MATERIALIZED (FROM asked_pieces(in_region, in_ploidy)),
-- Joined on (contig, bin) and BETWEEN, regions prune row groups; EXISTS or BETWEEN alone would read
-- them all.
asked AS MATERIALIZED (
    SELECT *, unnest(range(low >> 14, (high >> 14) + 1))::INTEGER AS bin FROM pieces
),
-- The cohort's samples of one block that are alike under one rule, and what they add up to before
-- any row of calls or bits is looked at. A batch without members has one empty cell.
cells AS MATERIALIZED (
    SELECT
        rule,
        batch,
        block,
        attribute_value,
        samples,
        treated,
        CASE
            WHEN in_policy = 'raw' THEN 'raw'
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
        sum(assumed_n * assumed_alleles(zone, sex)) AS assumed_an,
        sum(CASE WHEN assumed_alleles(zone, sex) >= 0 THEN assumed_n END) AS assumed_known,
        sum(CASE WHEN assumed_alleles(zone, sex) = 0 THEN assumed_n END) AS assumed_missing
    FROM (
        SELECT
            r.rule,
            r.zone,
            b.batch,
            k.* EXCLUDE (batch, attribute_value),
            g.*,
            CASE k.sex
                WHEN 'XX' THEN r.treated_xx
                WHEN 'XY' THEN r.treated_xy
                ELSE r.treated_none
            END AS treated,
            coalesce(p.haploid::BIT, bitstring('0', 1024)) AS haploid,
            CASE
                WHEN in_policy = 'raw' AND b.absent = 'reference'
                    AND list_contains(b.contigs, r.contig)
                    THEN k.n
            END AS assumed_n
        FROM (SELECT DISTINCT * EXCLUDE (low, high) FROM pieces) r
        CROSS JOIN batches b
        LEFT JOIN (
            SELECT attribute_value, count(*) AS samples FROM member GROUP BY ALL
        ) g ON true
        LEFT JOIN (
            SELECT
                batch,
                (sample_number // 1024)::SMALLINT AS block,
                sex,
                attribute_value,
                bitstring_agg(sample_number % 1024, 0, 1023) AS mask,
                count(*) AS n
            FROM member
            GROUP BY ALL
        ) k
            ON k.batch = b.batch
            AND k.attribute_value IS NOT DISTINCT FROM g.attribute_value
            AND (in_policy = 'raw' OR b.has_adj)
        LEFT JOIN ploidy p
            ON p.contig = r.contig
            AND p.batch = b.batch
            AND p.block = k.block
            AND r.rule_start BETWEEN p.start_position AND p.end_position
        WHERE in_attribute IS NULL OR g.samples IS NOT NULL
    )
    GROUP BY rule, batch, block, attribute_value, samples, treated
),
-- What each batch's record of a variant says before any row of calls or bits is looked at.
shares AS MATERIALIZED (
    SELECT
        rule,
        batch,
        attribute_value,
        coalesce(sum(base_an), 0)::INTEGER AS an,
        coalesce(sum(n) FILTER (treated <> 'unknown'), 0)::INTEGER AS recorded,
        coalesce(sum(n) FILTER (treated = 'missing'), 0)::INTEGER AS missing,
        coalesce(sum(assumed_an), 0)::INTEGER AS assumed_an,
        coalesce(sum(assumed_known), 0)::INTEGER AS assumed_known,
        coalesce(sum(assumed_missing), 0)::INTEGER AS assumed_missing,
        -- What would hold if no batch had a record.
        coalesce(sum(sum(assumed_an)) OVER whole_cohort, 0)::INTEGER AS whole_assumed_an,
        coalesce(sum(sum(assumed_missing)) OVER whole_cohort, 0)::INTEGER AS whole_assumed_missing,
        (coalesce(samples, 0) - coalesce(sum(sum(assumed_known)) OVER whole_cohort, 0))::INTEGER
            AS whole_unknown,
        coalesce(samples, 0)::INTEGER AS samples
    FROM cells
    GROUP BY rule, batch, attribute_value, samples
    WINDOW whole_cohort AS (PARTITION BY rule, attribute_value)
),
-- What the planes of a block say of a cell. `alt_alone`: the one called allele is alt.
judged_bits AS MATERIALIZED (
    SELECT
        b.contig, b.bin, b.position, b.ref, b.alt, b.end_position, b.sv_length, b.batch,
        m.attribute_value,
        m.treated,
        r.treated_xx, r.treated_xy, r.treated_none,
        2 * m.n - m.base_an AS shortage,
        coalesce(bit_count(b.alt1::BIT & m.mask), 0) AS alt1,
        coalesce(bit_count(b.alt2::BIT & m.mask), 0) AS alt2,
        coalesce(bit_count(b.short1::BIT & m.mask), 0) AS short1,
        coalesce(bit_count(b.short2::BIT & m.mask), 0) AS short2,
        coalesce(bit_count(b.alt1::BIT & b.short1::BIT & m.mask), 0) AS alt_alone,
        coalesce(bit_count(b.short1::BIT & m.diploid_mask), 0)
        - coalesce(bit_count(b.short2::BIT & m.diploid_mask), 0)
        - coalesce(bit_count(b.alt1::BIT & b.short1::BIT & m.diploid_mask), 0) AS other_alone
    FROM bits b
    JOIN asked r ON b.contig = r.contig AND b.bin = r.bin AND b.position BETWEEN r.low AND r.high
    JOIN cells m
        ON r.rule = m.rule
        AND b.batch = m.batch
        AND b.block = m.block
        AND b.policy = m.policy
    WHERE m.treated IN ('as_called', 'haploid')
),
judged_calls AS (
    SELECT
        *,
        least(alt_count, alleles) AS copies,
        CASE treated WHEN 'as_called' THEN default_count WHEN 'haploid' THEN 1 ELSE 0 END
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
            ) AS alleles
        FROM (
            SELECT
                c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, c.batch,
                c.alt_count, c.called_count, c.default_count, c.ploidy,
                c.passes_adj, c.passes_adj_haploid,
                in_policy = 'raw' OR NOT c.adj_in_bits AS is_counted,
                m.attribute_value,
                CASE m.sex
                    WHEN 'XX' THEN r.treated_xx
                    WHEN 'XY' THEN r.treated_xy
                    ELSE r.treated_none
                END AS treated
            FROM rare_calls c
            JOIN asked r
                ON c.contig = r.contig AND c.bin = r.bin AND c.position BETWEEN r.low AND r.high
            JOIN member m ON c.sample_number = m.sample_number
            -- NULL: the batch lacks what the policy needs, so its samples are unknown.
            WHERE in_policy = 'raw' OR c.passes_adj IS NOT NULL
            UNION ALL
            -- Counted from bits, which do not tell a hemizygote from a half-call. Where no block
            -- has either, this large table is not touched.
            SELECT
                c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, c.batch,
                c.alt_count, c.called_count, c.default_count, c.ploidy,
                c.passes_adj, c.passes_adj_haploid,
                false,
                m.attribute_value,
                CASE m.sex
                    WHEN 'XX' THEN r.treated_xx
                    WHEN 'XY' THEN r.treated_xy
                    ELSE r.treated_none
                END
            FROM common_calls c
            JOIN (
                SELECT DISTINCT contig, bin, position, treated_xx, treated_xy, treated_none
                FROM judged_bits
                WHERE alt_alone > 0 AND treated = 'as_called'
            ) r ON c.contig = r.contig AND c.bin = r.bin AND c.position = r.position
            JOIN member m ON c.sample_number = m.sample_number
            WHERE c.ploidy = 1 AND (in_policy = 'raw' OR c.passes_adj IS NOT NULL)
        )
    )
),
genotype_parts AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length, batch, attribute_value,
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
        CASE treated WHEN 'haploid' THEN alt2 + alt_alone ELSE alt1 + alt2 END,
        CASE treated
            WHEN 'haploid' THEN -short2 - (alt1 - alt2 - alt_alone)
            ELSE shortage - short1 - short2
        END,
        CASE treated WHEN 'haploid' THEN 0 ELSE alt2 END,
        CASE treated WHEN 'haploid' THEN alt2 + alt_alone ELSE 0 END,
        CASE treated WHEN 'haploid' THEN 0 ELSE alt_alone END,
        CASE treated WHEN 'haploid' THEN 0 ELSE other_alone END,
        CASE treated WHEN 'haploid' THEN short2 + alt1 - alt2 - alt_alone ELSE short2 END
    FROM judged_bits
),
failed_records AS NOT MATERIALIZED (
    SELECT s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length, s.batch
    FROM sites s
    SEMI JOIN asked r
        ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
    WHERE in_filter = 'pass' AND len(s.filters) > 0
),
counted AS (
    SELECT
        s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length, e.attribute_value,
        0 AS ac,
        CASE WHEN is_open THEN e.an ELSE 0 END AS an,
        0 AS homozygotes,
        0 AS hemizygotes,
        0 AS half_calls,
        0 AS half_references,
        CASE WHEN is_open THEN e.missing ELSE 0 END AS missing,
        CASE WHEN is_open THEN e.recorded ELSE 0 END AS recorded,
        CASE WHEN is_open THEN e.recorded ELSE 0 END - e.assumed_known AS known,
        e.assumed_an,
        e.assumed_missing,
        e.whole_assumed_an,
        e.whole_assumed_missing,
        e.whole_unknown,
        e.samples,
        CASE WHEN s.filters IS NULL THEN 2 WHEN len(s.filters) = 0 THEN 1 ELSE 4 END
            AS filter_kind,
        CASE WHEN len(s.filters) > 0 THEN array_to_string(s.filters, ';') END AS failed_filters
    FROM (
        SELECT
            *,
            has_genotypes AND (in_filter = 'any' OR coalesce(len(filters), 0) = 0) AS is_open
        FROM sites
    ) s
    JOIN asked r ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
    JOIN shares e ON r.rule = e.rule AND s.batch = e.batch
    UNION ALL
    SELECT
        c.* EXCLUDE (batch), 0, 0, 0, 0, NULL, NULL, NULL, NULL, 0, NULL
    FROM genotype_parts c
    ANTI JOIN failed_records f
        ON c.contig = f.contig
        AND c.position = f.position
        AND c.ref = f.ref
        AND c.alt = f.alt
        AND c.end_position = f.end_position
        AND c.sv_length IS NOT DISTINCT FROM f.sv_length
        AND c.batch = f.batch
    -- Without these two branches a wrong name would go unseen in a lake whose tables are empty.
    -- They give no row; no column is a constant, or a filter on it would take the branch away.
    UNION ALL
    SELECT
        cohort, try_cast(cohort AS INTEGER), cohort, cohort, try_cast(cohort AS INTEGER),
        try_cast(cohort AS INTEGER), cohort,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL
    FROM question
    WHERE NOT is_fit
    UNION ALL
    SELECT
        contig, try_cast(contig AS INTEGER), contig, contig, try_cast(contig AS INTEGER),
        try_cast(contig AS INTEGER), contig,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL
    FROM pieces
    WHERE contig IS NULL
)
SELECT
    contig,
    position,
    ref,
    alt,
    end_position,
    sv_length,
    attribute_value,
    sum(ac)::BIGINT AS ac,
    sum(an)::BIGINT AS an_record,
    (max(whole_assumed_an) - sum(assumed_an))::BIGINT AS an_assumed,
    sum(homozygotes)::BIGINT AS homozygotes,
    (sum(ac) - 2 * sum(homozygotes) - sum(hemizygotes) - sum(half_calls))::BIGINT AS heterozygotes,
    sum(hemizygotes)::BIGINT AS hemizygotes,
    sum(half_calls)::BIGINT AS half_calls,
    sum(half_references)::BIGINT AS half_references,
    sum(missing)::BIGINT AS missing,
    (max(whole_assumed_missing) - sum(assumed_missing))::BIGINT AS assumed_missing,
    sum(recorded)::BIGINT AS recorded_samples,
    (max(whole_unknown) - sum(known))::BIGINT AS unknown_samples,
    max(samples)::BIGINT AS samples,
    bit_or(filter_kind) AS filter_kinds,
    list(failed_filters) FILTER (failed_filters IS NOT NULL) AS failed_filters
FROM counted
GROUP BY contig, position, ref, alt, end_position, sv_length, attribute_value
HAVING in_filter = 'any' OR bit_or(filter_kind) & 3 > 0;
