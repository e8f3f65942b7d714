-- no_detailed_haploids: what detailed_haploids() gives where no common call has its details kept.
--
-- In the catalog of such a lake it stands for the other, which takes long to plan. No rows:
--   contig               the contig
--   position             first base of ref, 1-based
--   ref                  reference allele
--   alt                  alternate allele
--   end_position         last base of the variant, 1-based
--   sv_length            SVLEN of a symbolic allele; NULL otherwise
--   batch                the batch
--   alt_count            copies of alt
--   called_count         called alleles
--   default_count        alleles of the default genotype
--   ploidy               1
--   passes_adj           whether the genotype passes adj@1
--   passes_adj_haploid   whether it does by the thresholds for haploid genotypes
--   is_counted           false: bits count its alleles
--   attribute_value      value of the attribute
--   treated              as_called
--
--   SELECT count(*) FROM no_detailed_haploids();

CREATE OR REPLACE MACRO no_detailed_haploids() AS TABLE
SELECT
    ''::VARCHAR AS contig,
    0::INTEGER AS position,
    ''::VARCHAR AS ref,
    ''::VARCHAR AS alt,
    0::INTEGER AS end_position,
    0::INTEGER AS sv_length,
    0::INTEGER AS batch,
    0::TINYINT AS alt_count,
    0::TINYINT AS called_count,
    0::TINYINT AS default_count,
    0::TINYINT AS ploidy,
    false AS passes_adj,
    false AS passes_adj_haploid,
    false AS is_counted,
    ''::VARCHAR AS attribute_value,
    'as_called' AS treated
WHERE false;
