-- hardy_weinberg_x_tests: the joint exact test of men's alleles and women's genotypes on X.
--
--   in_tables   name of a relation: male_reference, male_alternate, homozygous_reference,
--               heterozygotes, homozygotes
--
-- One row per different table with an allele in it:
--   male_reference         men whose allele is not alt
--   male_alternate         men whose allele is alt
--   homozygous_reference   women with two called alleles and no copy
--   heterozygotes          women with one copy
--   homozygotes            women with two copies
--   p_exact                of all ways to share the alleles out, those no likelier than the one
--                          seen
--   p_mid                  of those as likely as the one seen only half
--
-- Ways that are 10^9 times less likely than both the likeliest and the one seen are left out.
--
--   FROM hardy_weinberg_x_tests('tables');

CREATE OR REPLACE MACRO hardy_weinberg_x_tests(in_tables) AS TABLE
WITH tables AS (
    SELECT
        *,
        row_number() OVER () AS number,
        hardy_weinberg_x_weight(males, females, copies, male_alternate, heterozygotes)
            AS seen_weight,
        1e-13 * abs(seen_weight) + 1e-13 AS rounding,
        (males * copies / (males + 2.0 * females))::BIGINT AS middle
    FROM (
        SELECT DISTINCT
            male_reference, male_alternate, homozygous_reference, heterozygotes, homozygotes,
            male_reference + male_alternate AS males,
            homozygous_reference + heterozygotes + homozygotes AS females,
            male_alternate + heterozygotes + 2 * homozygotes AS copies
        FROM query_table(in_tables)
        WHERE
            male_reference + male_alternate + homozygous_reference + heterozygotes + homozygotes > 0
    )
),
-- For each number of copies among men the likeliest number of heterozygotes among women, in steps
-- of two from the least.
shared AS (
    SELECT
        *,
        copies - among_men AS among_women,
        CASE WHEN females = 0 THEN 0 ELSE among_women / (2.0 * females) END AS share,
        least(among_women, 2 * females - among_women) AS most,
        greatest(0, least(
            (most - among_women % 2) // 2,
            round((2 * females * share * (1 - share) - among_women % 2) / 2)::BIGINT
        )) AS likeliest,
        hardy_weinberg_x_weight(
            males, females, copies, among_men, among_women % 2 + 2 * likeliest
        ) AS weight
    FROM (
        SELECT
            *,
            unnest(range(greatest(0, copies - 2 * females), least(males, copies) + 1)) AS among_men
        FROM tables
    )
),
bounded AS (
    SELECT *, least(seen_weight, top) - 21 AS floor
    FROM (SELECT *, max(weight) OVER (PARTITION BY number) AS top FROM shared)
),
weighed AS (
    SELECT
        * EXCLUDE (weight),
        list_transform(
            range(
                greatest(0, likeliest - reach),
                least((most - among_women % 2) // 2, likeliest + reach) + 1
            ),
            lambda term: hardy_weinberg_x_weight(
                males, females, copies, among_men, among_women % 2 + 2 * term
            )
        ) AS weights
    FROM (
        SELECT
            *,
            ceil(
                1.5 * sqrt(2 * (weight - floor)) * share * (1 - share) * sqrt(females)
            )::BIGINT + 20 AS reach
        FROM bounded
        WHERE weight > floor
    )
),
summed AS (
    SELECT
        number,
        sum(list_sum(list_transform(weights, lambda weight: exp(weight - top)))) AS total,
        sum(list_sum(list_transform(
            list_filter(weights, lambda weight: weight <= seen_weight + rounding),
            lambda weight: exp(weight - top)
        ))) AS not_likelier,
        sum(list_sum(list_transform(
            list_filter(weights, lambda weight: abs(weight - seen_weight) <= rounding),
            lambda weight: exp(weight - top)
        ))) AS as_likely
    FROM weighed
    GROUP BY number
)
SELECT
    t.male_reference,
    t.male_alternate,
    t.homozygous_reference,
    t.heterozygotes,
    t.homozygotes,
    s.not_likelier / s.total AS p_exact,
    (s.not_likelier - coalesce(s.as_likely, 0) / 2) / s.total AS p_mid
FROM tables t
JOIN summed s ON t.number = s.number;
