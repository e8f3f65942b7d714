-- plain_haploids: in joint batches, haploid genotypes whose alleles are counted by planes, in one
-- region of a contig without zones and haploid samples.
--
--   in_members   name of a relation of samples: sample_number
--   in_region    a region that asked_plain_piece() knows
--
-- Rows of `calls` in tier common, with these of its columns:
--   contig         the contig
--   position       first base of ref, 1-based
--   ref            reference allele
--   alt            alternate allele
--   end_position   last base of the variant, 1-based
--   sv_length      SVLEN of a symbolic allele; NULL otherwise
--   alt_count      copies of alt: 0 or 1
--   called_count   called alleles: 0 or 1
--
--   FROM plain_haploids('member', '22:16050075') WHERE alt_count > 0;

CREATE OR REPLACE MACRO plain_haploids(in_members, in_region) AS TABLE
SELECT
    c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, c.alt_count, c.called_count
FROM asked_detailed_calls(in_region) c
SEMI JOIN query_table(in_members) m ON c.sample_number = m.sample_number
WHERE
    c.ploidy = 1
    AND c.contig = asked_contig(in_region)
    AND c.position BETWEEN asked_low(in_region) AND asked_high(in_region);
