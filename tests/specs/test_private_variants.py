"""private_variants: which alternate alleles are seen in one cohort and in nobody else of the lake?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from specs.conftest import Answers

NORTH = """
    cohort | members
    north  | ann bo
"""


def test_carried_here_and_nowhere_else(answers: Answers) -> None:
    """With the called alleles of everybody else: how hard it was looked for."""
    answers(
        "FROM private_variants('north')",
        cohorts=NORTH,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee
            1      | 10       | A   | G   | 0/1 | 1/1 | 0/0 | ./.
            1      | 20       | A   | G   | 0/1 | 0/0 | 0/1 | 0/0
            1      | 30       | A   | G   | 0/0 | 0/0 | 0/1 | 0/0
            1      | 40       | A   | G   | 0/0 | 0/0 | 0/0 | 0/0
            1      | 50       | A   | G   | ./1 | 0/0 | ./. | ./.
            1      | 60       | A   | G,T | 1/2 | 0/0 | 0/1 | 0/0
        """,
        expected="""
            position | ref | alt | ac | an | af       | an_others | homozygotes | heterozygotes | hemizygotes | half_calls
            10       | A   | G   | 3  | 4  | 0.75     | 2         | 1           | 1             | 0           | 0
            50       | A   | G   | 1  | 3  | 0.333333 | 0         | 0           | 0             | 0           | 1
            60       | A   | T   | 1  | 4  | 0.25     | 4         | 0           | 1             | 0           | 0
        """,
    )


def test_of_everybody_all_that_is_carried_is_private(answers: Answers) -> None:
    answers(
        "FROM private_variants('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 10       | A   | G   | 0/1 | 1/1
            1      | 20       | A   | G   | 0/0 | ./.
        """,
        expected="""
            position | ac | an | an_others | end_position | sv_length
            10       | 3  | 4  | 0         | 10           | -
        """,
    )


def test_symbolic_alleles_are_compared_by_end_and_length(answers: Answers) -> None:
    answers(
        "FROM private_variants('north')",
        cohorts=NORTH,
        genotypes="""
            contig | position | ref | alt   | end_position | sv_length | ann | bo  | cy
            1      | 10       | A   | <DEL> | 110          | -100      | 0/1 | 0/0 | 0/0
            1      | 10       | A   | <DEL> | 110          | -         | 0/0 | 0/1 | 0/1
            1      | 10       | A   | <DEL> | 210          | -         | 0/1 | 0/1 | 0/0
        """,
        expected="""
            end_position | sv_length | ac
            110          | -100      | 1
            210          | -         | 2
        """,
    )


def test_policy_ploidy_and_filter_hold_for_both_sides(answers: Answers) -> None:
    """Who fails or is missing outside carries nothing either."""
    drawn = {
        "cohorts": NORTH,
        "samples": """
            sample_id | sex
            ann       | XX
            bo        | XX
            cy        | XY
        """,
        "genotypes": """
            contig | position | ref | alt | ann             | bo             | cy
            X      | 500      | A   | G   | 0/1:99:20:10,10 | 0/0:99:20:20,0 | 0/1:99:20:10,10
            X      | 50       | A   | G   | 0/1:99:20:10,10 | 0/0:99:20:20,0 | 0/1:9:20:10,10
            X      | 60       | A   | G   | 0/1:99:20:10,10 | 0/0:99:20:20,0 | 0/0:99:20:20,0
        """,
        "sites": """
            contig | position | ref | alt | filters
            X      | 60       | A   | G   | q10
        """,
    }
    answers(
        "FROM private_variants('north', 'X', 'adj@1', 'by_sex', 'pass')",
        **drawn,
        expected="""
            position | ac | an_others
            500      | 1  | 0
            50       | 1  | 0
        """,
    )
    answers(
        "FROM private_variants('north')",
        **drawn,
        expected="""
            position | ac | an_others
            60       | 1  | 2
        """,
    )


def test_an_unknown_cohort_is_an_error(refuses: Answers) -> None:
    refuses("FROM private_variants('nort')", "no cohort is named 'nort'", cohorts=NORTH)
