-- allele_counts: the counts of a cohort's genotypes that every other question is a view over.
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
    in_cohort, in_attribute, in_region, in_policy, in_ploidy, in_filter,
    in_memberships := 'cohort_members', in_attributes := 'sample_attributes'
) AS TABLE
WITH plain AS (FROM plain_counts(in_cohort, in_region)),
piecewise AS (
    FROM piecewise_counts(
        in_cohort, in_attribute, in_region, in_policy, in_ploidy, in_filter,
        in_memberships := in_memberships, in_attributes := in_attributes
    )
)
-- Only what query_table() names is bound and planned.
FROM query_table(
    CASE
        WHEN
            is_plain_lake()
            AND is_known_cohort(in_cohort::VARCHAR)
            AND in_attribute IS NULL
            AND in_memberships = 'cohort_members'
            AND in_policy IN ('raw', 'raw_blocks')
            AND in_ploidy IN ('as_called', 'by_sex')
            AND in_filter = 'any'
            AND struct_extract(asked_plain_piece(in_region), 'low') > 0
            THEN 'plain'
        ELSE 'piecewise'
    END
);
