-- chi_square_p: probability of a chi-square of one degree of freedom as large as this, or larger.
--
--   in_statistic   the statistic, 0 or more
--
-- erfc(sqrt(x / 2)), to about 12 figures: by its series up to 3, beyond by the continued fraction
-- of the incomplete gamma function (Abramowitz and Stegun 6.5.29 and 6.5.31).
--
--   SELECT chi_square_p(3.841459);

CREATE OR REPLACE MACRO chi_square_p(in_statistic) AS CASE
    WHEN in_statistic <= 0 THEN 1.0
    WHEN in_statistic < 3
        THEN 1 - list_sum(list_transform(
            range(0, 60),
            lambda n: exp((n + 0.5) * ln(in_statistic / 2) - in_statistic / 2 - lgamma(n + 1.5))
        ))
    ELSE exp(0.5 * ln(in_statistic / 2) - in_statistic / 2 - lgamma(0.5)) / list_reduce(
        list_concat(
            [in_statistic / 2 + 160.5],
            list_transform(range(80, 0, -1), lambda n: n::DOUBLE)
        ),
        lambda below, n: in_statistic / 2 + 2 * n - 1.5 - n * (n - 0.5) / below
    )
END;
