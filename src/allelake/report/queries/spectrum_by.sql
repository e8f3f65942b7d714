-- spectrum_by: how many variants each group carries in each class of their frequency in it.
--
--   $cohort      the cohort
--   $attribute   the attribute that makes the groups
--   $group       its value's group: joined values have one
--
-- One row per group and class.

WITH counted AS (
    SELECT $group AS people, sum(ac) AS ac, sum(an) AS an
    FROM allele_frequency_by($cohort, $attribute)
    GROUP BY people, contig, position, ref, alt, end_position, sv_length
)
SELECT
    people,
    CASE
        WHEN ac = 1 THEN 0
        WHEN ac < 0.001 * an THEN 1
        WHEN ac < 0.005 * an THEN 2
        WHEN ac < 0.01 * an THEN 3
        WHEN ac < 0.05 * an THEN 4
        WHEN ac < 0.2 * an THEN 5
        WHEN ac < 0.5 * an THEN 6
        ELSE 7
    END AS class,
    count(*) AS variants
FROM counted
WHERE ac > 0
GROUP BY ALL
ORDER BY ALL
