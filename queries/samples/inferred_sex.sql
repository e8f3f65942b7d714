-- inferred_sex: which sex do a sample's genotypes on X and Y tell, and is it the declared one?
--
--   in_cohort      a cohort's name; an unknown name is an error, not an empty answer
--   max_female_f   on X outside PAR, an F of at most this tells XX (plink --check-sex: 0.2)
--   min_male_f     an F of at least this tells XY (plink --check-sex: 0.8)
--   max_female_y   a call rate on Y of at most this tells XX; NULL leaves Y out
--   min_male_y     a call rate on Y of at least this tells XY; NULL leaves Y out
--
-- Y is listened to only where the cohort has call rates of both kinds there: some callers write 0/0
-- for everybody. One row per sample, everything that was called (policy raw, as called):
--   sample_id         name of the sample in its VCF
--   participant_id    the person
--   declared_sex      'XX', 'XY' or NULL, as imported
--   inferred_sex      'XX', 'XY', or NULL where X and Y tell neither
--   status            'agrees', 'differs', 'undeclared' (inferred alone), or 'unknown' (not
--                     inferred)
--   x_genotypes       genotypes on X outside PAR with a called allele; those with one (0, 0/.) are
--                     taken as if they had it twice
--   x_heterozygotes   of them, with one copy of two called alleles
--   x_f               1 - x_heterozygotes / those expected of the frequencies in the cohort; near 0
--                     for XX, 1 for XY; NULL where nothing varies, and for a sample asked alone
--   y_genotypes       variants on Y at which the sample was asked
--   y_call_rate       of them, those with a called allele / y_genotypes; NULL if none was asked
--   reason            what decided, in words
--
--   FROM inferred_sex('all') ORDER BY status;

CREATE OR REPLACE MACRO inferred_sex(
    in_cohort,
    max_female_f := 0.2,
    min_male_f := 0.8,
    max_female_y := 0.2,
    min_male_y := 0.8
) AS TABLE
WITH x_counts AS MATERIALIZED (
    SELECT
        contig, position, ref, alt, end_position, sv_length,
        ac, an_record + an_block + an_assumed AS an
    FROM allele_counts(in_cohort, NULL, 'X', 'raw', 'as_called', 'any')
),
y_counts AS MATERIALIZED (
    SELECT DISTINCT contig, position, ref, alt, end_position, sv_length, 0 AS ac, 0 AS an
    FROM asked_sites('Y')
),
no_variants AS (SELECT * FROM x_counts WHERE false),
told AS MATERIALIZED (
    SELECT
        m.sample_id,
        m.participant_id,
        m.sex,
        x.judged_genotypes AS x_genotypes,
        coalesce(t.x_heterozygotes, 0) AS x_heterozygotes,
        CASE
            WHEN x.expected_heterozygotes > 1e-9
                THEN 1 - coalesce(t.x_heterozygotes, 0) / x.expected_heterozygotes
        END AS x_f,
        y.genotypes AS y_genotypes,
        (y.genotypes - y.missing) / nullif(y.genotypes, 0) AS y_call_rate
    FROM cohort_samples(in_cohort) m
    JOIN sample_genotypes(in_cohort, 'X', 'x_counts', 'x') x ON m.sample_number = x.sample_number
    JOIN sample_genotypes(in_cohort, 'Y', 'y_counts', 'y') y ON m.sample_number = y.sample_number
    LEFT JOIN sample_tallies(in_cohort, 'X', 'raw', 'as_called', 'any', 'no_variants') t
        ON m.sample_number = t.sample_number
),
judged AS (
    SELECT
        *,
        CASE WHEN x_f <= max_female_f THEN 'XX' WHEN x_f >= min_male_f THEN 'XY' END AS by_x,
        CASE
            WHEN NOT is_y_telling THEN NULL
            WHEN y_call_rate <= max_female_y THEN 'XX'
            WHEN y_call_rate >= min_male_y THEN 'XY'
        END AS by_y
    FROM (
        SELECT
            *,
            coalesce(bool_or(y_call_rate <= max_female_y) OVER (), false)
            AND coalesce(bool_or(y_call_rate >= min_male_y) OVER (), false) AS is_y_telling
        FROM told
    )
),
inferred AS (
    SELECT
        *,
        CASE WHEN by_x IS NULL OR by_y IS NULL OR by_x = by_y THEN coalesce(by_x, by_y) END AS found
    FROM judged
)
SELECT
    sample_id,
    participant_id,
    sex AS declared_sex,
    found AS inferred_sex,
    CASE
        WHEN found IS NULL THEN 'unknown'
        WHEN sex IS NULL THEN 'undeclared'
        WHEN sex = found THEN 'agrees'
        ELSE 'differs'
    END AS status,
    x_genotypes,
    x_heterozygotes,
    x_f,
    y_genotypes,
    y_call_rate,
    CASE
        WHEN by_x <> by_y THEN 'X tells ' || by_x || ', Y tells ' || by_y
        WHEN by_x = by_y THEN 'X and Y tell it'
        WHEN by_x IS NOT NULL THEN 'X tells it'
        WHEN by_y IS NOT NULL THEN 'Y tells it'
        WHEN x_genotypes IS NULL
            THEN 'asked alone: nobody else''s genotypes to compare with'
        WHEN x_f IS NOT NULL
            THEN format(
                'F of {:.4g} on X lies between {:.4g} and {:.4g}',
                x_f, max_female_f::DOUBLE, min_male_f::DOUBLE
            )
        WHEN x_genotypes = 0 AND y_genotypes = 0 THEN 'no genotypes on X outside PAR and on Y'
        WHEN x_genotypes = 0 THEN 'no genotypes on X outside PAR'
        ELSE 'no variant on X outside PAR varies in this cohort'
    END AS reason
FROM inferred;
