"""hardy_weinberg_by, hardy_weinberg_x, hardy_weinberg: parts of a cohort, founders, X, large numbers."""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from collections.abc import Callable
from math import lgamma, log

import duckdb
import numpy as np
import pytest

import reference_quality as quality
from specs.conftest import Answers

Asked = Callable[..., list[dict[str, object]]]

PEOPLE = """
    sample_id | sex | population | participant_id
    ann       | XX  | CHS        | ann
    bea       | XX  | CHS        | bea
    cyd       | XX  | GBR        | cyd
    dan       | XY  | GBR        | dan
    eli       | XY  | -          | eli
"""


def test_excess_of_heterozygotes_and_inbreeding(asked: Asked) -> None:
    (row,) = asked(
        "FROM hardy_weinberg('all')",
        genotypes="""
            contig | position | ref | alt | a   | b   | c   | d   | e
            1      | 10       | A   | G   | 0/1 | 0/1 | 0/1 | 0/0 | 1/1
        """,
    )
    assert row["p_excess"] == pytest.approx(float(quality.excess_p(1, 3, 1)))
    # p = q = 1/2: 3 of 2.5 expected.
    assert row["inbreeding"] == pytest.approx(1 - 3 / 2.5)


def test_one_allele_has_no_inbreeding(answers: Answers) -> None:
    answers(
        "FROM hardy_weinberg('all')",
        genotypes="""
            contig | position | ref | alt | a   | b
            1      | 10       | A   | G   | 0/0 | 0/0
            1      | 20       | A   | G   | 1/1 | 1/1
            Y      | 200      | A   | G   | 0/1 | 1/1
        """,
        samples="""
            sample_id | sex
            a         | -
            b         | -
        """,
        expected="""
            position | p_excess | inbreeding
            10       | 1        | -
            20       | 1        | -
            200      | -        | -
        """,
    )


def test_each_part_is_tested_by_itself(answers: Answers) -> None:
    answers(
        "FROM hardy_weinberg_by('all', 'population')",
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | ann | bea | cyd | dan | eli
            1      | 10       | A   | G   | 0/1 | 0/1 | 0/0 | 1/1 | ./.
        """,
        expected="""
            attribute_value | homozygous_reference | heterozygotes | homozygotes | p_exact  | inbreeding
            CHS             | 0                    | 2             | 0           | 1        | -1
            GBR             | 1                    | 0             | 1           | 0.333333 | 1
            -               | 0                    | 0             | 0           | -        | -
        """,
    )


def test_an_unknown_attribute_is_an_error(refuses: Answers) -> None:
    refuses("FROM hardy_weinberg_by('all', 'popultion')", "no attribute", "'population'")


def test_founders_are_those_without_a_parent_in_the_pedigree(answers: Answers) -> None:
    """Also people whom no pedigree names; not somebody with one parent, in the lake or not."""
    drawn = {
        "samples": PEOPLE,
        "genotypes": """
            contig | position | ref | alt | ann | bea | cyd | dan | eli
            1      | 10       | A   | G   | 0/1 | 0/1 | 0/1 | 0/1 | 1/1
        """,
        "pedigree": """
            participant_id | father_id | mother_id
            cyd            | dan       | ann
            eli            | -         | elsewhere
            dan            | -         | -
        """,
    }
    answers(
        "FROM hardy_weinberg('all', is_founders_only := true)",
        **drawn,
        expected="""
            homozygous_reference | heterozygotes | homozygotes
            0                    | 3             | 0
        """,
    )
    answers(
        "FROM hardy_weinberg_by('all', 'sex', is_founders_only := true)",
        **drawn,
        expected="""
            attribute_value | heterozygotes | homozygotes
            XX              | 2             | 0
            XY              | 1             | 0
        """,
    )


def test_men_and_women_on_x_are_tested_together(asked: Asked) -> None:
    rows = asked(
        "FROM hardy_weinberg_x('all')",
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | ann | bea | cyd | dan | eli
            X      | 50       | A   | G   | 0/1 | 0/1 | 0/0 | 1/1 | 0/0
            X      | 500      | A   | G   | 0/1 | 0/1 | 0/0 | 1/1 | 0/0
            X      | 600      | A   | G   | ./1 | 1/1 | 0/0 | 0/1 | 1
            X      | 700      | A   | G   | ./. | ./. | ./. | ./. | ./.
        """,
    )
    found = {row["position"]: row for row in rows}
    assert set(found) == {500, 600, 700}, "PAR is no such place"
    names = (
        "male_reference",
        "male_alternate",
        "homozygous_reference",
        "heterozygotes",
        "homozygotes",
    )
    # A man who is called heterozygous is missing, a woman's half-call too.
    assert [tuple(found[p][n] for n in names) for p in (500, 600, 700)] == [
        (1, 1, 1, 2, 0), (0, 1, 1, 0, 1), (0, 0, 0, 0, 0),
    ]  # fmt: skip
    for position, table in ((500, (1, 1, (1, 2, 0))), (600, (0, 1, (1, 0, 1)))):
        exact, mid = quality.x_joint_p(*table)
        assert found[position]["p_exact"] == pytest.approx(float(exact))
        assert found[position]["p_mid"] == pytest.approx(float(mid))
    assert [found[700][name] for name in ("p_females", "p_exact", "p_mid")] == [None, None, None]


def weighed(reference: int, heterozygous: int, alternate: int) -> tuple[float, float, float]:
    """The three p with every number of heterozygotes weighed, in double precision."""
    people, rare = (
        reference + heterozygous + alternate,
        2 * min(reference, alternate) + heterozygous,
    )
    numbers = range(rare % 2, rare + 1, 2)
    logs = np.array(
        [
            h * log(2) - lgamma((rare - h) // 2 + 1) - lgamma(h + 1)
            - lgamma(people - (rare + h) // 2 + 1)
            for h in numbers
        ]
    )  # fmt: skip
    seen = logs[heterozygous // 2]
    slack = 1e-13 * abs(seen) + 1e-13
    each = np.exp(logs - logs.max())
    below, tied = each[logs <= seen + slack].sum(), each[abs(logs - seen) <= slack].sum()
    more = each[np.array(numbers) >= heterozygous].sum()
    return below / each.sum(), (below - tied / 2) / each.sum(), more / each.sum()


@pytest.mark.parametrize(
    "counts",
    [
        (13_300, 26_500, 13_200), (13_500, 26_000, 13_500), (12_000, 29_000, 12_000),
        (52_900, 99, 1), (52_000, 990, 10), (43_000, 9_000, 1_000),
        (250_000, 500_000, 250_000), (251_000, 498_000, 251_000), (980_000, 19_900, 100),
        (700_000, 273_000, 27_000),
    ],
)  # fmt: skip
def test_a_cohort_of_a_million_overflows_nothing(
    database: duckdb.DuckDBPyConnection, counts: tuple[int, int, int]
) -> None:
    """Not all numbers of heterozygotes are weighed: what is left out is below 1e-6 of any p."""
    tables = "SELECT {}::BIGINT AS homozygous_reference, {}::BIGINT AS heterozygotes, {}::BIGINT AS homozygotes"
    found = database.execute(
        f"WITH tables AS ({tables.format(*counts)}) "
        "SELECT p_exact, p_mid, p_excess FROM hardy_weinberg_tests('tables')"
    ).fetchone()
    assert found == pytest.approx(weighed(*counts), rel=1e-6)


def test_the_joint_test_equals_all_ways_in_whole_numbers(
    database: duckdb.DuckDBPyConnection,
) -> None:
    tables = [
        (5, 3, 4, 6, 2),
        (0, 4, 9, 1, 3),
        (8, 0, 0, 9, 0),
        (40, 20, 30, 10, 15),
        (1, 0, 0, 0, 1),
    ]
    values = ", ".join(map(str, tables))
    rows = database.execute(
        f"WITH tables AS (FROM (VALUES {values}) AS t(male_reference, male_alternate, "
        "homozygous_reference, heterozygotes, homozygotes)) FROM hardy_weinberg_x_tests('tables')"
    ).fetchall()
    expected = {t: tuple(map(float, quality.x_joint_p(t[0], t[1], t[2:]))) for t in tables}
    assert {row[:5]: row[5:] for row in rows} == {
        table: pytest.approx(p, rel=1e-7) for table, p in expected.items()
    }
