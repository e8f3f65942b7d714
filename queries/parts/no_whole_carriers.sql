-- no_whole_carriers: what whole_carriers() gives where every batch keeps details of genotypes.
--
-- In the catalog of such a lake it stands for the other, which takes long to plan. No rows:
--   contig          the contig
--   position        first base of ref, 1-based
--   ref             reference allele
--   alt             alternate allele
--   end_position    last base of the variant, 1-based
--   sv_length       SVLEN of a symbolic allele; NULL otherwise
--   batch           the batch
--   sample_number   number of the sample
--   alt_count       copies of alt: 1 or 2
--   called_count    called alleles: 1 or 2
--   ploidy          alleles the genotype has room for, as called
--   haplotype       1 or 2: which allele of a phased genotype is alt; NULL where that is not known
--   is_phased       whether a diploid genotype was written with |
--   sample_id       name of the sample in its VCF
--   participant_id  the person
--   sex             'XX', 'XY' or NULL
--   treated         how the genotype counts: as_called, haploid, missing or unknown
--
--   SELECT count(*) FROM no_whole_carriers();

CREATE OR REPLACE MACRO no_whole_carriers() AS TABLE
SELECT
    ''::VARCHAR AS contig,
    0::INTEGER AS position,
    ''::VARCHAR AS ref,
    ''::VARCHAR AS alt,
    0::INTEGER AS end_position,
    0::INTEGER AS sv_length,
    0::INTEGER AS batch,
    0::INTEGER AS sample_number,
    0::TINYINT AS alt_count,
    0::TINYINT AS called_count,
    0::TINYINT AS ploidy,
    0::TINYINT AS haplotype,
    false AS is_phased,
    ''::VARCHAR AS sample_id,
    ''::VARCHAR AS participant_id,
    ''::VARCHAR AS sex,
    ''::VARCHAR AS treated
WHERE false;
