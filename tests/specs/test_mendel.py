"""mendel_errors, mendel_trios: do children's genotypes fit their declared parents?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from collections.abc import Callable
from itertools import product

import reference_quality as quality
from specs.conftest import Answers
from specs.genotypes import STORAGES

Asked = Callable[..., list[dict[str, object]]]

FAMILY = """
    sample_id | sex
    kid       | XY
    dad       | XY
    mum       | XX
    sis       | XX
"""
PEDIGREE = """
    participant_id | family_id | father_id | mother_id
    kid            | F1        | dad       | mum
    sis            | F1        | dad       | mum
    dad            | F1        | -         | -
    orphan         | F2        | dad       | elsewhere
"""
WRITTEN = ("0/0", "0/1", "1/1")


def test_every_combination_on_an_autosome(asked: Asked) -> None:
    trios = list(product(range(3), repeat=3))
    lines = ["contig | position | ref | alt | kid | dad | mum | sis"]
    lines += [
        f"1 | {10 + n} | A | G | {WRITTEN[c]} | {WRITTEN[f]} | {WRITTEN[m]} | ./."
        for n, (c, f, m) in enumerate(trios)
    ]
    for storage in STORAGES:
        rows = asked(
            "FROM mendel_errors('all')",
            storage=storage,
            samples=FAMILY,
            pedigree=PEDIGREE,
            genotypes="\n".join(lines),
        )
        found = {trios[row["position"] - 10]: row["error"] for row in rows}  # type: ignore[operator]
        assert set(found) == {trio for trio in trios if not quality.is_mendelian(*trio)}, storage
        assert {trio for trio, error in found.items() if error == "new allele"} == {
            (1, 0, 0), (2, 0, 0), (0, 2, 2), (1, 2, 2),
        }  # fmt: skip
        assert {row["participant_id"] for row in rows} == {"kid"}


def test_who_is_not_called_is_no_error_unless_one_parent_is_enough(answers: Answers) -> None:
    drawn = {
        "samples": FAMILY,
        "pedigree": PEDIGREE,
        "genotypes": """
            contig | position | ref | alt | kid | dad | mum | sis
            1      | 10       | A   | G   | 1/1 | 0/0 | ./. | 0/0
            1      | 20       | A   | G   | 0/1 | 0/0 | ./. | 0/0
            1      | 30       | A   | G   | ./1 | 0/0 | 0/0 | 0/0
            1      | 40       | A   | G   | 0/1 | 0/0 | ./0 | 0/0
            1      | 50       | A   | G   | 0/1 | 0/0 | 0/0 | 0/0
        """,
    }
    answers(
        "FROM mendel_errors('all')",
        **drawn,
        storages=("rare", "whole"),
        expected="""
            position | participant_id | father_copies | mother_copies | error
            50       | kid            | 0             | 0             | new allele
        """,
    )
    answers(
        "FROM mendel_errors('all', is_with_duos := true)",
        **drawn,
        storages=("rare", "whole"),
        expected="""
            position | participant_id | father_copies | mother_copies | error
            10       | kid            | 0             | -             | not handed on
            50       | kid            | 0             | 0             | new allele
        """,
    )


def test_on_x_a_son_has_his_mothers_and_on_y_his_fathers(answers: Answers) -> None:
    """Men are written haploid or as two alike; a man who is called heterozygous is not called."""
    answers(
        "FROM mendel_errors('all')",
        samples=FAMILY,
        pedigree=PEDIGREE,
        genotypes="""
            contig | position | ref | alt | kid | dad | mum | sis
            X      | 50       | A   | G   | 0/1 | 0/0 | 0/0 | 0/0
            X      | 500      | A   | G   | 1   | 1   | 0/0 | 0/1
            X      | 510      | A   | G   | 1/1 | 0/0 | 0/1 | 1/1
            X      | 520      | A   | G   | 0/1 | 1/1 | 0/0 | 0/0
            X      | 530      | A   | G   | 0/0 | 0/0 | 1/1 | 0/1
            X      | 540      | A   | G   | 0/0 | 0/1 | 0/0 | 0/1
            Y      | 500      | A   | G   | 1   | 0   | ./. | ./.
            Y      | 510      | A   | G   | 1   | 1   | ./. | ./.
            MT     | 10       | A   | G   | 1   | 0   | 0   | 0
        """,
        expected="""
            contig | position | participant_id | child_copies | father_copies | mother_copies | error
            X      | 50       | kid            | 1            | 0             | 0             | new allele
            X      | 500      | kid            | 1            | 1             | 0             | new allele
            X      | 510      | sis            | 2            | 0             | 1             | not handed on
            X      | 520      | sis            | 0            | 1             | 0             | not handed on
            X      | 530      | kid            | 0            | 0             | 2             | new allele
            Y      | 500      | kid            | 1            | 0             | -             | new allele
        """,
    )


def test_another_batch_without_a_record_leaves_a_parent_unknown(answers: Answers) -> None:
    answers(
        "FROM mendel_errors('all')",
        samples="""
            sample_id | batch
            kid       | 1
            dad       | 2
            mum       | 1
        """,
        pedigree=PEDIGREE,
        genotypes="""
            contig | position | ref | alt | kid | dad | mum
            1      | 10       | A   | G   | 0/1 |     | 0/0
            1      | 20       | A   | G   | 0/1 | 0/0 | 0/0
        """,
        expected="""
            position | participant_id
            20       | kid
        """,
    )


def of_family(rows: int, kid: str, dad: str, mum: str) -> list[str]:
    return [f"{kid} | {dad} | {mum}"] * rows


def drawn_family(cells: list[str]) -> str:
    lines = ["contig | position | ref | alt | kid | dad | mum"]
    return "\n".join([*lines, *(f"1 | {10 + n} | A | G | {c}" for n, c in enumerate(cells))])


def test_a_parent_who_does_not_fit_is_told(asked: Asked) -> None:
    fitting = of_family(40, "0/1", "0/0", "1/1")
    for wrong, verdict in (
        ([], "fits"),
        (of_family(15, "1/1", "0/0", "0/1"), "father does not fit"),
        (of_family(15, "0/0", "0/1", "1/1"), "mother does not fit"),
        (of_family(15, "1/1", "0/0", "0/0"), "neither parent fits"),
        (of_family(15, "0/1", "0/0", "0/0"), "child does not fit both together"),
    ):
        drawn = {
            "samples": FAMILY.replace("    sis       | XX\n", ""),
            "pedigree": PEDIGREE,
            "genotypes": drawn_family(fitting + wrong),
        }
        (row,) = asked("FROM mendel_trios('all', min_variants := 40)", **drawn)
        assert (row["verdict"], row["variants"], row["errors"]) == (
            verdict,
            40 + len(wrong),
            len(wrong),
        )
    (row,) = asked("FROM mendel_trios('all', min_variants := 100)", **drawn)
    assert row["verdict"] == "too few variants"


def test_a_cohort_without_a_family_is_an_error(refuses: Answers) -> None:
    drawn = {
        "samples": FAMILY,
        "genotypes": "contig | position | ref | alt | kid | dad | mum | sis\n1 | 10 | A | G | 0/1 | 0/0 | 0/0 | 0/0",
    }
    refuses(
        "FROM mendel_errors('all')",
        "nobody in the cohort 'all' has both parents",
        "import",
        **drawn,
    )
    refuses("FROM mendel_trios('all')", "nobody in the cohort 'all' has both parents", **drawn)
    refuses("FROM mendel_errors('all', is_with_duos := true)", "has a parent in it", **drawn)
    refuses("FROM mendel_errors('al')", "no cohort is named 'al'", **drawn)
