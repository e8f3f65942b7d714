"""faf: how common an allele may be and still be seen this often."""

import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy.stats import chi2

from specs.conftest import Answers

# Hail's own loop, run once: copies, called alleles, what it came to at 0.95.
HAIL = (
    (2, 1_000, 3.5524e-4),
    (2, 152_312, 2.18e-6),
    (5, 10_000, 1.9625e-4),
    (10, 10_000, 5.416e-4),
    (50, 20_000, 1.94775e-3),
    (100, 152_312, 5.5158e-4),
)


@pytest.mark.parametrize(("ac", "an", "loop"), HAIL)
def test_it_is_within_a_millionth_of_hail_s_loop(
    database: duckdb.DuckDBPyConnection, ac: int, an: int, loop: float
) -> None:
    ((found,),) = database.execute("SELECT faf(?, ?)", [ac, an]).fetchall()
    assert abs(found - loop) < 1e-6
    assert found == pytest.approx(chi2.ppf(0.05, 2 * ac) / (2 * an), rel=1e-12)


def test_the_other_level(database: duckdb.DuckDBPyConnection) -> None:
    ((found,),) = database.execute("SELECT faf(10, 10000, 0.99)").fetchall()
    assert found == pytest.approx(4.1302e-4, rel=1e-5)


def test_nothing_known_is_not_zero(answers: Answers) -> None:
    answers(
        "SELECT faf(1, 10) AS singleton, faf(0, 10) AS none, faf(0, 0) AS nobody, "
        "faf(2, 10) > 0 AS two",
        expected="""
            singleton | none | nobody | two
            0         | 0    | -      | true
        """,
    )


def test_another_level_is_an_error(refuses: Answers) -> None:
    refuses("SELECT faf(5, 10, 0.9)", "in_ci is 0.95 or 0.99, not 0.9")


@pytest.mark.parametrize("level", [0.95, 0.99])
def test_beyond_the_exact_quantiles_it_is_off_by_less_than_a_ten_millionth(
    database: duckdb.DuckDBPyConnection, level: float
) -> None:
    """The frequency is off most where `an` is smallest, which is `ac`."""
    ac = np.unique(np.geomspace(1, 1e7, 4_000).astype(np.int64))
    listed = ", ".join(map(str, ac))
    rows = database.execute(
        f"SELECT n, poisson_bound(n, {level}) FROM (SELECT unnest([{listed}]) AS n)"
    ).fetchall()
    found = np.array([row[1] for row in sorted(rows)])
    exact = chi2.ppf(1 - level, 2 * ac) / 2
    off = np.abs(found - exact) / ac
    assert off[ac <= 100].max() < 1e-14
    assert off.max() < 1e-7


def test_the_shipped_quantiles_are_those_of_the_script(tmp_path: Path) -> None:
    script = Path(__file__).parents[2] / "docs" / "poisson_bounds.py"
    shipped = Path(__file__).parents[2] / "queries" / "parts" / "poisson_bound.sql"
    code = f"import runpy; print(runpy.run_path({str(script)!r})['text'](), end='')"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout == shipped.read_text()
