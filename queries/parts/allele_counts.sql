-- allele_counts: the counts of a cohort's genotypes that every other question is a view over.
--
--   in_cohort          a cohort's name
--   in_attribute       an attribute of samples to split the cohort by, or NULL
--   in_region          NULL, a region or a list of regions
--   in_policy          'raw', 'raw_blocks' or 'adj@1'
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
--   an_block           reference alleles in blocks and other records of samples asked alone
--   an_assumed         reference alleles assumed where a batch has no record
--   homozygotes        people with two copies
--   heterozygotes      people with one copy of two called alleles
--   hemizygotes        people whose one allele is alt
--   half_calls         people with one copy and one missing allele
--   half_references    people with one other called allele and one missing allele; in blocks whose
--                      counts come from bits, a sample that `ploidy` does not know as haploid
--   missing            people in a record without a called allele that counts
--   covered_missing    people in blocks who are to have no allele here (XX on Y)
--   assumed_missing    people assumed to have no allele here (XX on Y), where a batch has no record
--   recorded_samples   people whose batch has a record with genotypes here, or whose own file has
--   covered_samples    people without a record who are known by blocks and their other records
--   unknown_samples    people about whom nothing is known here
--   samples            people in the cohort, or with this value of the attribute
--   filter_kinds       1 where a record passed, plus 2 where one was not filtered, plus 4 where one
--                      failed
--   failed_filters     list of the filters of records that failed, each joined by ;
--   is_carried         whether anybody's genotype has a copy, counted or not
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
cells AS MATERIALIZED (FROM block_cells('member', 'pieces', in_attribute, in_policy)),
-- What each batch's record of a variant says before any row of calls or bits is looked at.
shares AS MATERIALIZED (
    SELECT
        rule,
        batch,
        absent,
        attribute_value,
        coalesce(sum(base_an), 0)::INTEGER AS an,
        coalesce(sum(n) FILTER (treated <> 'unknown'), 0)::INTEGER AS recorded,
        coalesce(sum(n) FILTER (treated = 'missing'), 0)::INTEGER AS missing,
        coalesce(sum(assumed_an), 0)::INTEGER AS assumed_an,
        coalesce(sum(assumed_known), 0)::INTEGER AS assumed_known,
        coalesce(sum(assumed_missing), 0)::INTEGER AS assumed_missing,
        -- What would hold if no batch had a record. (Where regions say it, coverage() does.)
        coalesce(sum(sum(assumed_an) FILTER (absent = 'reference')) OVER everybody, 0)::INTEGER
            AS whole_assumed_an,
        coalesce(sum(sum(assumed_known) FILTER (absent = 'reference')) OVER everybody, 0)::INTEGER
            AS whole_assumed_known,
        coalesce(sum(sum(assumed_missing) FILTER (absent = 'reference')) OVER everybody, 0)::INTEGER
            AS whole_assumed_missing,
        coalesce(samples, 0)::INTEGER AS samples
    FROM cells
    GROUP BY rule, batch, absent, attribute_value, samples
    WINDOW everybody AS (PARTITION BY rule, attribute_value)
),
counted AS (
    SELECT
        s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length, e.attribute_value,
        false AS is_carrier,
        0 AS ac,
        CASE WHEN is_open THEN e.an ELSE 0 END AS an,
        0 AS homozygotes,
        0 AS hemizygotes,
        0 AS half_calls,
        0 AS half_references,
        CASE WHEN is_open THEN e.missing ELSE 0 END AS missing,
        CASE WHEN is_open THEN e.recorded ELSE 0 END AS recorded,
        0 AS block_an,
        0 AS block_samples,
        0 AS block_missing,
        CASE WHEN e.absent = 'reference' OR s.in_regions THEN -e.assumed_an ELSE 0 END
            AS assumed_an,
        CASE WHEN e.absent = 'reference' OR s.in_regions THEN -e.assumed_known ELSE 0 END
            AS assumed_samples,
        CASE WHEN e.absent = 'reference' OR s.in_regions THEN -e.assumed_missing ELSE 0 END
            AS assumed_missing,
        e.whole_assumed_an,
        e.whole_assumed_known,
        e.whole_assumed_missing,
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
    SELECT *, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, 0, NULL
    FROM joint_counts('member', 'asked', 'cells', in_policy, in_filter)
    UNION ALL
    SELECT *, NULL, NULL, NULL, NULL, 0, NULL
    FROM per_sample_counts('member', 'asked', in_policy, in_filter)
    -- Without these two branches a wrong name would go unseen in a lake whose tables are empty.
    -- They give no row; no column is a constant, or a filter on it would take the branch away.
    UNION ALL
    SELECT
        cohort, try_cast(cohort AS INTEGER), cohort, cohort, try_cast(cohort AS INTEGER),
        try_cast(cohort AS INTEGER), cohort, is_fit,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL
    FROM question
    WHERE NOT is_fit
    UNION ALL
    SELECT
        contig, try_cast(contig AS INTEGER), contig, contig, try_cast(contig AS INTEGER),
        try_cast(contig AS INTEGER), contig, contig IS NULL,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL
    FROM pieces
    WHERE contig IS NULL
),
summed AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length, attribute_value,
        sum(ac)::BIGINT AS ac,
        sum(an)::BIGINT AS an,
        sum(homozygotes)::BIGINT AS homozygotes,
        sum(hemizygotes)::BIGINT AS hemizygotes,
        sum(half_calls)::BIGINT AS half_calls,
        sum(half_references)::BIGINT AS half_references,
        sum(missing)::BIGINT AS missing,
        sum(recorded)::BIGINT AS recorded,
        sum(block_an)::BIGINT AS block_an,
        sum(block_samples)::BIGINT AS block_samples,
        sum(block_missing)::BIGINT AS block_missing,
        (max(whole_assumed_an) + sum(assumed_an))::BIGINT AS assumed_an,
        (max(whole_assumed_known) + sum(assumed_samples))::BIGINT AS assumed_samples,
        (max(whole_assumed_missing) + sum(assumed_missing))::BIGINT AS assumed_missing,
        max(samples)::BIGINT AS samples,
        bit_or(filter_kind) AS filter_kinds,
        list(failed_filters) FILTER (failed_filters IS NOT NULL) AS failed_filters,
        bool_or(is_carrier) AS is_carried
    FROM counted
    GROUP BY contig, position, ref, alt, end_position, sv_length, attribute_value
    HAVING in_filter = 'any' OR bit_or(filter_kind) & 3 > 0
)
SELECT
    contig,
    position,
    ref,
    alt,
    end_position,
    sv_length,
    attribute_value,
    ac,
    an AS an_record,
    block_an AS an_block,
    assumed_an AS an_assumed,
    homozygotes,
    ac - 2 * homozygotes - hemizygotes - half_calls AS heterozygotes,
    hemizygotes,
    half_calls,
    half_references,
    missing,
    block_missing AS covered_missing,
    assumed_missing,
    recorded AS recorded_samples,
    block_samples AS covered_samples,
    samples - recorded - block_samples - assumed_samples AS unknown_samples,
    samples,
    filter_kinds,
    failed_filters,
    is_carried
FROM summed;
