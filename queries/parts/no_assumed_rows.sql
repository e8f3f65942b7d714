-- no_assumed_rows: what assumed_rows() gives where no batch of samples asked alone has regions.
--
--   in_rows    name of a relation of rows of calls: own_rows of per_sample_counts()
--
-- In the catalog of such a lake it stands for the other, which takes long to plan. The rows, and
-- one column more:
--   contig            the contig
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--   attribute_value   value of the attribute
--   zone              autosome, x, y, x_par, y_par or mt
--   sex               'XX', 'XY' or NULL
--   treated           what treatment() says
--   alt_count         copies of alt, 0 to 2
--   alleles           called alleles that count
--   is_haploid        whether the genotype has room for one allele
--   is_open           whether the row counts
--   covered_there     what covered_alleles() says
--   is_assumed        false
--
--   FROM no_assumed_rows('own_rows') WHERE is_assumed;

CREATE OR REPLACE MACRO no_assumed_rows(in_rows) AS TABLE
SELECT
    contig, position, ref, alt, end_position, sv_length, attribute_value,
    zone, sex, treated, alt_count, alleles, is_haploid, is_open, covered_there,
    false AS is_assumed
FROM query_table(in_rows);
