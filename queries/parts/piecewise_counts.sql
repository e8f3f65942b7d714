-- piecewise_counts: the counts of allele_counts() for any question, by pieces of the regions.
--
--   in_cohort          a cohort's name
--   in_attribute       an attribute of samples to split the cohort by, or NULL
--   in_region          NULL, a region or a list of regions
--   in_policy          'raw', 'raw_blocks' or 'adj@1'
--   in_ploidy          'as_called' or 'by_sex'
--   in_filter          'any' or 'pass'
--   in_memberships     name of a relation: cohort_members, or those of its rows that count
--   in_attributes      name of a relation: sample_attributes, or others with its columns
--
-- In each piece one treatment and one set of haploid samples hold; batches are of any kind.
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
--   FROM piecewise_counts('all', 'sex', '22', 'raw', 'as_called', 'any');

CREATE OR REPLACE MACRO piecewise_counts(
    in_cohort, in_attribute, in_region, in_policy, in_ploidy, in_filter,
    in_memberships := 'cohort_members', in_attributes := 'sample_attributes'
) AS TABLE
WITH question AS MATERIALIZED (
    FROM checked_question(in_cohort, in_policy, in_ploidy, in_filter)
),
plain_member AS (
    SELECT m.sample_number, m.batch, s.sex, NULL::VARCHAR AS attribute_value
    FROM question q
    JOIN query_table(in_memberships) m ON q.cohort = m.cohort AND q.is_fit
    JOIN samples s ON m.sample_number = s.sample_number
),
split_member AS (
    SELECT m.* EXCLUDE (attribute_value), a.value AS attribute_value
    FROM plain_member m
    LEFT JOIN query_table(in_attributes) a
        ON a.attribute = in_attribute AND a.sample_number = m.sample_number
),
-- Only the one that query_table() names is bound and planned.
member AS MATERIALIZED (
    FROM query_table(CASE WHEN in_attribute IS NULL THEN 'plain_member' ELSE 'split_member' END)
),
-- Read once: it may lie in a file for each batch and contig.
haploids AS MATERIALIZED (FROM asked_ploidy(in_region)),
pieces AS MATERIALIZED (FROM region_pieces(in_region, in_ploidy, 'haploids')),
-- Joined on (contig, bin) and BETWEEN, regions prune row groups; EXISTS or BETWEEN alone would read
-- them all.
asked AS MATERIALIZED (
    SELECT *, unnest(piece_bins(low, high, in_region)) AS bin FROM pieces
),
-- The view is bound once here: with a thousand files that takes milliseconds.
records AS NOT MATERIALIZED (
    SELECT
        s.contig, s.bin, s.position, s.ref, s.alt, s.end_position, s.sv_length, s.batch, s.filters,
        s.in_regions, r.rule,
        s.has_genotypes AND (in_filter = 'any' OR coalesce(len(s.filters), 0) = 0) AS is_open
    FROM asked_sites(in_region) s
    JOIN asked r
        ON joined_contig(s.contig, in_region) = r.contig
        AND joined_bin(s.bin, in_region) = r.bin
        AND joined_position(s.position, in_region) BETWEEN r.low AND r.high
),
cells AS MATERIALIZED (
    FROM block_cells('member', 'pieces', in_attribute, in_policy, 'haploids')
),
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
        coalesce(samples, 0)::INTEGER AS samples
    FROM cells
    GROUP BY rule, batch, absent, attribute_value, samples
),
-- What would hold if no batch had a record. (Where regions say it, coverage() does.)
whole AS MATERIALIZED (
    SELECT
        rule,
        attribute_value,
        coalesce(sum(assumed_an) FILTER (absent = 'reference'), 0)::INTEGER AS assumed_an,
        coalesce(sum(assumed_known) FILTER (absent = 'reference'), 0)::INTEGER AS assumed_known,
        coalesce(sum(assumed_missing) FILTER (absent = 'reference'), 0)::INTEGER
            AS assumed_missing,
        max(samples) AS samples
    FROM shares
    GROUP BY rule, attribute_value
),
-- Marks are bits: 1 a record passed, 2 one was not filtered, 4 one failed, 8 somebody has a copy.
-- Records are summed apart from genotypes: most variants have none in a small cohort, and the row
-- of a hash table is as wide as all its sums.
recorded AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length, attribute_value,
        rule,
        sum(an_recorded)::BIGINT AS an_recorded,
        sum(assumed_an_known)::BIGINT AS assumed_an_known,
        sum(missing_assumed)::BIGINT AS missing_assumed,
        bit_or(marks) AS marks,
        -- No filter's name has a tab: a list for each variant would take longer than the sums.
        string_agg(failed_filters, chr(9)) AS failed_filters
    FROM (
        SELECT
            s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length, e.attribute_value,
            e.absent = 'reference' OR s.in_regions AS is_assumed,
            CASE WHEN is_open THEN packed(e.an, e.recorded) ELSE 0 END AS an_recorded,
            CASE WHEN is_assumed THEN packed(e.assumed_an, e.assumed_known) ELSE 0 END
                AS assumed_an_known,
            packed(
                CASE WHEN is_open THEN e.missing ELSE 0 END,
                CASE WHEN is_assumed THEN e.assumed_missing ELSE 0 END
            ) AS missing_assumed,
            e.rule,
            CASE WHEN s.filters IS NULL THEN 2 WHEN len(s.filters) = 0 THEN 1 ELSE 4 END AS marks,
            CASE WHEN len(s.filters) > 0 THEN array_to_string(s.filters, ';') END
                AS failed_filters
        FROM records s
        JOIN shares e ON s.rule = e.rule AND s.batch = e.batch
    )
    -- Of one variant there is one rule.
    GROUP BY contig, position, ref, alt, end_position, sv_length, attribute_value, rule
    HAVING in_filter = 'any' OR bit_or(marks) & 3 > 0
),
genotyped AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length, attribute_value,
        bool_or(is_carrier) AS is_carried,
        sum(ac_homozygotes)::BIGINT AS ac_homozygotes,
        sum(an_recorded)::BIGINT AS an_recorded,
        sum(hemizygotes_half_calls)::BIGINT AS hemizygotes_half_calls,
        sum(half_references_missing)::BIGINT AS half_references_missing,
        sum(block_an_samples)::BIGINT AS block_an_samples,
        sum(assumed_an_samples)::BIGINT AS assumed_an_samples,
        sum(block_assumed_missing)::BIGINT AS block_assumed_missing
    FROM (
        SELECT
            contig, position, ref, alt, end_position, sv_length, attribute_value, is_carrier,
            packed(ac, homozygotes) AS ac_homozygotes,
            an::BIGINT AS an_recorded,
            packed(hemizygotes, half_calls) AS hemizygotes_half_calls,
            packed(half_references, missing) AS half_references_missing
        FROM joint_counts(
            'member', 'asked', 'cells', 'records', in_region, in_policy, in_ploidy, in_filter
        )
        UNION ALL BY NAME
        SELECT
            contig, position, ref, alt, end_position, sv_length, attribute_value, is_carrier,
            packed(ac, homozygotes) AS ac_homozygotes,
            packed(an, recorded) AS an_recorded,
            packed(hemizygotes, half_calls) AS hemizygotes_half_calls,
            packed(half_references, missing) AS half_references_missing,
            packed(block_an, block_samples) AS block_an_samples,
            packed(assumed_an, assumed_samples) AS assumed_an_samples,
            packed(block_missing, assumed_missing) AS block_assumed_missing
        FROM per_sample_counts(
            'member', 'asked', 'records', in_region, in_policy, in_ploidy, in_filter
        )
    )
    GROUP BY contig, position, ref, alt, end_position, sv_length, attribute_value
),
-- A variant whose rows give nothing of a kind has no sum of it.
summed AS (
    SELECT
        r.* EXCLUDE (an_recorded),
        first_packed(r.an_recorded) + first_packed(coalesce(g.an_recorded, 0)) AS an,
        second_packed(r.an_recorded) + second_packed(coalesce(g.an_recorded, 0)) AS recorded,
        coalesce(g.ac_homozygotes, 0) AS ac_homozygotes,
        coalesce(g.hemizygotes_half_calls, 0) AS hemizygotes_half_calls,
        coalesce(g.half_references_missing, 0) AS half_references_missing,
        coalesce(g.block_an_samples, 0) AS block_an_samples,
        -- Of what would hold without a record, a batch with one has nothing.
        packed(w.assumed_an, w.assumed_known) - r.assumed_an_known
            + coalesce(g.assumed_an_samples, 0) AS assumed_an_samples,
        w.assumed_missing - second_packed(r.missing_assumed)
            + second_packed(coalesce(g.block_assumed_missing, 0)) AS assumed_missing,
        first_packed(coalesce(g.block_assumed_missing, 0)) AS block_missing,
        w.samples,
        coalesce(g.is_carried, false) AS is_carried
    FROM recorded r
    JOIN whole w ON r.rule = w.rule AND r.attribute_value IS NOT DISTINCT FROM w.attribute_value
    LEFT JOIN genotyped g
        ON r.contig = g.contig
        AND r.position = g.position
        AND r.ref = g.ref
        AND r.alt = g.alt
        AND r.end_position = g.end_position
        AND r.sv_length IS NOT DISTINCT FROM g.sv_length
        AND r.attribute_value IS NOT DISTINCT FROM g.attribute_value
)
SELECT
    contig,
    position,
    ref,
    alt,
    end_position,
    sv_length,
    attribute_value,
    first_packed(ac_homozygotes) AS ac,
    an AS an_record,
    first_packed(block_an_samples) AS an_block,
    first_packed(assumed_an_samples) AS an_assumed,
    second_packed(ac_homozygotes) AS homozygotes,
    first_packed(ac_homozygotes) - 2 * second_packed(ac_homozygotes)
        - first_packed(hemizygotes_half_calls) - second_packed(hemizygotes_half_calls)
        AS heterozygotes,
    first_packed(hemizygotes_half_calls) AS hemizygotes,
    second_packed(hemizygotes_half_calls) AS half_calls,
    first_packed(half_references_missing) AS half_references,
    first_packed(missing_assumed) + second_packed(half_references_missing) AS missing,
    block_missing AS covered_missing,
    assumed_missing,
    recorded AS recorded_samples,
    second_packed(block_an_samples) AS covered_samples,
    samples - second_packed(assumed_an_samples) - recorded - second_packed(block_an_samples)
        AS unknown_samples,
    samples::BIGINT AS samples,
    marks AS filter_kinds,
    CASE WHEN marks & 4 > 0 THEN string_split(failed_filters, chr(9)) END AS failed_filters,
    is_carried
FROM summed
-- Without this branch a wrong name would go unseen in a lake whose tables are empty. It gives no
-- row; no column is a constant, or a filter on it would take the branch away.
UNION ALL
SELECT t, i, t, t, i, i, t, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, i, [t], is_asked
FROM (
    SELECT *, try_cast(i AS BIGINT) AS n
    FROM (
        SELECT cohort AS t, try_cast(cohort AS INTEGER) AS i, is_fit AS is_asked
        FROM question
        WHERE NOT is_fit
        UNION ALL
        SELECT contig, low, contig IS NULL FROM pieces WHERE contig IS NULL
    )
);
