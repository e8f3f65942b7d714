-- batch_differences: is an alternate allele more common in one batch than in all the others?
--
--   in_cohort      a cohort's name; an unknown name is an error, not an empty answer
--   in_region      NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_attribute   what to compare: 'batch', 'sex' or a column of imported metadata
--   in_stratum     an attribute within whose values to compare, such as 'population', so that
--                  batches of different people are no difference; NULL for none. People without
--                  a value of it are compared with each other
--   in_policy      which genotypes count: 'raw' (all that were called), 'raw_blocks' (and reference
--                  blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_ploidy      'as_called', or 'by_sex': XX on Y is missing, XY outside PAR has one allele, and
--                  a sample of unknown sex is unknown on X outside PAR and on Y
--   in_filter      'any', or 'pass': only records that are PASS or were not filtered
--   max_p          a p below it is flagged
--
-- One row per variant the lake knows there and value of the attribute, if it and the other values
-- both have alleles called. People without a value are left out; a cohort whose people all have one
-- value is an error:
--   contig            the contig, as the lake's assembly names it
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   attribute_value   the value, as text
--   ac                copies of alt among people with this value
--   an                called alleles among them
--   af                ac / an, in [0, 1]
--   other_ac          copies of alt among all others
--   other_an          called alleles among them
--   other_af          other_ac / other_an
--   strata            values of in_stratum in which both have alleles called; 1 without in_stratum
--   test              'fisher' (exact, two-sided: one stratum), 'cmh' (Cochran-Mantel-Haenszel,
--                     without correction for continuity: several), or 'none': nothing varies
--   p                 its p; NULL where the test is 'none'
--   is_flagged        whether p is below max_p
--   reason            why it is flagged, in words; NULL if it is not
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--
--   FROM batch_differences('all', '22', in_attribute := 'sex') WHERE p < 1;

CREATE OR REPLACE MACRO batch_differences(
    in_cohort,
    in_region := NULL,
    in_attribute := 'batch',
    in_stratum := NULL,
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any',
    max_p := 0.0001
) AS TABLE
WITH checked AS MATERIALIZED (
    SELECT
        a.attribute,
        -- An error is given where it is read: both names, and that there are parts to compare.
        CASE
            WHEN s.attribute IS NULL THEN NULL
            WHEN (
                SELECT count(DISTINCT t.value)
                FROM cohort_samples(in_cohort) m
                JOIN sample_attributes t
                    ON t.attribute = in_attribute AND m.sample_number = t.sample_number
            ) < 2
                THEN error(
                    'everybody in the cohort ' || quoted_name(in_cohort)
                    || ' has the same value of ' || quoted_name(in_attribute)
                    || ', or none: there is nothing to compare'
                )
            WHEN in_stratum IS NOT NULL AND NOT EXISTS (
                FROM cohort_samples(in_cohort) m
                JOIN sample_attributes t
                    ON t.attribute = in_attribute AND m.sample_number = t.sample_number
                LEFT JOIN sample_attributes w
                    ON w.attribute = in_stratum AND m.sample_number = w.sample_number
                SELECT 1
                GROUP BY w.value
                HAVING count(DISTINCT t.value) > 1
            )
                THEN error(
                    'within each value of ' || quoted_name(in_stratum)
                    || ' everybody in the cohort ' || quoted_name(in_cohort)
                    || ' has the same value of ' || quoted_name(in_attribute)
                    || ': there is nothing to compare'
                )
            ELSE true
        END AS is_fit
    FROM checked_attribute(in_attribute) a
    CROSS JOIN checked_attribute(coalesce(in_stratum, 'sex')) s
),
-- Two attributes as one, between them a character that no value has.
pairs AS MATERIALIZED (
    SELECT
        'part' AS attribute,
        a.sample_number,
        a.value || chr(31) || coalesce(s.value, '') AS value
    FROM sample_attributes a
    LEFT JOIN sample_attributes s
        ON in_stratum IS NOT NULL
        AND s.attribute = in_stratum
        AND a.sample_number = s.sample_number
    WHERE a.attribute = in_attribute AND a.value IS NOT NULL
),
counts AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length,
        split_part(attribute_value, chr(31), 1) AS part,
        split_part(attribute_value, chr(31), 2) AS stratum,
        ac,
        an_record + an_block + an_assumed AS an
    FROM allele_counts(
        in_cohort, 'part', in_region, in_policy, in_ploidy, in_filter, in_attributes := 'pairs'
    )
    WHERE attribute_value IS NOT NULL
),
-- A stratum in which a part has nobody is none of its tables.
compared AS (
    SELECT
        *,
        sum(ac) OVER others - ac AS other_ac,
        sum(an) OVER others - an AS other_an
    FROM counts
    WINDOW others AS (
        PARTITION BY contig, position, ref, alt, end_position, sv_length, stratum
    )
),
summed AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length, part,
        sum(ac)::BIGINT AS ac,
        sum(an)::BIGINT AS an,
        sum(other_ac)::BIGINT AS other_ac,
        sum(other_an)::BIGINT AS other_an,
        count(*) AS strata,
        -- Copies beyond those expected, and their variance, given the margins of each stratum.
        sum(ac - an * (ac + other_ac) / total) AS beyond,
        sum(
            an * other_an / (total * total) * (ac + other_ac) * (total - ac - other_ac)
            / (total - 1)
        ) AS variance
    FROM (SELECT *, (an + other_an)::DOUBLE AS total FROM compared)
    WHERE an > 0 AND other_an > 0
    GROUP BY contig, position, ref, alt, end_position, sv_length, part
),
tables AS (FROM summed WHERE strata = 1),
tested AS (
    SELECT
        s.*,
        CASE
            WHEN s.strata = 1 THEN 'fisher'
            WHEN s.variance > 0 THEN 'cmh'
            ELSE 'none'
        END AS test,
        CASE
            WHEN s.strata = 1 THEN f.p
            WHEN s.variance > 0 THEN chi_square_p(s.beyond * s.beyond / s.variance)
        END AS p
    FROM summed s
    LEFT JOIN fisher_tests('tables') f
        ON s.strata = 1
        AND s.ac = f.ac
        AND s.an = f.an
        AND s.other_ac = f.other_ac
        AND s.other_an = f.other_an
)
SELECT
    contig,
    position,
    ref,
    alt,
    part AS attribute_value,
    ac,
    an,
    ac / an AS af,
    other_ac,
    other_an,
    other_ac / other_an AS other_af,
    strata,
    test,
    p,
    coalesce(p < max_p, false) AS is_flagged,
    CASE
        WHEN p < max_p
            THEN format(
                'af {:.4g} against {:.4g} in the others: {} p {:.2g}, below {:.2g}',
                (ac / an)::DOUBLE, (other_ac / other_an)::DOUBLE,
                CASE test WHEN 'fisher' THEN 'Fisher' ELSE 'CMH' END, p, max_p::DOUBLE
            )
    END AS reason,
    end_position,
    sv_length
FROM tested
-- Without this branch a wrong name would go unseen. It gives no row; no column is a constant, or a
-- filter on it would take the branch away.
UNION ALL
SELECT
    attribute, n, attribute, attribute, attribute, n, n, d, n, n, d, n, attribute, d, is_fit,
    attribute, n, n
FROM (
    SELECT *, try_cast(attribute AS INTEGER) AS n, try_cast(attribute AS DOUBLE) AS d FROM checked
)
WHERE NOT is_fit;
