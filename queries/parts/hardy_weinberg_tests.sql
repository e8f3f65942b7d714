-- hardy_weinberg_tests: the exact tests of tables of diploid genotypes.
--
--   in_tables   name of a relation: homozygous_reference, heterozygotes, homozygotes
--
-- One row per different table with somebody in it:
--   homozygous_reference   people with two called alleles and no copy
--   heterozygotes          people with one copy
--   homozygotes            people with two copies
--   p_exact                of all numbers of heterozygotes, those no likelier than the one seen
--   p_mid                  of those as likely as the one seen only half
--   p_excess               as many heterozygotes as seen, or more
--
-- Numbers of heterozygotes are weighed where they can matter alone: within nine standard deviations
-- and 80 of the likeliest, and as far outwards from the one seen and from the first on the other
-- side that is no likelier. Of a million people that is some thousand terms, not half a million.
--
--   FROM hardy_weinberg_tests('tables');

CREATE OR REPLACE MACRO hardy_weinberg_tests(in_tables) AS TABLE
-- Terms are numbered from 0: term t is of rare % 2 + 2 t heterozygotes.
WITH tables AS (
    SELECT
        *,
        greatest(0, least(last_term, round(
            (rare * (2.0 * people - rare) / (2.0 * people) - rare % 2) / 2
        )::BIGINT)) AS middle,
        heterozygotes // 2 AS seen_term,
        -- The standard deviation is p (1 - p) sqrt(people), in terms.
        ceil(9 * (rare / (2.0 * people)) * (1 - rare / (2.0 * people)) * sqrt(people))::BIGINT + 40
            AS reach,
        hardy_weinberg_weight(people, rare, heterozygotes) AS seen_weight,
        ceil(sqrt(last_term + 1))::BIGINT AS step
    FROM (
        SELECT
            *,
            homozygous_reference + heterozygotes + homozygotes AS people,
            2 * least(homozygous_reference, homozygotes) + heterozygotes AS rare,
            rare // 2 AS last_term
        FROM (
            SELECT DISTINCT homozygous_reference, heterozygotes, homozygotes
            FROM query_table(in_tables)
        )
        WHERE homozygous_reference + heterozygotes + homozygotes > 0
    )
),
-- Beyond the likeliest, weights fall: the first term on the other side that is no likelier than the
-- one seen is in a stretch of `step` terms, and found within it.
crossed AS (
    SELECT
        *,
        seen_weight + 1e-13 * abs(seen_weight) + 1e-13 AS no_likelier,
        CASE
            WHEN last_term <= 2 * reach THEN NULL
            WHEN seen_term < middle THEN coalesce(
                list_filter(
                    range(middle, last_term + 1, step),
                    lambda term: hardy_weinberg_weight(people, rare, rare % 2 + 2 * term)
                        <= no_likelier
                )[1],
                last_term + 1
            )
            ELSE coalesce(
                list_filter(
                    range(middle, -1, -step),
                    lambda term: hardy_weinberg_weight(people, rare, rare % 2 + 2 * term)
                        <= no_likelier
                )[1],
                -1
            )
        END AS beyond
    FROM tables
),
opposed AS (
    SELECT
        *,
        CASE
            WHEN beyond IS NULL THEN NULL
            WHEN seen_term < middle THEN list_filter(
                range(greatest(beyond - step, middle), least(beyond, last_term) + 1),
                lambda term: hardy_weinberg_weight(people, rare, rare % 2 + 2 * term) <= no_likelier
            )[1]
            ELSE list_filter(
                range(least(beyond + step, middle), greatest(beyond, 0) - 1, -1),
                lambda term: hardy_weinberg_weight(people, rare, rare % 2 + 2 * term) <= no_likelier
            )[1]
        END AS opposite
    FROM crossed
),
-- Three stretches in order, none into the next.
listed AS (
    SELECT
        *,
        CASE
            WHEN beyond IS NULL THEN range(0, last_term + 1)
            ELSE list_concat(
                list_concat(
                    range(greatest(low - reach, 0), least(low, middle - reach - 1) + 1),
                    range(greatest(middle - reach, 0), least(middle + reach, last_term) + 1)
                ),
                range(greatest(high, middle + reach + 1), least(high + reach, last_term) + 1)
            )
        END AS terms
    FROM (
        SELECT
            *,
            CASE WHEN seen_term < middle THEN seen_term ELSE coalesce(opposite, -1) END AS low,
            CASE WHEN seen_term < middle THEN coalesce(opposite, last_term + 1) ELSE seen_term END
                AS high
        FROM opposed
    )
),
weighed AS (
    SELECT
        *,
        list_transform(
            terms, lambda term: hardy_weinberg_weight(people, rare, rare % 2 + 2 * term)
        ) AS weights,
        -- Equal probabilities differ by the rounding of lgamma: a few units in its last place.
        1e-13 * abs(seen_weight) + 1e-13 AS rounding,
        list_max(weights) AS greatest_weight
    FROM listed
),
summed AS (
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
        )) AS as_likely,
        list_sum(list_transform(
            list_filter(
                weights,
                lambda weight, place: terms[place] >= seen_term
            ),
            lambda weight: exp(weight - greatest_weight)
        )) AS not_fewer
    FROM weighed
)
SELECT
    homozygous_reference,
    heterozygotes,
    homozygotes,
    not_likelier / total AS p_exact,
    (not_likelier - as_likely / 2) / total AS p_mid,
    not_fewer / total AS p_excess
FROM summed;
