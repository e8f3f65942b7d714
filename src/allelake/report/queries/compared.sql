-- compared: variants carried in two cohorts, or in one alone, by frequency.
--
--   $cohort, $other   the two
--
-- One row per kind ('both', 'first', 'second') and class of frequency, in the cohort that has the
-- variant, of both in the first.

WITH a AS (FROM allele_frequency($cohort)),
b AS (FROM allele_frequency($other)),
compared AS (
    SELECT
        CASE WHEN a.ac = 0 THEN 'second' WHEN b.ac = 0 THEN 'first' ELSE 'both' END AS kind,
        if(a.ac > 0, a.ac, b.ac) AS ac,
        if(a.ac > 0, a.an, b.an) AS an
    FROM a
    JOIN b USING (contig, position, ref, alt, end_position)
    WHERE a.sv_length IS NOT DISTINCT FROM b.sv_length AND (a.ac > 0 OR b.ac > 0)
)
SELECT
    kind,
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
FROM compared
GROUP BY ALL
ORDER BY ALL
