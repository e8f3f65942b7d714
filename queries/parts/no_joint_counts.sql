-- no_joint_counts: what joint_counts() gives where no batch is joint.
--
-- In the catalog of such a lake it stands for the other, which takes long to plan. No rows:
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
--   SELECT count(*) FROM no_joint_counts();

CREATE OR REPLACE MACRO no_joint_counts() AS TABLE
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
    0::INTEGER AS missing
WHERE false;
