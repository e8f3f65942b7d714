-- bits_carriers: variants that a policy leaves without a count though a block has carriers.
--
--   in_members   name of a relation of samples: sample_number, batch, attribute_value
--   in_planes    name of a relation: rows of bits in the pieces that are asked for
--   in_policy    'raw', 'raw_blocks' or 'adj@1'
--
-- Under adj@1, one row per variant, block of `bits` with policy raw in which a sample has a copy,
-- and value of the attribute; none under other policies, which count them:
--   contig            the contig
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--   attribute_value   value of the attribute
--
--   FROM bits_carriers('member', 'bits', 'adj@1') WHERE position > 0;

CREATE OR REPLACE MACRO bits_carriers(in_members, in_planes, in_policy) AS TABLE
SELECT b.contig, b.position, b.ref, b.alt, b.end_position, b.sv_length, m.attribute_value
FROM query_table(in_planes) b
JOIN (
    SELECT
        batch,
        (sample_number // 1024)::SMALLINT AS block,
        attribute_value,
        bitstring_agg(sample_number % 1024, 0, 1023) AS mask
    FROM query_table(in_members)
    GROUP BY ALL
) m
    ON b.batch = m.batch AND b.block = m.block
WHERE in_policy = 'adj@1' AND b.policy = 'raw' AND bit_count(b.alt1::BIT & m.mask) > 0;
