"""hardy_weinberg: do the genotypes of a cohort fit Hardy-Weinberg proportions?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from collections.abc import Callable
from fractions import Fraction
from math import factorial

import pytest

from specs.conftest import Answers

Asked = Callable[..., list[dict[str, object]]]


def exact(reference: int, heterozygous: int, alternate: int) -> tuple[float, float]:
    """Exact p and mid-p in whole numbers (Wigginton 2005, equation 1)."""
    people = reference + heterozygous + alternate
    rare = 2 * min(reference, alternate) + heterozygous
    likelihood = {}
    for number in range(rare % 2, rare + 1, 2):
        fewer = (rare - number) // 2
        ways = factorial(fewer) * factorial(number) * factorial(people - fewer - number)
        likelihood[number] = Fraction(2**number, ways)
    seen = likelihood[heterozygous]
    total = sum(likelihood.values())
    rarer = sum(each for each in likelihood.values() if each < seen)
    tied = sum(each for each in likelihood.values() if each == seen)
    return float((rarer + tied) / total), float((rarer + tied / 2) / total)


def people(*counts: int) -> dict[str, str]:
    """So many people 0/0, 0/1 and 1/1 at one variant."""
    cells = ["0/0"] * counts[0] + ["0/1"] * counts[1] + ["1/1"] * counts[2]
    names = [f"s{number}" for number in range(len(cells))]
    header = " | ".join(["contig", "position", "ref", "alt", *names])
    return {"genotypes": header + "\n" + " | ".join(["1", "10", "A", "G", *cells])}


@pytest.mark.parametrize(
    ("counts", "p_exact", "p_mid"),
    # Hail's documentation of hardy_weinberg_test; exact p from the same formula without halving.
    [((250, 500, 250), 1.0, 0.97478), ((37, 200, 85), 1.45958e-6, 1.13372e-6)],
)
def test_published_values(
    asked: Asked, counts: tuple[int, int, int], p_exact: float, p_mid: float
) -> None:
    (row,) = asked("FROM hardy_weinberg('all')", storage="common", **people(*counts))
    assert row["p_exact"] == pytest.approx(p_exact, rel=1e-5)
    assert row["p_mid"] == pytest.approx(p_mid, rel=1e-5)


@pytest.mark.parametrize(
    "counts",
    [
        (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 0), (0, 2, 0), (3, 0, 3), (0, 7, 0),
        (5, 3, 1), (1, 3, 5), (20, 1, 20), (60, 0, 4), (2, 30, 2), (10, 5, 0), (9, 6, 1), (0, 5, 10),
    ],
)  # fmt: skip
def test_every_number_of_heterozygotes_is_weighed(
    asked: Asked, counts: tuple[int, int, int]
) -> None:
    (row,) = asked("FROM hardy_weinberg('all')", **people(*counts))
    found = (row["homozygous_reference"], row["heterozygotes"], row["homozygotes"])
    assert found == counts
    assert (row["p_exact"], row["p_mid"]) == pytest.approx(exact(*counts), rel=1e-9)


def test_expected_heterozygotes_are_drawn_without_putting_back(answers: Answers) -> None:
    answers(
        "FROM hardy_weinberg('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | 0/1 | 0/0 | 1/1
            1      | 20       | A   | G   | 0/1 | ./. | ./.
        """,
        # 3 x 3 / 5 and 1 x 1 / 1.
        expected="""
            position | expected_heterozygotes
            10       | 1.8
            20       | 1
        """,
    )


def test_haploid_half_and_missing_calls_do_not_count(answers: Answers) -> None:
    answers(
        "FROM hardy_weinberg('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy | dee | eve | fay
            1      | 10       | A   | G   | 0/1 | 1/1 | 1  | ./1 | ./. | ./0
        """,
        expected="""
            homozygous_reference | heterozygotes | homozygotes | end_position | sv_length
            0                    | 1             | 1           | 10           | -
        """,
    )


def test_nobody_to_count_gives_no_p(answers: Answers) -> None:
    answers(
        "FROM hardy_weinberg('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 10       | A   | G   | ./. | ./1
        """,
        expected="""
            homozygous_reference | heterozygotes | homozygotes | expected_heterozygotes | p_exact | p_mid
            0                    | 0             | 0           | -                      | -       | -
        """,
    )


def test_on_x_outside_par_only_women_count(answers: Answers) -> None:
    """XY written `1/1` are no homozygotes there; in PAR they are. Unless taken as called."""
    drawn = {
        "samples": """
            sample_id | sex
            ann       | XX
            bo        | XY
            cy        | XY
            none      | -
        """,
        "genotypes": """
            contig | position | ref | alt | ann | bo  | cy  | none
            X      | 50       | A   | G   | 0/1 | 1/1 | 0/0 | 0/0
            X      | 500      | A   | G   | 0/1 | 1/1 | 0/0 | 0/0
        """,
    }
    answers(
        "FROM hardy_weinberg('all')",
        **drawn,
        expected="""
            position | homozygous_reference | heterozygotes | homozygotes | p_exact
            50       | 2                    | 1             | 1           | 0.428571
            500      | 0                    | 1             | 0           | 1
        """,
    )
    answers(
        "FROM hardy_weinberg('all', 'X:500', in_ploidy := 'as_called')",
        **drawn,
        expected="""
            homozygous_reference | heterozygotes | homozygotes
            2                    | 1             | 1
        """,
    )


def test_y_and_mitochondria_have_no_proportions(answers: Answers) -> None:
    answers(
        "FROM hardy_weinberg('all', in_ploidy := 'as_called')",
        genotypes="""
            contig | position | ref | alt | ann | bo
            Y      | 100      | A   | G   | 0/1 | 1/1
            Y      | 101      | A   | G   | 0/1 | 1/1
            MT     | 1        | A   | G   | 0/1 | 1/1
            MT     | 500      | A   | G   | 0/1 | 1/1
            1      | 10       | A   | G   | 0/1 | 1/1
        """,
        expected="""
            contig | position | heterozygotes | homozygotes | p_exact | p_mid
            Y      | 100      | 1             | 1           | -       | -
            Y      | 101      | 1             | 1           | -       | -
            MT     | 1        | 1             | 1           | -       | -
            MT     | 500      | 1             | 1           | -       | -
            1      | 10       | 1             | 1           | 1       | 0.5
        """,
    )


def test_policy_region_and_filter_count(answers: Answers) -> None:
    drawn = {
        "genotypes": """
            contig | position | ref | alt | ann             | bo
            1      | 10       | A   | G   | 0/1:99:20:10,10 | 1/1:9:20:0,20
            1      | 20       | A   | G   | 0/1:99:20:10,10 | 1/1:99:20:0,20
        """,
        "sites": """
            contig | position | ref | alt | filters
            1      | 20       | A   | G   | q10
        """,
    }
    answers(
        "FROM hardy_weinberg('all', '1', 'adj@1', in_filter := 'pass')",
        **drawn,
        expected="""
            position | heterozygotes | homozygotes
            10       | 1             | 0
        """,
    )


def test_an_unknown_cohort_is_an_error(refuses: Answers) -> None:
    refuses("FROM hardy_weinberg('al')", "no cohort is named 'al'")
