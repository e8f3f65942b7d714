-- allele_frequency: how common is each alternate allele in one cohort?
--
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_policy   which genotypes count: 'raw' (all that were called), 'raw_blocks' (and reference
--               blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_ploidy   'as_called', or 'by_sex': XX on Y is missing, XY outside PAR has one allele, and a
--               sample of unknown sex is unknown on X outside PAR and on Y
--   in_filter   'any', or 'pass': only records that are PASS or were not filtered
--   min_ac      leave out variants with fewer copies than this
--   min_an      leave out variants with fewer called alleles than this
--
-- One row per variant the lake knows there, also of those that nobody in the cohort carries, in no
-- promised order:
--   contig            the contig, as the lake's assembly names it
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   ac                copies of alt among the called alleles
--   an                called alleles: an_record + an_block + an_assumed
--   af                ac / an, in [0, 1]; NULL where an is 0
--   end_position      last base of the variant, 1-based
--   homozygotes       people with two copies
--   heterozygotes     people with one copy, of two called alleles
--   hemizygotes       people whose genotype has room for one allele, and it is alt
--   half_calls        people with one copy and one missing allele (./1)
--   an_record         alleles called in a record of this variant: 2 per diploid call, 1 per haploid
--                     or half-call, 0 per missing call
--   an_block          reference alleles in reference blocks (gVCF) of samples whose own file has no
--                     record of this variant, and in their records of other variants
--   an_assumed        reference alleles where no record of this variant is and reference is
--                     assumed: --absent reference, or inside --regions
--   unknown_samples   members about whom nothing is known here: no record and no block, no
--                     genotypes in it, a record that failed its filters, or a sex nobody knows
--   filters           PASS, . (not filtered) or the filters failed; joined by | where they differ
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--   zero_reason       why ac is 0: no_data (an is 0, and no copy was called), no_variant (an is
--                     above 0, and no copy was called) or filtered (copies were called, and none
--                     counts); NULL where ac is above 0
--
--   FROM allele_frequency('all', in_region := 'X', in_ploidy := 'by_sex') WHERE af > 0.01;

CREATE OR REPLACE MACRO allele_frequency(
    in_cohort,
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any',
    min_ac := 0,
    min_an := 0
) AS TABLE
SELECT
    contig,
    position,
    ref,
    alt,
    ac,
    an,
    -- DuckDB answers inf or nan to x / 0; an unknown frequency is NULL here.
    ac / nullif(an, 0) AS af,
    end_position,
    homozygotes,
    heterozygotes,
    hemizygotes,
    half_calls,
    an_record,
    an_block,
    an_assumed,
    unknown_samples,
    filters_text(filter_kinds, failed_filters) AS filters,
    sv_length,
    CASE
        WHEN ac > 0 THEN NULL
        WHEN is_carried THEN 'filtered'
        WHEN an = 0 THEN 'no_data'
        ELSE 'no_variant'
    END AS zero_reason
FROM (
    SELECT *, an_record + an_block + an_assumed AS an
    FROM allele_counts(in_cohort, NULL, in_region, in_policy, in_ploidy, in_filter)
)
WHERE ac >= min_ac AND an >= min_an;
