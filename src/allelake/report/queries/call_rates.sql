-- call_rates: how many of the variants that the cohort carries have each call rate.
--
--   $cohort   the cohort
--
-- One row per class of call rate. Of all that the lake knows there would be more: as many as only
-- others of the lake have.

SELECT
    CASE
        WHEN fully_called = samples THEN 0
        WHEN call_rate >= 0.999 THEN 1
        WHEN call_rate >= 0.99 THEN 2
        WHEN call_rate >= 0.95 THEN 3
        WHEN call_rate >= 0.9 THEN 4
        ELSE 5
    END AS class,
    count(*) AS variants
FROM call_rate($cohort, min_ac := 1)
WHERE samples > 0
GROUP BY ALL
ORDER BY ALL
