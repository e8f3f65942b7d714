-- plain_counts: what piecewise_counts() gives where nothing has to be told apart: all genotypes
-- count as they were called, in one region of a contig without zones and haploid samples.
--
--   in_cohort   a cohort's name that is_known_cohort() knows
--   in_region   a region that asked_plain_piece() knows
--
-- For policies 'raw' and 'raw_blocks' and filter 'any', without an attribute, in a lake whose
-- batches are all joint and assume nothing. Each table is read once, and all is summed once:
-- planning is most of a small question. The ends of the region are constants: so a scan skips what
-- lies before and after, which a join would only tell it when it has begun.
--
-- One row per variant the lake knows there:
--   contig             the contig, as the lake's assembly names it
--   position           first base of ref, 1-based
--   ref                reference allele
--   alt                alternate allele
--   end_position       last base of the variant, 1-based
--   sv_length          SVLEN of a symbolic allele; NULL otherwise
--   attribute_value    always NULL
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
--   samples            people in the cohort
--   filter_kinds       1 where a record passed, plus 2 where one was not filtered, plus 4 where one
--                      failed
--   failed_filters     list of the filters of records that failed, each joined by ;
--   is_carried         whether anybody's genotype has a copy
--
--   FROM plain_counts('all', '22:16050075') WHERE ac > 0;

CREATE OR REPLACE MACRO plain_counts(in_cohort, in_region) AS TABLE
WITH member AS MATERIALIZED (
    SELECT sample_number, batch FROM cohort_members WHERE cohort = in_cohort
),
cells AS MATERIALIZED (
    SELECT
        batch,
        (sample_number // 1024)::SMALLINT AS block,
        bitstring_agg(sample_number % 1024, 0, 1023) AS mask,
        count(*) AS n
    FROM member
    GROUP BY ALL
),
summed AS (
    SELECT
        position, ref, alt, end_position, sv_length,
        sum(an_recorded)::BIGINT AS an_recorded,
        sum(ac_homozygotes)::BIGINT AS ac_homozygotes,
        sum(hemizygotes_half_calls)::BIGINT AS hemizygotes_half_calls,
        sum(half_references_missing)::BIGINT AS half_references_missing,
        -- Those of filter_kinds, and 8 where somebody is a carrier.
        bit_or(marks) AS marks,
        string_agg(failed_filters, chr(9)) AS failed_filters
    FROM (
        SELECT
            s.position, s.ref, s.alt, s.end_position, s.sv_length,
            CASE WHEN s.has_genotypes THEN packed(2 * b.n, b.n) END::BIGINT AS an_recorded,
            0::BIGINT AS ac_homozygotes,
            0::BIGINT AS hemizygotes_half_calls,
            0::BIGINT AS half_references_missing,
            CASE WHEN s.filters IS NULL THEN 2 WHEN len(s.filters) = 0 THEN 1 ELSE 4 END AS marks,
            CASE WHEN len(s.filters) > 0 THEN array_to_string(s.filters, ';') END
                AS failed_filters
        FROM asked_sites(in_region) s
        LEFT JOIN (SELECT batch, sum(n) AS n FROM cells GROUP BY batch) b ON s.batch = b.batch
        WHERE
            s.contig = asked_contig(in_region)
            AND s.position BETWEEN asked_low(in_region) AND asked_high(in_region)
        UNION ALL
        SELECT
            c.position, c.ref, c.alt, c.end_position, c.sv_length,
            c.called_count - c.default_count,
            packed(
                least(c.alt_count, c.called_count),
                CASE WHEN c.alt_count = 2 AND c.called_count = 2 THEN 1 ELSE 0 END
            ),
            CASE
                WHEN c.alt_count <> 1 OR c.called_count <> 1 THEN 0
                WHEN c.ploidy = 1 THEN packed(1, 0)
                ELSE packed(0, 1)
            END,
            CASE
                WHEN c.called_count = 0 AND c.default_count > 0 THEN packed(0, 1)
                WHEN c.called_count = 1 AND c.alt_count = 0 AND c.ploidy <> 1 THEN packed(1, 0)
                ELSE 0
            END,
            CASE WHEN c.alt_count > 0 THEN 8 ELSE 0 END,
            NULL
        FROM asked_rare_calls(in_region) c
        SEMI JOIN member m ON c.sample_number = m.sample_number
        WHERE
            c.contig = asked_contig(in_region)
            AND c.position BETWEEN asked_low(in_region) AND asked_high(in_region)
        UNION ALL
        -- Planes count a haploid carrier in details as a half-call.
        SELECT
            position, ref, alt, end_position, sv_length, 0, 0,
            CASE WHEN alt_count > 0 AND called_count = 1 THEN packed(1, -1) ELSE 0 END,
            0,
            CASE WHEN alt_count > 0 THEN 8 ELSE 0 END,
            NULL
        FROM plain_haploids('member', in_region)
        UNION ALL
        SELECT
            position, ref, alt, end_position, sv_length,
            -short1 - short2,
            packed(alt1 + alt2, alt2),
            packed(alt_haploid, alt_alone - alt_haploid),
            packed(
                CASE
                    WHEN is_whole
                        THEN short1 - short2 - single + single_none - alt_alone + alt_haploid
                    ELSE short1 - short2 - alt_alone
                END,
                short2
            ),
            CASE WHEN alt1 > 0 THEN 8 ELSE 0 END,
            NULL
        FROM (
            SELECT
                b.position, b.ref, b.alt, b.end_position, b.sv_length, b.is_whole,
                coalesce(bit_count(b.alt1::BIT & m.mask), 0) AS alt1,
                coalesce(bit_count(b.alt2::BIT & m.mask), 0) AS alt2,
                coalesce(bit_count(b.short1::BIT & m.mask), 0) AS short1,
                coalesce(bit_count(b.short2::BIT & m.mask), 0) AS short2,
                coalesce(bit_count(b.haploid::BIT & m.mask), 0) AS single,
                coalesce(bit_count(b.short2::BIT & b.haploid::BIT & m.mask), 0) AS single_none,
                coalesce(bit_count(b.alt1::BIT & b.short1::BIT & m.mask), 0) AS alt_alone,
                coalesce(bit_count(b.alt1::BIT & b.haploid::BIT & m.mask), 0) AS alt_haploid
            FROM asked_bits(in_region) b
            JOIN cells m ON b.batch = m.batch AND b.block = m.block
            WHERE
                b.policy = 'raw'
                AND b.contig = asked_contig(in_region)
                AND b.position BETWEEN asked_low(in_region) AND asked_high(in_region)
        )
    )
    GROUP BY position, ref, alt, end_position, sv_length
    HAVING bit_or(marks) & 7 > 0
)
SELECT
    asked_contig(in_region) AS contig,
    position,
    ref,
    alt,
    end_position,
    sv_length,
    NULL::VARCHAR AS attribute_value,
    first_packed(ac_homozygotes) AS ac,
    first_packed(coalesce(an_recorded, 0)) AS an_record,
    0::BIGINT AS an_block,
    0::BIGINT AS an_assumed,
    second_packed(ac_homozygotes) AS homozygotes,
    first_packed(ac_homozygotes) - 2 * second_packed(ac_homozygotes)
        - first_packed(hemizygotes_half_calls) - second_packed(hemizygotes_half_calls)
        AS heterozygotes,
    first_packed(hemizygotes_half_calls) AS hemizygotes,
    second_packed(hemizygotes_half_calls) AS half_calls,
    first_packed(half_references_missing) AS half_references,
    second_packed(half_references_missing) AS missing,
    0::BIGINT AS covered_missing,
    0::BIGINT AS assumed_missing,
    second_packed(coalesce(an_recorded, 0)) AS recorded_samples,
    0::BIGINT AS covered_samples,
    w.samples - second_packed(coalesce(an_recorded, 0)) AS unknown_samples,
    w.samples AS samples,
    marks & 7 AS filter_kinds,
    CASE WHEN marks & 4 > 0 THEN string_split(failed_filters, chr(9)) END AS failed_filters,
    marks & 8 > 0 AS is_carried
FROM summed
CROSS JOIN (SELECT count(*) AS samples FROM member) w;
