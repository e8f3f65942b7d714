-- no_per_sample_counts: what per_sample_counts() gives where no batch has samples asked alone.
--
-- In the catalog of such a lake it stands for the other, which takes longer to plan than the rest
-- of a small question takes to run. No rows:
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
--   SELECT count(*) FROM no_per_sample_counts();

CREATE OR REPLACE MACRO no_per_sample_counts() AS TABLE
SELECT
    ''::VARCHAR AS contig,
    0::INTEGER AS position,
    ''::VARCHAR AS ref,
    ''::VARCHAR AS alt,
    0::INTEGER AS end_position,
    0::INTEGER AS sv_length,
    ''::VARCHAR AS attribute_value,
    false AS is_carrier,
    0::INTEGER AS ac,
    0::INTEGER AS an,
    0::INTEGER AS homozygotes,
    0::INTEGER AS hemizygotes,
    0::INTEGER AS half_calls,
    0::INTEGER AS half_references,
    0::INTEGER AS missing,
    0::INTEGER AS recorded,
    0::BIGINT AS block_an,
    0::BIGINT AS block_samples,
    0::BIGINT AS block_missing,
    0::BIGINT AS assumed_an,
    0::BIGINT AS assumed_samples,
    0::BIGINT AS assumed_missing
WHERE false;
