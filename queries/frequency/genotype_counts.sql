-- genotype_counts: how many people have which genotype at each variant?
--
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_policy   which genotypes count: 'raw' (all that were called), 'raw_blocks' (and reference
--               blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_ploidy   'as_called', or 'by_sex': XX on Y is missing, XY outside PAR has one allele, and a
--               sample of unknown sex is unknown on X outside PAR and on Y
--   in_filter   'any', or 'pass': only records that are PASS or were not filtered
--
-- One row per variant the lake knows there; the counts of people add up to the cohort:
--   contig                 the contig, as the lake's assembly names it
--   position               first base of ref, 1-based
--   ref                    reference allele
--   alt                    alternate allele
--   homozygous_reference   people with two called alleles and no copy (0/0, and 0/2 seen from the
--                          first alt), in a record or in a reference block, or assumed
--   heterozygotes          people with one copy, of two called alleles
--   homozygotes            people with two copies
--   hemizygotes            people whose genotype has room for one allele, and it is alt
--   half_calls             people with one copy and one missing allele (./1)
--   single_reference       people with one called allele, not alt (0 where haploid, ./0)
--   missing                people without a called allele that counts
--   unknown_samples        people about whom nothing is known here
--   end_position           last base of the variant, 1-based
--   sv_length              SVLEN of a symbolic allele; NULL otherwise
--
--   FROM genotype_counts('all', in_region := '22') WHERE homozygotes > 0;

CREATE OR REPLACE MACRO genotype_counts(
    in_cohort,
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any'
) AS TABLE
SELECT
    contig,
    position,
    ref,
    alt,
    called - single_called - heterozygotes - homozygotes AS homozygous_reference,
    heterozygotes,
    homozygotes,
    hemizygotes,
    half_calls,
    single_called - hemizygotes - half_calls AS single_reference,
    missing + covered_missing + assumed_missing AS missing,
    unknown_samples,
    end_position,
    sv_length
FROM (
    SELECT
        *,
        samples - unknown_samples - missing - covered_missing - assumed_missing AS called,
        -- Of the people called, each has two alleles but those with one.
        2 * called - an_record - an_block - an_assumed AS single_called
    FROM allele_counts(in_cohort, NULL, in_region, in_policy, in_ploidy, in_filter)
);
