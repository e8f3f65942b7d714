-- hardy_weinberg: do the genotypes of a cohort fit Hardy-Weinberg proportions?
--
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_policy   which genotypes count: 'raw' (all that were called), 'raw_blocks' (and reference
--               blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_ploidy   'by_sex' (the default here: on X outside PAR women only, and nobody whose sex is
--               unknown), or 'as_called': all genotypes with two called alleles
--   in_filter   'any', or 'pass': only records that are PASS or were not filtered
--
-- One row per variant the lake knows there. People with two called alleles count; haploid, half and
-- missing calls do not. Other alleles of the record count as reference:
--   contig                   the contig, as the lake's assembly names it
--   position                 first base of ref, 1-based
--   ref                      reference allele
--   alt                      alternate allele
--   homozygous_reference     people with two called alleles and no copy
--   heterozygotes            people with one copy
--   homozygotes              people with two copies
--   expected_heterozygotes   expected number of people with one copy, given the alleles; NULL if
--                            nobody counts
--   p_exact                  exact two-sided p: of all numbers of heterozygotes, those no likelier
--                            than the one seen (Wigginton 2005; bcftools, plink2); NULL if nobody
--                            counts, on Y and MT
--   p_mid                    mid-p: of those as likely as the one seen only half (Hail); NULL as
--                            p_exact
--   end_position             last base of the variant, 1-based
--   sv_length                SVLEN of a symbolic allele; NULL otherwise
--
--   FROM hardy_weinberg('all', in_region := '22') WHERE p_mid < 1e-6;

CREATE OR REPLACE MACRO hardy_weinberg(
    in_cohort,
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'by_sex',
    in_filter := 'any'
) AS TABLE
WITH counts AS MATERIALIZED (
    SELECT g.*, z.zone IS NULL AS is_diploid
    FROM genotype_counts(in_cohort, in_region, in_policy, in_ploidy, in_filter) g
    LEFT JOIN zones z
        ON z.zone IN ('y', 'y_par', 'mt')
        AND g.contig = z.contig
        AND g.position BETWEEN z.start_position AND z.end_position
),
-- Many variants share their three counts: each three are weighed once.
weighed AS (
    SELECT
        *,
        hardy_weinberg_weights(people, rare_alleles) AS weights,
        list_max(weights) AS greatest_weight,
        weights[heterozygotes // 2 + 1] AS seen_weight,
        -- Equal probabilities differ by the rounding of lgamma: a few units in its last place.
        1e-13 * abs(greatest_weight) + 1e-13 AS rounding
    FROM (
        SELECT DISTINCT
            homozygous_reference,
            heterozygotes,
            homozygotes,
            homozygous_reference + heterozygotes + homozygotes AS people,
            2 * least(homozygous_reference, homozygotes) + heterozygotes AS rare_alleles
        FROM counts
        WHERE is_diploid
    )
    WHERE people > 0
),
tested AS (
    SELECT
        homozygous_reference,
        heterozygotes,
        homozygotes,
        list_sum(list_transform(weights, lambda weight: exp(weight - greatest_weight))) AS total,
        list_sum(list_transform(
            list_filter(weights, lambda weight: weight <= seen_weight + rounding),
            lambda weight: exp(weight - greatest_weight)
        )) AS not_likelier,
        list_sum(list_transform(
            list_filter(weights, lambda weight: abs(weight - seen_weight) <= rounding),
            lambda weight: exp(weight - greatest_weight)
        )) AS as_likely
    FROM weighed
)
SELECT
    c.contig,
    c.position,
    c.ref,
    c.alt,
    c.homozygous_reference,
    c.heterozygotes,
    c.homozygotes,
    -- As Hail: of all pairs of the 2n alleles, those of one kind with one of the other.
    CASE
        WHEN c.people > 0 THEN c.reference_alleles * c.alternate_alleles / (2.0 * c.people - 1)
    END AS expected_heterozygotes,
    t.not_likelier / t.total AS p_exact,
    (t.not_likelier - t.as_likely / 2) / t.total AS p_mid,
    c.end_position,
    c.sv_length
FROM (
    SELECT
        *,
        homozygous_reference + heterozygotes + homozygotes AS people,
        2 * homozygous_reference + heterozygotes AS reference_alleles,
        2 * homozygotes + heterozygotes AS alternate_alleles
    FROM counts
) c
LEFT JOIN tested t
    ON c.is_diploid
    AND c.homozygous_reference = t.homozygous_reference
    AND c.heterozygotes = t.heterozygotes
    AND c.homozygotes = t.homozygotes;
