-- hardy_weinberg_x: do men's alleles and women's genotypes on X outside PAR fit each other?
--
--   in_cohort            a cohort's name; an unknown name is an error, not an empty answer
--   in_region            a region of X such as 'X:5,000,000-6,000,000', or a list; all of X by
--                        default; one without any of X outside PAR is an error
--   in_policy            which genotypes count: 'raw' (all that were called), 'raw_blocks' (and
--                        reference blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_filter            'any', or 'pass': only records that are PASS or were not filtered
--   is_founders_only     whether people with a parent in `pedigree` are left out (plink2's default)
--
-- One row per variant the lake knows there, outside PAR. Alleles count by sex, and people of
-- unknown sex do not:
--   contig                 the contig, as the lake's assembly names it
--   position               first base of ref, 1-based
--   ref                    reference allele
--   alt                    alternate allele
--   male_reference         XY people whose allele is not alt
--   male_alternate         XY people whose allele is alt
--   homozygous_reference   XX people with two called alleles and no copy
--   heterozygotes          XX people with one copy
--   homozygotes            XX people with two copies
--   p_females              exact p of the XX people alone, as hardy_weinberg has it; NULL if there
--                          is none
--   p_exact                exact p of both together: that men and women share one frequency, and
--                          women mate at random (Graffelman and Weir 2016; plink2 .hardy.x); NULL
--                          if nobody counts
--   p_mid                  mid-p of the same
--   end_position           last base of the variant, 1-based
--   sv_length              SVLEN of a symbolic allele; NULL otherwise
--
--   FROM hardy_weinberg_x('all') WHERE p_mid < 1e-6;

CREATE OR REPLACE MACRO hardy_weinberg_x(
    in_cohort,
    in_region := 'X',
    in_policy := 'raw',
    in_filter := 'any',
    is_founders_only := false
) AS TABLE
WITH founders AS (FROM founder_members()),
fit AS MATERIALIZED (
    SELECT
        CASE
            WHEN count(*) > 0 THEN true
            ELSE error('X outside PAR is not in the region asked; without a region it is all of X')
        END AS is_fit
    FROM asked_spans(in_region) s
    JOIN zones z
        ON z.zone = 'x'
        AND s.contig = z.contig
        AND s.span_start <= z.end_position
        AND s.span_end >= z.start_position
),
counts AS MATERIALIZED (
    SELECT
        c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length,
        coalesce(sum(an - ac) FILTER (sex = 'XY'), 0)::BIGINT AS male_reference,
        coalesce(sum(ac) FILTER (sex = 'XY'), 0)::BIGINT AS male_alternate,
        coalesce(sum(two_called - heterozygotes - homozygotes) FILTER (sex = 'XX'), 0)::BIGINT
            AS homozygous_reference,
        coalesce(sum(heterozygotes) FILTER (sex = 'XX'), 0)::BIGINT AS heterozygotes,
        coalesce(sum(homozygotes) FILTER (sex = 'XX'), 0)::BIGINT AS homozygotes
    FROM (
        SELECT
            *,
            attribute_value AS sex,
            an_record + an_block + an_assumed AS an,
            -- Of the people called, each has two alleles but those with one.
            an - (samples - unknown_samples - missing - covered_missing - assumed_missing)
                AS two_called
        FROM allele_counts(
            in_cohort, 'sex', in_region, in_policy, 'by_sex', in_filter,
            in_memberships := CASE
                WHEN is_founders_only THEN 'founders' ELSE 'cohort_members'
            END
        )
    ) c
    JOIN zones z
        ON z.zone = 'x'
        AND c.contig = z.contig
        AND c.position BETWEEN z.start_position AND z.end_position
    GROUP BY ALL
)
SELECT
    c.contig,
    c.position,
    c.ref,
    c.alt,
    c.male_reference,
    c.male_alternate,
    c.homozygous_reference,
    c.heterozygotes,
    c.homozygotes,
    f.p_exact AS p_females,
    j.p_exact,
    j.p_mid,
    c.end_position,
    c.sv_length
FROM counts c
LEFT JOIN hardy_weinberg_tests('counts') f
    ON c.homozygous_reference = f.homozygous_reference
    AND c.heterozygotes = f.heterozygotes
    AND c.homozygotes = f.homozygotes
LEFT JOIN hardy_weinberg_x_tests('counts') j
    ON c.male_reference = j.male_reference
    AND c.male_alternate = j.male_alternate
    AND c.homozygous_reference = j.homozygous_reference
    AND c.heterozygotes = j.heterozygotes
    AND c.homozygotes = j.homozygotes
UNION ALL BY NAME
SELECT error('not fit')::VARCHAR AS contig FROM fit WHERE NOT is_fit;
