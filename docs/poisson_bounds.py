"""Writes queries/parts/poisson_bound.sql: the quantiles that filtering allele frequencies need.

    python docs/poisson_bounds.py

DuckDB has no chi-square quantile, so exact ones are shipped for small counts. Beyond them an
expansion stands in, and this script measures how far it is off.
"""

from pathlib import Path

import numpy as np
from scipy.stats import chi2, norm

LAST = 100
LEVELS = (0.95, 0.99)
TARGET = Path(__file__).parents[1] / "queries" / "parts" / "poisson_bound.sql"

HEADER = """\
-- poisson_bound: the largest expected number of copies that is still improbable given those seen.
--
--   in_ac   copies that were seen
--   in_ci   0.95 or 0.99; anything else is an error
--
-- With that expectation, as many copies as were seen or more come by chance in 1 - in_ci of cases:
-- half the chi-square quantile of 1 - in_ci at 2 in_ac degrees of freedom. Exact up to {last}
-- copies, beyond that an expansion (Cornish-Fisher, of the gamma quantile) that is off by less
-- than {error} copies. Written by docs/poisson_bounds.py.
--
--   SELECT poisson_bound(10, 0.95);

CREATE OR REPLACE MACRO poisson_bound(in_ac, in_ci) AS
    CASE
        WHEN in_ac IS NULL THEN NULL
        WHEN in_ac < 1 THEN 0.0
        WHEN in_ac <= {last} AND in_ci = 0.95
            THEN list_extract([
{first}
            ]::DOUBLE[], in_ac::INTEGER)
        WHEN in_ac <= {last} AND in_ci = 0.99
            THEN list_extract([
{second}
            ]::DOUBLE[], in_ac::INTEGER)
        WHEN in_ci = 0.95 THEN {expansion_95}
        WHEN in_ci = 0.99 THEN {expansion_99}
        ELSE error('in_ci is 0.95 or 0.99, not ' || coalesce(in_ci::VARCHAR, 'NULL'))
    END;
"""


def exact(ac: np.ndarray, level: float) -> np.ndarray:
    """Half the chi-square quantile."""
    quantile: np.ndarray = chi2.ppf(1 - level, 2 * ac) / 2
    return quantile


def coefficients(level: float) -> list[float]:
    """Of the expansion: what stands before sqrt(a), 1, 1/sqrt(a), 1/a and 1/(a sqrt(a))."""
    z = norm.ppf(1 - level)
    return [
        z,
        (z**2 - 1) / 3,
        (z**3 - 7 * z) / 36,
        -(3 * z**4 + 7 * z**2 - 16) / 810,
        (9 * z**5 + 256 * z**3 - 433 * z) / 38880,
    ]


def expanded(ac: np.ndarray, level: float) -> np.ndarray:
    """The expansion, as the macro has it."""
    a = ac.astype(float)
    c = coefficients(level)
    root = np.sqrt(a)
    bound: np.ndarray = a + c[0] * root + c[1] + c[2] / root + c[3] / a + c[4] / (a * root)
    return bound


def largest_error(level: float) -> float:
    """In copies, beyond the exact ones, up to two copies of everybody alive."""
    ac = np.unique(np.geomspace(LAST + 1, 1e7, 20_000).astype(np.int64))
    return float(np.abs(expanded(ac, level) - exact(ac, level)).max())


def _listed(level: float) -> str:
    values = [repr(float(value)) for value in exact(np.arange(1, LAST + 1), level)]
    lines = [", ".join(values[at : at + 4]) for at in range(0, len(values), 4)]
    return ",\n".join(f"                {line}" for line in lines)


def _expansion(level: float) -> str:
    c = [repr(float(each)) for each in coefficients(level)]
    return (
        f"in_ac + ({c[0]}) * sqrt(in_ac)\n            + ({c[1]}) + ({c[2]}) / sqrt(in_ac)\n"
        f"            + ({c[3]}) / in_ac + ({c[4]}) / (in_ac * sqrt(in_ac))"
    )


def text() -> str:
    """The whole file."""
    error = max(largest_error(level) for level in LEVELS)
    # Told with one digit, rounded up.
    magnitude = 10 ** np.floor(np.log10(error))
    return HEADER.format(
        last=LAST,
        error=f"{np.ceil(error / magnitude) * magnitude:.0e}",
        first=_listed(0.95),
        second=_listed(0.99),
        expansion_95=_expansion(0.95),
        expansion_99=_expansion(0.99),
    )


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
