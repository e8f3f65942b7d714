-- allele_counts: every count of the genotypes of a cohort that the other questions are views over.
--
--   in_cohort      a cohort's name
--   in_attribute   an attribute of samples to split the cohort by, or NULL
--   in_region      NULL, a region or a list of regions
--   in_policy      'raw' or 'adj@1'
--   in_ploidy      'as_called' or 'by_sex'
--   in_filter      'any' or 'pass'
--
-- One row per variant the lake knows there (and per value of the attribute):
--   contig             the contig
--   position           1-based
--   ref                reference allele
--   alt                alternate allele
--   end_position       last base of the variant
--   sv_length          SVLEN of a symbolic allele
--   attribute_value    value of the attribute
--   ac                 copies of alt
--   an_record          called alleles in records
--   an_assumed         reference alleles of batches ingested with --absent reference
--   homozygotes        people with two copies
--   heterozygotes      people with one copy of two called alleles
--   hemizygotes        people whose one allele is alt
--   half_calls         people with alt and a missing allele
--   half_references    people with one called allele of two, not alt
--   missing            people without a called allele
--   unknown_samples    people about whom nothing is known here
--   filter_kinds       1 where a record passed, plus 2 where one was not filtered, plus 4 where one failed
--   failed_filters     the filters of the records that failed
--
--   FROM allele_counts('all', NULL, NULL, 'raw', 'as_called', 'any');

CREATE OR REPLACE MACRO allele_counts(
    in_cohort, in_attribute, in_region, in_policy, in_ploidy, in_filter
) AS TABLE
WITH question AS MATERIALIZED (
    FROM checked_question(in_cohort, in_attribute, in_policy, in_ploidy, in_filter)
),
member AS MATERIALIZED (
    SELECT
        q.cohort, m.sample_number, m.batch, a.value AS attribute_value,
        s.sex,
        in_policy = 'raw' OR b.has_adj AS is_judged,
        b.absent = 'reference' AND in_policy = 'raw' AS is_assumed,
        b.contigs
    FROM question q
    JOIN cohort_members m ON q.cohort = m.cohort AND q.is_fit
    JOIN samples s ON m.sample_number = s.sample_number
    JOIN batches b ON m.batch = b.batch
    LEFT JOIN sample_attributes a
        ON in_attribute IS NOT NULL
        AND a.attribute = q.attribute
        AND a.sample_number = m.sample_number
),
asked AS MATERIALIZED (FROM asked_bins(in_region)),
rules AS MATERIALIZED (SELECT DISTINCT rule, zone, rule_contig, rule_start FROM asked),
cells AS MATERIALIZED (
    SELECT
        rule,
        attribute_value,
        m.batch,
        m.block,
        m.mask,
        m.n,
        treatment(zone, sex, in_ploidy) AS treated,
        CASE WHEN in_policy = 'raw' THEN 'raw' WHEN treatment(zone, sex, in_ploidy) = 'haploid' THEN 'adj@1-haploid' ELSE 'adj@1' END AS policy,
        CASE treatment(zone, sex, in_ploidy)
            WHEN 'as_called' THEN 2 * n - coalesce(bit_count(p.haploid::BIT & m.mask), 0)
            WHEN 'haploid' THEN n
            ELSE 0
        END AS base_an,
        CASE WHEN treatment(zone, sex, in_ploidy) = 'unknown' THEN 0 ELSE n END AS known,
        CASE WHEN treatment(zone, sex, in_ploidy) = 'missing' THEN n ELSE 0 END AS missing,
        CASE WHEN is_assumed AND list_contains(m.contigs, rule_contig) THEN n * assumed_alleles(zone, sex) ELSE 0 END AS assumed_an,
        CASE WHEN is_assumed AND list_contains(m.contigs, rule_contig) AND assumed_alleles(zone, sex) IS NOT NULL THEN n ELSE 0 END AS assumed_known,
        CASE WHEN p.haploid IS NULL THEN m.mask ELSE m.mask & ~(p.haploid::BIT) END AS diploid_mask
    FROM (
        SELECT
            attribute_value,
            batch,
            (sample_number // 1024)::SMALLINT AS block,
            CASE WHEN in_ploidy = 'by_sex' OR is_assumed THEN sex END AS sex,
            is_assumed,
            any_value(contigs) AS contigs,
            bitstring_agg(sample_number % 1024, 0, 1023) AS mask,
            count(*)::INTEGER AS n
        FROM member WHERE is_judged GROUP BY ALL
    ) m
    CROSS JOIN rules r
    LEFT JOIN ploidy p
        ON p.contig = r.rule_contig AND p.batch = m.batch AND p.block = m.block
        AND r.rule_start BETWEEN p.start_position AND p.end_position
),
groups AS (
    SELECT m.attribute_value, count(m.sample_number)::INTEGER AS samples
    FROM question q LEFT JOIN member m ON q.cohort = m.cohort
    GROUP BY ALL
    HAVING in_attribute IS NULL OR count(m.sample_number) > 0
),
shares AS MATERIALIZED (
    SELECT
        r.rule,
        b.batch,
        g.attribute_value,
        coalesce(sum(c.base_an), 0)::INTEGER AS an,
        coalesce(sum(c.known), 0)::INTEGER AS known,
        coalesce(sum(c.missing), 0)::INTEGER AS missing,
        coalesce(sum(c.assumed_an), 0)::INTEGER AS assumed_an,
        coalesce(sum(c.assumed_known), 0)::INTEGER AS assumed_known,
        (sum(coalesce(sum(c.assumed_an), 0)) OVER all_batches)::INTEGER AS assumed_an_of_all,
        (g.samples - sum(coalesce(sum(c.assumed_known), 0)) OVER all_batches)::INTEGER AS unassumed
    FROM rules r CROSS JOIN batches b CROSS JOIN groups g
    LEFT JOIN cells c
        ON c.rule = r.rule AND c.batch = b.batch
        AND c.attribute_value IS NOT DISTINCT FROM g.attribute_value
    GROUP BY r.rule, b.batch, g.attribute_value, g.samples
    WINDOW all_batches AS (PARTITION BY r.rule, g.attribute_value)
),
failed AS NOT MATERIALIZED (
    SELECT s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length, s.batch
    FROM sites s
    SEMI JOIN asked r ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
    WHERE in_filter = 'pass' AND len(s.filters) > 0
),
parts AS (
    SELECT
        s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length, e.attribute_value,
        0 AS ac,
        CASE WHEN is_open THEN e.an ELSE 0 END AS an,
        0 AS homozygotes,
        0 AS hemizygotes,
        0 AS half_calls,
        0 AS half_references,
        CASE WHEN is_open THEN e.missing ELSE 0 END AS missing,
        CASE WHEN is_open THEN e.known ELSE 0 END - e.assumed_known AS known,
        e.assumed_an AS assumed_an,
        e.assumed_an_of_all AS assumed_an_of_all,
        e.unassumed AS unassumed,
        CASE WHEN s.filters IS NULL THEN 2 WHEN len(s.filters) = 0 THEN 1 ELSE 4 END AS filter_kind,
        CASE WHEN len(s.filters) > 0 THEN array_to_string(s.filters, ';') END AS failed_filters
    FROM (
        SELECT *, has_genotypes AND (in_filter = 'any' OR coalesce(len(filters), 0) = 0) AS is_open
        FROM sites
    ) s
    JOIN asked r ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
    JOIN shares e ON r.rule = e.rule AND s.batch = e.batch
 UNION ALL 
    SELECT
        contig, position, ref, alt, end_position, sv_length, attribute_value,
        CASE WHEN is_counted THEN copies ELSE 0 END AS ac,
        CASE WHEN is_counted THEN alleles - CASE WHEN treated = 'haploid' THEN 1 ELSE default_count END ELSE 0 END AS an,
        CASE WHEN is_counted AND copies = 2 THEN 1 ELSE 0 END AS homozygotes,
        CASE WHEN copies = 1 AND alleles = 1 AND is_haploid THEN 1 ELSE 0 END AS hemizygotes,
        CASE
            WHEN copies <> 1 OR alleles <> 1 OR is_counted = is_haploid THEN 0
            WHEN is_counted THEN 1
            ELSE -1
        END AS half_calls,
        CASE WHEN is_counted AND copies = 0 AND alleles = 1 AND NOT is_haploid THEN 1 ELSE 0 END AS half_references,
        CASE WHEN is_counted AND alleles = 0 THEN 1 ELSE 0 END AS missing,
        0 AS known, 0 AS assumed_an, NULL::INTEGER AS assumed_an_of_all, NULL::INTEGER AS unassumed, 0 AS filter_kind, NULL::VARCHAR AS failed_filters
    FROM (
        SELECT
            c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, m.attribute_value, c.default_count,
            treatment(r.zone, m.sex, in_ploidy) AS treated,
            counted_copies(c.alt_count, c.called_count, treatment(r.zone, m.sex, in_ploidy), passes_policy(c.passes_adj, c.passes_adj_haploid, treatment(r.zone, m.sex, in_ploidy), in_policy))::INTEGER AS copies,
            counted_alleles(c.alt_count, c.called_count, treatment(r.zone, m.sex, in_ploidy), passes_policy(c.passes_adj, c.passes_adj_haploid, treatment(r.zone, m.sex, in_ploidy), in_policy))::INTEGER AS alleles,
            c.ploidy = 1 OR treatment(r.zone, m.sex, in_ploidy) = 'haploid' AS is_haploid,
            (in_policy = 'raw' OR NOT c.adj_in_bits) AS is_counted
        FROM rare_calls c
        JOIN asked r ON c.contig = r.contig AND c.bin = r.bin AND c.position BETWEEN r.low AND r.high
        JOIN member m ON c.sample_number = m.sample_number AND m.is_judged
        ANTI JOIN failed f
            ON c.contig = f.contig AND c.position = f.position AND c.ref = f.ref AND c.alt = f.alt
            AND c.end_position = f.end_position AND c.sv_length IS NOT DISTINCT FROM f.sv_length AND c.batch = f.batch
        WHERE treatment(r.zone, m.sex, in_ploidy) IN ('as_called', 'haploid') 
    )
 UNION ALL 
    SELECT
        contig, position, ref, alt, end_position, sv_length, attribute_value,
        CASE WHEN is_counted THEN copies ELSE 0 END AS ac,
        CASE WHEN is_counted THEN alleles - CASE WHEN treated = 'haploid' THEN 1 ELSE default_count END ELSE 0 END AS an,
        CASE WHEN is_counted AND copies = 2 THEN 1 ELSE 0 END AS homozygotes,
        CASE WHEN copies = 1 AND alleles = 1 AND is_haploid THEN 1 ELSE 0 END AS hemizygotes,
        CASE
            WHEN copies <> 1 OR alleles <> 1 OR is_counted = is_haploid THEN 0
            WHEN is_counted THEN 1
            ELSE -1
        END AS half_calls,
        CASE WHEN is_counted AND copies = 0 AND alleles = 1 AND NOT is_haploid THEN 1 ELSE 0 END AS half_references,
        CASE WHEN is_counted AND alleles = 0 THEN 1 ELSE 0 END AS missing,
        0 AS known, 0 AS assumed_an, NULL::INTEGER AS assumed_an_of_all, NULL::INTEGER AS unassumed, 0 AS filter_kind, NULL::VARCHAR AS failed_filters
    FROM (
        SELECT
            c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, m.attribute_value, c.default_count,
            treatment(r.zone, m.sex, in_ploidy) AS treated,
            counted_copies(c.alt_count, c.called_count, treatment(r.zone, m.sex, in_ploidy), passes_policy(c.passes_adj, c.passes_adj_haploid, treatment(r.zone, m.sex, in_ploidy), in_policy))::INTEGER AS copies,
            counted_alleles(c.alt_count, c.called_count, treatment(r.zone, m.sex, in_ploidy), passes_policy(c.passes_adj, c.passes_adj_haploid, treatment(r.zone, m.sex, in_ploidy), in_policy))::INTEGER AS alleles,
            c.ploidy = 1 OR treatment(r.zone, m.sex, in_ploidy) = 'haploid' AS is_haploid,
            false AS is_counted
        FROM common_calls c
        JOIN asked r ON c.contig = r.contig AND c.bin = r.bin AND c.position BETWEEN r.low AND r.high
        JOIN member m ON c.sample_number = m.sample_number AND m.is_judged
        ANTI JOIN failed f
            ON c.contig = f.contig AND c.position = f.position AND c.ref = f.ref AND c.alt = f.alt
            AND c.end_position = f.end_position AND c.sv_length IS NOT DISTINCT FROM f.sv_length AND c.batch = f.batch
        WHERE treatment(r.zone, m.sex, in_ploidy) IN ('as_called', 'haploid') AND c.ploidy = 1 AND treatment(r.zone, m.sex, in_ploidy) = 'as_called'
    )
 UNION ALL 
    SELECT
        contig, position, ref, alt, end_position, sv_length, attribute_value,
        CASE WHEN treated = 'haploid' THEN two + one_of_one ELSE one + two END AS ac,
        CASE WHEN treated = 'haploid' THEN -short2 - (one - two - one_of_one) ELSE 2 * n - short1 - short2 - base_an END AS an,
        CASE WHEN treated = 'haploid' THEN 0 ELSE two END AS homozygotes,
        CASE WHEN treated = 'haploid' THEN two + one_of_one ELSE 0 END AS hemizygotes,
        CASE WHEN treated = 'haploid' THEN 0 ELSE one_of_one END AS half_calls,
        CASE WHEN treated = 'haploid' THEN 0 ELSE half_references END AS half_references,
        CASE WHEN treated = 'haploid' THEN short2 + (one - two - one_of_one) ELSE short2 END AS missing,
        0 AS known, 0 AS assumed_an, NULL::INTEGER AS assumed_an_of_all, NULL::INTEGER AS unassumed, 0 AS filter_kind, NULL::VARCHAR AS failed_filters
    FROM (
        SELECT
            b.contig, b.position, b.ref, b.alt, b.end_position, b.sv_length, m.attribute_value, m.treated, m.n, m.base_an,
            coalesce(bit_count(b.alt1::BIT & m.mask), 0)::INTEGER AS one,
            coalesce(bit_count(b.alt2::BIT & m.mask), 0)::INTEGER AS two,
            coalesce(bit_count(b.short1::BIT & m.mask), 0)::INTEGER AS short1,
            coalesce(bit_count(b.short2::BIT & m.mask), 0)::INTEGER AS short2,
            coalesce(bit_count(b.alt1::BIT & b.short1::BIT & m.mask), 0)::INTEGER AS one_of_one,
            (coalesce(bit_count(b.short1::BIT & m.diploid_mask), 0) - coalesce(bit_count(b.short2::BIT & m.diploid_mask), 0)
             - coalesce(bit_count(b.alt1::BIT & b.short1::BIT & m.diploid_mask), 0))::INTEGER AS half_references
        FROM bits b
        JOIN asked r ON b.contig = r.contig AND b.bin = r.bin AND b.position BETWEEN r.low AND r.high
        JOIN cells m ON r.rule = m.rule AND b.batch = m.batch AND b.block = m.block AND b.policy = m.policy
        ANTI JOIN failed f
            ON b.contig = f.contig AND b.position = f.position AND b.ref = f.ref AND b.alt = f.alt
            AND b.end_position = f.end_position AND b.sv_length IS NOT DISTINCT FROM f.sv_length AND b.batch = f.batch
        WHERE m.treated IN ('as_called', 'haploid')
    )
)
SELECT
    contig, position, ref, alt, end_position, sv_length, attribute_value,
    sum(ac)::BIGINT AS ac,
    sum(an)::BIGINT AS an_record,
    (max(assumed_an_of_all) - sum(assumed_an))::BIGINT AS an_assumed,
    sum(homozygotes)::BIGINT AS homozygotes,
    (sum(ac) - 2 * sum(homozygotes) - sum(hemizygotes) - sum(half_calls))::BIGINT AS heterozygotes,
    sum(hemizygotes)::BIGINT AS hemizygotes,
    sum(half_calls)::BIGINT AS half_calls,
    sum(half_references)::BIGINT AS half_references,
    sum(missing)::BIGINT AS missing,
    (max(unassumed) - sum(known))::BIGINT AS unknown_samples,
    bit_or(filter_kind) AS filter_kinds,
    list(failed_filters) FILTER (failed_filters IS NOT NULL) AS failed_filters
FROM parts
GROUP BY contig, position, ref, alt, end_position, sv_length, attribute_value
HAVING in_filter = 'any' OR bit_or(filter_kind) & 3 > 0;
