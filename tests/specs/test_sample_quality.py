"""sample_quality, sample_outliers, inferred_sex, sample_duplicates: does a sample look as it should?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

import random
from collections.abc import Callable

import pytest

import reference_quality as quality
from specs.conftest import Answers
from specs.genotypes import STORAGES

Asked = Callable[..., list[dict[str, object]]]

PEOPLE = """
    sample_id | sex | batch
    ann       | XX  | 1
    bo        | XY  | 1
    cy        | -   | 2
"""
GENOTYPES = """
    contig | position | ref | alt    | ann | bo  | cy
    1      | 10       | A   | G      | 0/1 | 1/1 | 0/1
    1      | 20       | A   | C      | 0/1 | 0/0 | 0/0
    1      | 30       | C   | T      | 1/1 | 0/1 | ./.
    1      | 40       | AT  | A      | 0/1 | 0/0 |
    1      | 50       | A   | AT     | 0/0 | ./1 | 0/0
    1      | 55       | A   | N      | 0/0 | ./0 | 0/1
    1      | 60       | AT  | GC     | 0/0 | 0/0 | 1/1
    1      | 70       | A   | <DEL>  | 0/0 | 0/0 | 0/1
    X      | 500      | T   | C      | 0/1 | 1   | 0/0
"""
PLOIDY = """
    contig | start_position | end_position | haploid
    X      | 101            | 900          | bo
"""
DEPTHS = """
    contig | sample_id | batch | genotypes | missing_genotypes | half_calls | dp_n | dp_sum | gq_n | gq_sum
    1      | ann       | 1     | 8         | 0                 | 0          | 8    | 160    | 4    | 200
    X      | ann       | 1     | 1         | 0                 | 0          | 2    | 40     | 0    | 0
    1      | bo        | 1     | 8         | 0                 | 2          | 0    | 0      | 0    | 0
"""
DRAWN = {"samples": PEOPLE, "genotypes": GENOTYPES, "ploidy": PLOIDY, "sample_counts": DEPTHS}


def test_what_is_called_and_what_is_carried_is_counted(asked: Asked) -> None:
    """A>N is one base for another, and neither transition nor transversion."""
    expected = """
        sample_id genotypes called half_called missing variants heterozygotes homozygotes hemizygotes singletons snv insertions deletions other_variants transitions transversions titv het_hom
        ann       9         9      0           0       5        4             1           0           2          4   0          1         0              3           1             3.0  4.0
        bo        9         7      2           0       4        1             1           1           1          3   1          0         0              3           0             None 1.0
        cy        8         7      0           1       4        3             1           0           2          2   0          0         2              1           0             None 3.0
    """
    names, *rows = [line.split() for line in expected.strip().splitlines()]
    for storage in STORAGES:
        found = asked("FROM sample_quality('all')", storage=storage, **DRAWN)
        told = sorted([str(row[name]) for name in names] for row in found)
        assert told == rows, storage


def test_mean_depth_is_known_of_whole_contigs(answers: Answers) -> None:
    answers(
        "FROM sample_quality('all')",
        **DRAWN,
        storages=("rare",),
        expected="""
            sample_id | mean_dp | mean_gq
            ann       | 20      | 50
            bo        | -       | -
            cy        | -       | -
        """,
    )
    answers(
        "FROM sample_quality('all', '1')",
        **DRAWN,
        storages=("rare",),
        expected="""
            sample_id | genotypes | mean_dp
            ann       | 8         | 20
            bo        | 8         | -
            cy        | 7         | -
        """,
    )
    answers(
        "FROM sample_quality('all', '1:1-30')",
        **DRAWN,
        storages=("rare",),
        expected="""
            sample_id | genotypes | missing | variants | mean_dp
            ann       | 3         | 0       | 3        | -
            bo        | 3         | 0       | 2        | -
            cy        | 3         | 1       | 1        | -
        """,
    )


def test_homozygotes_are_compared_with_those_expected(asked: Asked) -> None:
    """On autosomes, of genotypes with two called alleles, by the frequency in the cohort."""
    for storage in STORAGES:
        rows = asked(
            "FROM sample_quality('all')",
            storage=storage,
            genotypes="""
                contig | position | ref | alt | a   | b   | c   | d
                1      | 10       | A   | G   | 0/1 | 0/0 | 0/0 | 1
                1      | 20       | A   | G   | 0/1 | 0/1 | 1/1 | ./.
                1      | 30       | A   | G   | 0/0 | ./1 | 0/1 | 0
                1      | 40       | A   | G   | 0/0 | 0/0 | 0/0 | 0
                X      | 500      | A   | G   | 0/1 | 0/1 | 0/1 | 0/1
            """,
            ploidy="""
                contig | start_position | end_position | haploid
                1      | 1              | 15           | d
                1      | 25             | 45           | d
            """,
        )
        # af: 2 of 7, 4 of 6, 2 of 6, 0 of 7.
        varying = [2 * af * (1 - af) for af in (2 / 7, 4 / 6, 2 / 6)]
        found = {row["sample_id"]: row for row in rows}
        names = ("autosomal_genotypes", "observed_homozygotes")
        assert {key: tuple(row[n] for n in names) for key, row in found.items()} == {
            "a": (4, 2), "b": (3, 2), "c": (4, 3), "d": (0, 0),
        }, storage  # fmt: skip
        assert found["a"]["expected_homozygotes"] == pytest.approx(4 - sum(varying))
        assert found["a"]["inbreeding"] == pytest.approx(1 - 2 / sum(varying))
        assert found["b"]["inbreeding"] == pytest.approx(1 - 1 / sum(varying[:2]))
        assert found["d"]["inbreeding"] is None


def test_samples_asked_alone_have_no_expectation(answers: Answers) -> None:
    answers(
        "FROM sample_quality('all')",
        samples="""
            sample_id | batch
            ann       | 1
            bo        | 1
        """,
        batches="""
            batch | kind
            1     | per_sample
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 10       | A   | G   | 0/1 |
            1      | 20       | A   | G   | 1/1 | 0/1
            1      | 30       | A   | G   | ./. |
        """,
        storages=("rare",),
        expected="""
            sample_id | genotypes | called | missing | variants | singletons | autosomal_genotypes | inbreeding
            ann       | 3         | 2      | 1       | 2        | 1          | -                   | -
            bo        | 1         | 1      | 0       | 1        | 0          | -                   | -
        """,
    )


def test_an_unknown_cohort_or_contig_is_an_error(refuses: Answers) -> None:
    refuses("FROM sample_quality('al')", "no cohort is named 'al'")
    refuses("FROM sample_quality('all', '99')", "names a contig that this lake has not")
    refuses("FROM sample_outliers('al')", "no cohort is named 'al'")
    refuses("FROM sample_outliers('all', 'popultion')", "the nearest is 'population'")
    refuses("FROM inferred_sex('al')", "no cohort is named 'al'")


# --- outliers -------------------------------------------------------------------------------------

# Seven of CHS with 1, 2, 3, 3, 3, 4 and 9 variants; two of GBR; one of nobody's.
COUNTS = {"c1": 1, "c2": 2, "c3": 3, "c4": 3, "c5": 3, "c6": 4, "c7": 9, "g1": 2, "g2": 2, "n": 5}
GROUPS = {name: {"c": "CHS", "g": "GBR"}.get(name[0]) for name in COUNTS}
OUTLIERS = {
    "samples": "sample_id | population\n"
    + "\n".join(f"{name} | {GROUPS[name] or '-'}" for name in COUNTS),
    "genotypes": "\n".join(
        [
            " | ".join(["contig", "position", "ref", "alt", *COUNTS]),
            *(
                " | ".join(
                    [
                        "1",
                        str(row),
                        "A",
                        "G",
                        *("1/1" if row <= n else "0/0" for n in COUNTS.values()),
                    ]
                )
                for row in range(1, 11)
            ),
        ]
    ),
}


def test_outliers_are_told_within_their_group(asked: Asked) -> None:
    rows = asked("FROM sample_outliers('all', 'population', 3.0)", **OUTLIERS)
    found = {row["sample_id"]: row for row in rows if row["metric"] == "homozygotes"}
    values = {name: float(count) for name, count in COUNTS.items()}
    expected = quality.outliers(values, GROUPS, 3.0)
    assert set(found) == set(expected) == {"c7"}
    row = found["c7"]
    assert (row["median"], row["mad"], row["deviations"]) == pytest.approx(expected["c7"])
    assert (row["attribute_value"], row["group_samples"], row["value"]) == ("CHS", 7, 9)
    assert row["note"] == "4.05 deviations above the median of 7 samples"


def test_a_value_at_the_threshold_is_no_outlier(asked: Asked) -> None:
    """6 / 1.4826 deviations from the median of 3."""
    for threshold, is_there in ((6 / 1.4826 + 1e-9, False), (6 / 1.4826 - 1e-9, True)):
        rows = asked(f"FROM sample_outliers('all', 'population', {threshold})", **OUTLIERS)
        names = {row["sample_id"] for row in rows if row["metric"] == "homozygotes"}
        assert names == ({"c7"} if is_there else set())


def test_a_group_of_one_and_a_group_that_is_alike_are_told_in_words(asked: Asked) -> None:
    rows = asked("FROM sample_outliers('all', 'population')", **OUTLIERS)
    alone = [row for row in rows if row["metric"] is None]
    assert [(r["sample_id"], r["group_samples"], r["value"], r["deviations"]) for r in alone] == [
        ("n", 1, None, None)
    ]
    assert alone[0]["note"] == "alone in its group: there is nothing to compare it with"
    # Everybody of CHS but c7 could have the same: then no distance can be told.
    alike = {
        name: text.replace("0/0 | 0/0 | 1/1", "0/0 | 0/0 | 1/1") for name, text in OUTLIERS.items()
    }
    rows = asked("FROM sample_outliers('all', NULL, 3.0, '1:9')", **alike)
    (row,) = [row for row in rows if row["metric"] == "homozygotes"]
    assert (row["sample_id"], row["mad"], row["deviations"]) == ("c7", 0, None)
    assert str(row["note"]).startswith("more than half of the group has the median itself")


# --- sex ------------------------------------------------------------------------------------------


def on_x(*rows: tuple[str, ...]) -> str:
    header = ["contig", "position", "ref", "alt", "ann", "bea", "cyd", "dan", "eli"]
    lines = [" | ".join(header)]
    for number, cells in enumerate(rows):
        lines.append(" | ".join(["X", str(200 + number), "A", "G", *cells]))
    return "\n".join(lines)


SEXES = """
    sample_id | sex
    ann       | XX
    bea       | XY
    cyd       | -
    dan       | XY
    eli       | XY
"""
X_ROWS = (
    ("0/1", "0/1", "0/1", "1/1", "0/0"),
    ("0/1", "0/0", "0/1", "0", "0/0"),
    ("0/0", "0/1", "1/1", "1", "1/1"),
    ("0/1", "0/1", "0/0", "1", "./."),
)


def test_sex_is_told_by_heterozygotes_on_x(asked: Asked) -> None:
    for storage in STORAGES:
        rows = asked(
            "FROM inferred_sex('all')",
            storage=storage,
            samples=SEXES,
            genotypes=on_x(*X_ROWS) + "\nX | 50 | A | G | 0/1 | 0/1 | 0/1 | 0/1 | 0/1",
        )
        found = {row["sample_id"]: row for row in rows}
        assert {name: (row["inferred_sex"], row["status"]) for name, row in found.items()} == {
            "ann": ("XX", "agrees"), "bea": ("XX", "differs"), "cyd": ("XX", "undeclared"),
            "dan": ("XY", "agrees"), "eli": ("XY", "agrees"),
        }, storage  # fmt: skip
        assert (found["eli"]["x_genotypes"], found["eli"]["x_heterozygotes"]) == (3, 0)
        assert found["dan"]["x_f"] == 1
        assert found["dan"]["reason"] == "X tells it"


def test_y_is_asked_where_it_tells_people_apart(answers: Answers) -> None:
    """0/0 for everybody says nothing; where some have calls and others none it decides or objects."""
    y = "\nY | 500 | A | G | {} | {} | {} | {} | {}"
    drawn = {"samples": SEXES, "genotypes": on_x(*X_ROWS) + y.format("./.", "./.", "0", "0", "0")}
    answers(
        "FROM inferred_sex('all')",
        **drawn,
        storages=("common",),
        expected="""
            sample_id | inferred_sex | status  | y_call_rate | reason
            ann       | XX           | agrees  | 0           | X and Y tell it
            bea       | XX           | differs | 0           | X and Y tell it
            cyd       | -            | unknown | 1           | X tells XX, Y tells XY
            dan       | XY           | agrees  | 1           | X and Y tell it
            eli       | XY           | agrees  | 1           | X and Y tell it
        """,
    )
    answers(
        "FROM inferred_sex('all', max_female_y := NULL)",
        **drawn,
        storages=("common",),
        expected="""
            sample_id | inferred_sex | status     | reason
            ann       | XX           | agrees     | X tells it
            bea       | XX           | differs    | X tells it
            cyd       | XX           | undeclared | X tells it
            dan       | XY           | agrees     | X tells it
            eli       | XY           | agrees     | X tells it
        """,
    )


def test_what_leaves_a_sex_unknown_is_said(answers: Answers) -> None:
    answers(
        "FROM inferred_sex('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 10       | A   | G   | 0/1 | 0/0
        """,
        storages=("common",),
        expected="""
            sample_id | inferred_sex | status  | x_genotypes | x_f | y_genotypes | y_call_rate | reason
            ann       | -            | unknown | 0           | -   | 0           | -           | no genotypes on X outside PAR and on Y
            bo        | -            | unknown | 0           | -   | 0           | -           | no genotypes on X outside PAR and on Y
        """,
    )
    answers(
        "FROM inferred_sex('all', max_female_f := -5)",
        genotypes="""
            contig | position | ref | alt | ann | bo
            X      | 500      | A   | G   | 0/1 | 0/0
            X      | 510      | A   | G   | 0/1 | 0/1
        """,
        storages=("common",),
        expected="""
            sample_id | inferred_sex | status  | x_f       | reason
            ann       | -            | unknown | -1.28571  | F of -1.286 on X lies between -5 and 0.8
            bo        | -            | unknown | -0.142857 | F of -0.1429 on X lies between -5 and 0.8
        """,
    )


# --- duplicates -----------------------------------------------------------------------------------


def far_apart(people: dict[str, list[str]], variants: int) -> str:
    """Variants 5,000 bases apart, so that each is taken."""
    lines = [" | ".join(["contig", "position", "ref", "alt", *people])]
    for row in range(variants):
        cells = [genotypes[row] for genotypes in people.values()]
        lines.append(" | ".join(["22", str(1_000_000 + 5_000 * row), "A", "G", *cells]))
    return "\n".join(lines)


def unrelated(rng: random.Random, variants: int) -> list[str]:
    return [rng.choice(("0/0", "0/1", "0/1", "1/1")) for _ in range(variants)]


def with_errors(rng: random.Random, genotypes: list[str], errors: int) -> list[str]:
    wrong = set(rng.sample(range(len(genotypes)), errors))
    return [("./." if n % 2 else "0/0") if n in wrong else g for n, g in enumerate(genotypes)]


def test_one_person_under_two_names_is_found_and_a_swap_too(asked: Asked) -> None:
    rng = random.Random(5)
    people = {f"s{number}": unrelated(rng, 80) for number in range(6)}
    people["again"] = with_errors(rng, people["s1"], 3)
    people["p3b"], people["p4b"] = list(people["s3"]), unrelated(rng, 80)
    persons = {"p3b": "s3", "p4b": "s4"}
    for storage in ("rare", "whole"):
        rows = asked(
            "FROM sample_duplicates('all', min_variants := 40)",
            storage=storage,
            samples="sample_id | participant_id | batch\n"
            + "\n".join(
                f"{name} | {persons.get(name, name)} | {1 + (name in ('again', 'p3b'))}"
                for name in people
            ),
            genotypes=far_apart(people, 80),
        )
        found = {(row["sample_id"], row["other_sample_id"]): row["verdict"] for row in rows}
        assert found == {
            ("s1", "again"): "duplicate", ("s3", "p3b"): "as declared", ("s4", "p4b"): "swap",
        }, storage  # fmt: skip
        (pair,) = [row for row in rows if row["other_sample_id"] == "again"]
        called = [g != "./." for g in people["again"]]
        alike = [a == b for a, b in zip(people["s1"], people["again"], strict=True)]
        assert pair["compared"] == sum(called)
        assert pair["agreeing"] == sum(c and a for c, a in zip(called, alike, strict=True))


def test_two_samples_asked_alone_are_compared_where_both_have_records(asked: Asked) -> None:
    rng = random.Random(6)
    one, other = unrelated(rng, 100), unrelated(rng, 100)
    people = {"a": one, "b": list(one), "c": other}
    rows = asked(
        "FROM sample_duplicates('all', min_variants := 30)",
        batches="batch | kind\n1 | per_sample",
        genotypes=far_apart(
            {name: ["" if g == "0/0" else g for g in own] for name, own in people.items()}, 100
        ),
    )
    assert [(row["sample_id"], row["other_sample_id"]) for row in rows] == [("a", "b")]
    # What everybody has alike tells nobody apart.
    telling = [g for g, h in zip(one, other, strict=True) if g != "0/0" and g != h]
    assert rows[0]["compared"] == len(telling)


def test_too_few_variants_to_tell_is_an_error(refuses: Answers) -> None:
    drawn = "contig | position | ref | alt | a | b\n1 | 10 | A | G | 0/1 | 0/0"
    refuses("FROM sample_duplicates('all')", "only 1 variants", "takes 50", genotypes=drawn)
    refuses("FROM sample_duplicates('all', 'X')", "nothing varies on autosomes", genotypes=drawn)
    refuses("FROM sample_duplicates('al')", "no cohort is named 'al'", genotypes=drawn)
