-- detailed_haploids: haploid carriers whose details are kept beside the bits that count them.
--
-- Bits that are not whole take a hemizygote for a half-call; these rows tell. Row groups in which
-- everybody is diploid are not read.
--
--   in_members   name of a relation of samples: sample_number, batch, sex, attribute_value
--   in_asked     name of a relation of pieces: those of asked_pieces(), one row for each bin that
--                piece_bins() gives
--   in_region    NULL, a region or a list of regions
--   in_policy    'raw', 'raw_blocks' or 'adj@1'
--   in_ploidy    'as_called' or 'by_sex'
--
-- One row per call, of samples whose genotypes count as called there:
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
--   FROM detailed_haploids('member', 'asked', NULL, 'raw', 'as_called') WHERE position > 0;

CREATE OR REPLACE MACRO detailed_haploids(
    in_members, in_asked, in_region, in_policy, in_ploidy
) AS TABLE
SELECT
    c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, c.batch,
    c.alt_count, c.called_count, c.default_count, c.ploidy, c.passes_adj, c.passes_adj_haploid,
    false AS is_counted,
    m.attribute_value,
    'as_called' AS treated
FROM asked_detailed_calls(in_region) c
JOIN query_table(in_members) m ON c.sample_number = m.sample_number
JOIN query_table(in_asked) r
    ON joined_contig(c.contig, in_region) = r.contig
    AND joined_bin(c.bin, in_region) = r.bin
    AND joined_position(c.position, in_region) BETWEEN r.low AND r.high
WHERE
    c.ploidy = 1
    AND (in_policy <> 'adj@1' OR c.passes_adj IS NOT NULL)
    AND treated_there(m.sex, r.treated_xx, r.treated_xy, r.treated_none, in_ploidy) = 'as_called';
