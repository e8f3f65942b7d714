-- frequency_strata: how common is each alternate allele in a cohort and in each of its groups?
--
--   in_cohort      a cohort's name; an unknown name is an error, not an empty answer
--   in_attribute   what to split by: 'sex', 'batch' or a column of imported metadata; that somebody
--                  has the value 'all' of it is an error
--   in_region      NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_policy      which genotypes count: 'raw', 'raw_blocks' or 'adj@1' (gnomAD's adj)
--   in_ploidy      'as_called', or 'by_sex'
--   in_filter      'any', or 'pass': only records that are PASS or were not filtered
--
-- What the view `frequencies` has of stored ones, counted anew in one pass. One row per variant the
-- lake knows there and stratum: 'all', which has people without a value too, and each value:
--   contig            the contig, as the lake's assembly names it
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   stratum           'all', or a value of the attribute
--   ac                copies of alt among the called alleles
--   an                called alleles: an_record + an_block + an_assumed
--   af                ac / an, in [0, 1]; NULL where an is 0
--   faf95             filtering allele frequency, 95 %: faf(ac, an, 0.95)
--   faf99             filtering allele frequency, 99 %
--   homozygotes       people with two copies
--   heterozygotes     people with one copy, of two called alleles
--   hemizygotes       people whose genotype has room for one allele, and it is alt
--   half_calls        people with one copy and one missing allele (./1)
--   an_record         alleles called in a record of this variant
--   an_block          reference alleles in reference blocks (gVCF) and other records of samples
--                     asked alone
--   an_assumed        reference alleles assumed where no record of this variant is
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--
--   FROM frequency_strata('all', 'sex', in_region := '22') WHERE faf95 > 0.01;

CREATE OR REPLACE MACRO frequency_strata(
    in_cohort,
    in_attribute,
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any'
) AS TABLE
WITH fit AS MATERIALIZED (
    SELECT
        CASE
            WHEN count(*) > 0 THEN error(
                'people have the value ''all'' of ' || quoted_name(in_attribute)
                || ', which is the stratum of everybody: import it with another value, or ask '
                || 'allele_frequency_by'
            )
            ELSE true
        END AS is_fit
    FROM cohort_samples(in_cohort) m
    JOIN sample_attributes t
        ON t.attribute = in_attribute AND m.sample_number = t.sample_number
    WHERE t.value = 'all'
),
counted AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length,
        CASE WHEN grouping(attribute_value) = 1 THEN 'all' ELSE attribute_value END AS stratum,
        sum(ac)::BIGINT AS ac,
        sum(an)::BIGINT AS an,
        sum(homozygotes)::BIGINT AS homozygotes,
        sum(heterozygotes)::BIGINT AS heterozygotes,
        sum(hemizygotes)::BIGINT AS hemizygotes,
        sum(half_calls)::BIGINT AS half_calls,
        sum(an_record)::BIGINT AS an_record,
        sum(an_block)::BIGINT AS an_block,
        sum(an_assumed)::BIGINT AS an_assumed
    FROM allele_frequency_by(
        in_cohort, in_attribute, in_region, in_policy, in_ploidy, in_filter
    )
    GROUP BY GROUPING SETS (
        (contig, position, ref, alt, end_position, sv_length),
        (contig, position, ref, alt, end_position, sv_length, attribute_value)
    )
)
SELECT
    contig,
    position,
    ref,
    alt,
    stratum,
    ac,
    an,
    ac / nullif(an, 0) AS af,
    faf(ac, an, 0.95) AS faf95,
    faf(ac, an, 0.99) AS faf99,
    homozygotes,
    heterozygotes,
    hemizygotes,
    half_calls,
    an_record,
    an_block,
    an_assumed,
    end_position,
    sv_length
FROM counted
JOIN fit ON fit.is_fit
WHERE stratum IS NOT NULL;
