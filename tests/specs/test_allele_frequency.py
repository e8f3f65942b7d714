"""allele_frequency: how common is each alternate allele in one cohort?"""

from specs.conftest import Answers


def test_a_no_call_shrinks_the_denominator(answers: Answers) -> None:
    """A sample without a call is unknown: it is not counted as reference."""
    answers(
        "FROM allele_frequency('north')",
        cohorts="""
            cohort | members
            north  | ann bo
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | 0/1 | ./. | 1/1
        """,
        # ann has 1 of 2; bo adds nothing: 1 / 2, not 1 / 4.
        expected="""
            contig | position | ref | alt | ac | an | af
            1      | 10       | A   | G   | 1  | 2  | 0.5
        """,
    )
