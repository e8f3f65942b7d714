"""variants_in and variant: which variants does the lake know, and what of them?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

import pytest

from specs.conftest import Answers

SITES = """
    contig | position | ref | alt       | end_position | sv_length | batch | id  | other_ids | filters | sv_type
    1      | 10       | A   | G         | 10           | -         | 1     | rs1 | -         | PASS    | -
    1      | 10       | A   | G         | 10           | -         | 2     | rs1 | -         | .       | -
    1      | 10       | A   | T         | 10           | -         | 1     | rs1 | -         | PASS    | -
    1      | 20       | AC  | A         | 21           | -         | 1     | rs2 | rs3 rs0   | q10     | -
    1      | 20       | AC  | A         | 21           | -         | 2     | rs4 | -         | PASS    | -
    1      | 30       | A   | ACC       | 30           | -         | 1     | -   | -         | PASS    | -
    1      | 40       | AC  | GT        | 41           | -         | 1     | -   | -         | PASS    | -
    1      | 50       | A   | <DEL>     | 150          | -100      | 1     | sv1 | -         | PASS    | DEL
    1      | 50       | A   | <DEL>     | 250          | -200      | 1     | sv2 | -         | PASS    | DEL
    1      | 60       | A   | A]2:9]    | 60           | -         | 1     | -   | -         | PASS    | BND
    1      | 70       | AT  | A.        | 71           | -         | 1     | -   | -         | PASS    | BND
    1      | 80       | A   | .A        | 80           | -         | 1     | -   | -         | PASS    | BND
    X      | 10       | A   | G         | 10           | -         | 1     | rs9 | -         | PASS    | -
    Y      | 10       | A   | G         | 10           | -         | 1     | rs9 | -         | PASS    | -
    Y      | 10       | A   | T         | 10           | -         | 1     | rs8 | -         | PASS    | -
"""


def test_one_row_for_each_variant_whatever_batches_have_it(answers: Answers) -> None:
    answers(
        "FROM variants_in('1')",
        sites=SITES,
        expected="""
            position | ref | alt    | kind      | ids             | filters  | batches | end_position | sv_length | sv_type
            10       | A   | G      | snv       | rs1             | .|PASS   | 2       | 10           | -         | -
            10       | A   | T      | snv       | rs1             | PASS     | 1       | 10           | -         | -
            20       | AC  | A      | deletion  | rs0;rs2;rs3;rs4 | PASS|q10 | 2       | 21           | -         | -
            30       | A   | ACC    | insertion | -               | PASS     | 1       | 30           | -         | -
            40       | AC  | GT     | mnv       | -               | PASS     | 1       | 41           | -         | -
            50       | A   | <DEL>  | symbolic  | sv1             | PASS     | 1       | 150          | -100      | DEL
            50       | A   | <DEL>  | symbolic  | sv2             | PASS     | 1       | 250          | -200      | DEL
            60       | A   | A]2:9] | breakend  | -               | PASS     | 1       | 60           | -         | BND
            70       | AT  | A.     | breakend  | -               | PASS     | 1       | 71           | -         | BND
            80       | A   | .A     | breakend  | -               | PASS     | 1       | 80           | -         | BND
        """,
    )


def test_a_lake_without_variants_gives_no_rows_and_keeps_its_errors(
    answers: Answers, refuses: Answers
) -> None:
    answers("FROM variants_in(NULL)", expected="contig | position")
    refuses(
        "SELECT kind FROM variants_in('3') WHERE kind = 'snv' AND position > 5", "names a contig"
    )


@pytest.mark.parametrize(
    "name",
    [
        "1-10-A-G", "chr1-10-A-G", "NC_000001.11:10:A:G", "1-10-a-g",
        "1-9-CAT-CGT", "1-8-GCATT-GCGTT", "1-10-AT-GT",
    ],
)  # fmt: skip
def test_a_place_and_alleles_in_any_spelling(answers: Answers, name: str) -> None:
    """Any alias of the contig, either case, not trimmed."""
    answers(
        f"FROM variant('{name}')",
        sites=SITES,
        expected="""
            contig | position | ref | alt | ids | batches
            1      | 10       | A   | G   | rs1 | 2
        """,
    )


def test_deletions_and_insertions_are_trimmed_from_the_end_first(answers: Answers) -> None:
    answers(
        "FROM variant('1-19-TACC-TAC')",
        sites="""
            contig | position | ref | alt
            1      | 20       | AC  | A
            1      | 21       | CC  | C
            1      | 22       | CC  | C
        """,
        # TACC to TAC: the last C equal, then AC; T-A-C less a C is AC>A at 20.
        expected="""
            position | ref | alt
            20       | AC  | A
        """,
    )
    answers(
        "FROM variant('1-29-TA-TACC')",
        sites=SITES,
        expected="""
            position | ref | alt
            30       | A   | ACC
        """,
    )


def test_a_symbolic_allele_by_its_name_gives_all_lengths(answers: Answers) -> None:
    answers(
        "FROM variant('1-50-A-<DEL>')",
        sites=SITES,
        expected="""
            position | alt   | sv_length
            50       | <DEL> | -100
            50       | <DEL> | -200
        """,
    )
    answers(
        "FROM variant('1-60-A-A]2:9]')",
        sites=SITES,
        expected="""
            position | alt
            60       | A]2:9]
        """,
    )


def test_an_identifier_in_any_batch_and_any_place_of_the_list(answers: Answers) -> None:
    """It may name several alleles, and places; all batches of a variant are shown."""
    for name in ("rs2", "rs3", "rs0", "rs4"):
        answers(
            f"FROM variant('{name}')",
            sites=SITES,
            expected="""
                contig | position | alt | ids             | batches
                1      | 20       | A   | rs0;rs2;rs3;rs4 | 2
            """,
        )
    answers(
        "FROM variant('rs1')",
        sites=SITES,
        expected="""
            position | alt | batches
            10       | G   | 2
            10       | T   | 1
        """,
    )
    answers(
        "FROM variant('rs9')",
        sites=SITES,
        expected="""
            contig | position | alt
            X      | 10       | G
            Y      | 10       | G
        """,
    )


def test_a_variant_no_batch_has_gives_no_rows(answers: Answers) -> None:
    """It is well written, and honestly not there."""
    for name in ("1-10-A-C", "1-11-A-G", "22-10-A-G", "1-50-A-<DUP>", "X-10-A-T"):
        answers(f"FROM variant('{name}')", sites=SITES, expected="contig | position")


def test_a_name_that_nothing_bears_is_an_error(refuses: Answers) -> None:
    for drawn in ({}, {"sites": SITES}):
        refuses("FROM variant('rs77')", "no variant is named 'rs77'", "22-16050075-A-G", **drawn)
        refuses("FROM variant('1-10-A')", "no variant is named '1-10-A'", **drawn)
        refuses("FROM variant('')", "no variant is named ''", **drawn)
        refuses("FROM variant(NULL)", "no variant is named NULL", **drawn)
        refuses("FROM variant('3-10-A-G')", "names a contig that this lake has not", **drawn)
        refuses("FROM variant('1-50001-A-G')", "goes beyond the end of 1", **drawn)
        refuses("SELECT alt FROM variant('rs77') WHERE alt = 'A' AND position > 5", "rs77", **drawn)
