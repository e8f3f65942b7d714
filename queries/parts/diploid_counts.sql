-- diploid_counts: people by diploid genotype, and whether their proportions mean anything there.
--
--   in_cohort        a cohort's name
--   in_attribute     an attribute of samples to split the cohort by, or NULL
--   in_region        NULL, a region or a list of regions
--   in_policy        'raw', 'raw_blocks' or 'adj@1'
--   in_ploidy        'as_called' or 'by_sex'
--   in_filter        'any' or 'pass'
--   in_memberships   name of a relation: cohort_members, or those of its rows that count
--
-- One row per variant the lake knows there, and per value of the attribute that the cohort has:
--   contig                 the contig, as the lake's assembly names it
--   position               first base of ref, 1-based
--   ref                    reference allele
--   alt                    alternate allele
--   end_position           last base of the variant, 1-based
--   sv_length              SVLEN of a symbolic allele; NULL otherwise
--   attribute_value        value of the attribute, NULL for people who have none; NULL without
--                          attribute
--   homozygous_reference   people with two called alleles and no copy
--   heterozygotes          people with one copy, of two called alleles
--   homozygotes            people with two copies
--   is_diploid             false on Y, in its PAR and on MT
--   people                 all three together
--   alternate_alleles      copies of alt among them
--
--   FROM diploid_counts('all', 'sex', '22', 'raw', 'by_sex', 'any', 'cohort_members');

CREATE OR REPLACE MACRO diploid_counts(
    in_cohort, in_attribute, in_region, in_policy, in_ploidy, in_filter, in_memberships
) AS TABLE
SELECT
    *,
    homozygous_reference + heterozygotes + homozygotes AS people,
    2 * homozygotes + heterozygotes AS alternate_alleles
FROM (
    SELECT
        g.contig,
        g.position,
        g.ref,
        g.alt,
        g.end_position,
        g.sv_length,
        g.attribute_value,
        -- Of the people called, each has two alleles but those with one.
        g.an_record + g.an_block + g.an_assumed
        - (g.samples - g.unknown_samples - g.missing - g.covered_missing - g.assumed_missing)
        - g.heterozygotes - g.homozygotes AS homozygous_reference,
        g.heterozygotes,
        g.homozygotes,
        z.zone IS NULL AS is_diploid
    FROM allele_counts(
        in_cohort, in_attribute, in_region, in_policy, in_ploidy, in_filter,
        in_memberships := in_memberships
    ) g
    LEFT JOIN zones z
        ON z.zone IN ('y', 'y_par', 'mt')
        AND g.contig = z.contig
        AND g.position BETWEEN z.start_position AND z.end_position
);
