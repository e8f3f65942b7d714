-- allele_frequency_by: how common is each alternate allele in each part of a cohort?
--
--   in_cohort      a cohort's name; an unknown name is an error, not an empty answer
--   in_attribute   what to split by: 'sex', 'batch' or a column of imported metadata
--   in_region      NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_policy      which genotypes count: 'raw' (all that were called), 'raw_blocks' (and reference
--                  blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_ploidy      'as_called', or 'by_sex': XX on Y is missing, XY outside PAR has one allele, and
--                  a sample of unknown sex is unknown on X outside PAR and on Y
--   in_filter      'any', or 'pass': only records that are PASS or were not filtered
--   min_ac         leave out rows with fewer copies than this
--   min_an         leave out rows with fewer called alleles than this
--
-- One row per variant the lake knows there and value that somebody in the cohort has; over the
-- values the counts add up to those of allele_frequency:
--   contig            the contig, as the lake's assembly names it
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   attribute_value   the value, as text; NULL for people who have none
--   ac                copies of alt among the called alleles
--   an                called alleles: an_record + an_block + an_assumed
--   af                ac / an, in [0, 1]; NULL where an is 0
--   end_position      last base of the variant, 1-based
--   homozygotes       people with two copies
--   heterozygotes     people with one copy, of two called alleles
--   hemizygotes       people whose genotype has room for one allele, and it is alt
--   half_calls        people with one copy and one missing allele (./1)
--   an_record         alleles called in a record of this variant
--   an_block          reference alleles in reference blocks (gVCF) of samples whose own file has no
--                     record of this variant, and in their records of other variants
--   an_assumed        reference alleles where no record of this variant is and reference is
--                     assumed: --absent reference, or inside --regions
--   unknown_samples   people about whom nothing is known here
--   filters           PASS, . (not filtered) or the filters failed; joined by | where they differ
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--
--   FROM allele_frequency_by('all', 'sex', in_region := 'X') WHERE ac > 0;

CREATE OR REPLACE MACRO allele_frequency_by(
    in_cohort,
    in_attribute,
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any',
    min_ac := 0,
    min_an := 0
) AS TABLE
WITH checked AS MATERIALIZED (FROM checked_attribute(in_attribute))
SELECT
    contig,
    position,
    ref,
    alt,
    attribute_value,
    ac,
    an_record + an_block + an_assumed AS an,
    ac / nullif(an_record + an_block + an_assumed, 0) AS af,
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
    sv_length
FROM allele_counts(in_cohort, in_attribute, in_region, in_policy, in_ploidy, in_filter)
WHERE ac >= min_ac AND an_record + an_block + an_assumed >= min_an
-- Without this branch a wrong attribute would give one part without a name. It gives no row; no
-- column is a constant, or a filter on it would take the branch away.
UNION ALL
SELECT
    attribute, try_cast(attribute AS INTEGER), attribute, attribute, attribute,
    try_cast(attribute AS INTEGER), try_cast(attribute AS INTEGER), try_cast(attribute AS INTEGER),
    try_cast(attribute AS INTEGER), try_cast(attribute AS INTEGER), try_cast(attribute AS INTEGER),
    try_cast(attribute AS INTEGER), try_cast(attribute AS INTEGER), try_cast(attribute AS INTEGER),
    try_cast(attribute AS INTEGER), try_cast(attribute AS INTEGER), try_cast(attribute AS INTEGER),
    attribute, try_cast(attribute AS INTEGER)
FROM checked
WHERE attribute IS NULL;
