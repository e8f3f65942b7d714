-- fisher_tests: Fisher's exact test of tables of two by two.
--
--   in_tables    name of a relation: ac and an of one group, other_ac and other_an of the other
--
-- One row per different table with alleles in both groups:
--   ac           copies in the first group
--   an           alleles in the first group
--   other_ac     copies in the other group
--   other_an     alleles in the other group
--   p            of all tables of these margins, those no likelier than the one seen
--
-- Tables are weighed where they can matter alone, as hardy_weinberg_tests does.
--
--   FROM fisher_tests('tables');

CREATE OR REPLACE MACRO fisher_tests(in_tables) AS TABLE
WITH tables AS (
    SELECT
        *,
        ac + other_ac AS copies,
        an + other_an AS total,
        greatest(0, copies - other_an) AS fewest,
        least(an, copies) AS most,
        (an * (copies / total))::BIGINT AS middle,
        ceil(9 * sqrt(
            an / total::DOUBLE * other_an * (copies / total::DOUBLE) * (1 - copies / total::DOUBLE)
        ))::BIGINT + 40 AS reach,
        hypergeometric_weight(an, copies, total, ac) AS seen_weight,
        seen_weight + 1e-13 * abs(seen_weight) + 1e-13 AS no_likelier,
        ceil(sqrt(most - fewest + 1))::BIGINT AS step
    FROM (
        SELECT DISTINCT
            ac::BIGINT AS ac, an::BIGINT AS an,
            other_ac::BIGINT AS other_ac, other_an::BIGINT AS other_an
        FROM query_table(in_tables)
    )
    WHERE an > 0 AND other_an > 0
),
crossed AS (
    SELECT
        *,
        CASE
            WHEN most - fewest <= 2 * reach THEN NULL
            WHEN ac < middle THEN coalesce(
                list_filter(
                    range(middle, most + 1, step),
                    lambda seen: hypergeometric_weight(an, copies, total, seen) <= no_likelier
                )[1],
                most + 1
            )
            ELSE coalesce(
                list_filter(
                    range(middle, fewest - 1, -step),
                    lambda seen: hypergeometric_weight(an, copies, total, seen) <= no_likelier
                )[1],
                fewest - 1
            )
        END AS beyond
    FROM tables
),
opposed AS (
    SELECT
        *,
        CASE
            WHEN beyond IS NULL THEN NULL
            WHEN ac < middle THEN list_filter(
                range(greatest(beyond - step, middle), least(beyond, most) + 1),
                lambda seen: hypergeometric_weight(an, copies, total, seen) <= no_likelier
            )[1]
            ELSE list_filter(
                range(least(beyond + step, middle), greatest(beyond, fewest) - 1, -1),
                lambda seen: hypergeometric_weight(an, copies, total, seen) <= no_likelier
            )[1]
        END AS opposite
    FROM crossed
),
weighed AS (
    SELECT
        *,
        list_transform(
            CASE
                WHEN beyond IS NULL THEN range(fewest, most + 1)
                ELSE list_concat(
                    list_concat(
                        range(greatest(low - reach, fewest), least(low, middle - reach - 1) + 1),
                        range(greatest(middle - reach, fewest), least(middle + reach, most) + 1)
                    ),
                    range(greatest(high, middle + reach + 1), least(high + reach, most) + 1)
                )
            END,
            lambda seen: hypergeometric_weight(an, copies, total, seen)
        ) AS weights,
        list_max(weights) AS greatest_weight
    FROM (
        SELECT
            *,
            CASE WHEN ac < middle THEN ac ELSE coalesce(opposite, fewest - 1) END AS low,
            CASE WHEN ac < middle THEN coalesce(opposite, most + 1) ELSE ac END AS high
        FROM opposed
    )
)
SELECT
    ac,
    an,
    other_ac,
    other_an,
    list_sum(list_transform(
        list_filter(weights, lambda weight: weight <= no_likelier),
        lambda weight: exp(weight - greatest_weight)
    )) / list_sum(list_transform(weights, lambda weight: exp(weight - greatest_weight))) AS p
FROM weighed;
