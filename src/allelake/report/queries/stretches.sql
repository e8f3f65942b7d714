-- stretches: in how many stretches of each width the fullest contig has variants.
--
-- One row, a column per width in bases.

SELECT
    max(w1000) AS w1000,
    max(w10000) AS w10000,
    max(w100000) AS w100000,
    max(w1000000) AS w1000000
FROM (
    SELECT
        contig,
        count(DISTINCT position // 1000) AS w1000,
        count(DISTINCT position // 10000) AS w10000,
        count(DISTINCT position // 100000) AS w100000,
        count(DISTINCT position // 1000000) AS w1000000
    FROM sites
    GROUP BY contig
)
