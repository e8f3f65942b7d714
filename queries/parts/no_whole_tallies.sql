-- no_whole_tallies: what whole_tallies() gives where every batch keeps details of genotypes.
--
-- In the catalog of such a lake it stands for the other, which takes long to plan. No rows:
--   sample_number        number of the sample
--   variants             variants with at least one copy
--   heterozygotes        of them, with one copy of two called alleles
--   homozygotes          with two copies
--   hemizygotes          with the one allele there is room for
--   half_calls           with one copy and one missing allele
--   singletons           variants with one copy in the cohort
--   transitions          changes of one base among purines or among pyrimidines
--   transversions        other changes of one base
--   snv                  changes of one base, bases that are unknown included
--   insertions           alt longer than ref
--   deletions            alt shorter than ref
--   autosomal_heterozygotes   of the heterozygotes, those on autosomes
--   x_heterozygotes      of the heterozygotes, those on X outside PAR
--
--   SELECT count(*) FROM no_whole_tallies();

CREATE OR REPLACE MACRO no_whole_tallies() AS TABLE
SELECT
    0::INTEGER AS sample_number,
    0::BIGINT AS variants,
    0::BIGINT AS heterozygotes,
    0::BIGINT AS homozygotes,
    0::BIGINT AS hemizygotes,
    0::BIGINT AS half_calls,
    0::BIGINT AS singletons,
    0::BIGINT AS transitions,
    0::BIGINT AS transversions,
    0::BIGINT AS snv,
    0::BIGINT AS insertions,
    0::BIGINT AS deletions,
    0::BIGINT AS autosomal_heterozygotes,
    0::BIGINT AS x_heterozygotes
WHERE false;
