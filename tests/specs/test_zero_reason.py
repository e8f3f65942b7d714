"""allele_frequency: three kinds of ac 0: nobody known, nobody a carrier, or no carrier that counts."""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from specs.conftest import Answers


def test_nobody_known_is_no_data_and_nobody_a_carrier_no_variant(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('north')",
        samples="""
            sample_id | batch
            ann       | 1
            bo        | 1
            cy        | 2
        """,
        cohorts="""
            cohort | members
            north  | ann bo
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | 0/1 | 0/0 | 1/1
            1      | 20       | A   | G   | 0/0 | ./. | 1/1
            1      | 30       | A   | G   | ./. | ./. | 1/1
            1      | 40       | A   | G   |     |     | 1/1
        """,
        expected="""
            position | ac | an | zero_reason
            10       | 1  | 4  | -
            20       | 0  | 2  | no_variant
            30       | 0  | 0  | no_data
            40       | 0  | 0  | no_data
        """,
    )


def test_copies_that_fail_the_policy_are_filtered(answers: Answers) -> None:
    """However the genotypes are stored; also of a batch that lacks what the policy needs."""
    answers(
        "FROM allele_frequency('all', in_policy := 'adj@1')",
        samples="""
            sample_id | batch
            ann       | 1
            bo        | 1
            cy        | 2
        """,
        genotypes="""
            contig | position | ref | alt | ann            | bo             | cy
            1      | 10       | A   | G   | 0/1:9:20:10,10 | 0/0:99:20:20,0 |
            1      | 20       | A   | G   | 0/1:9:20:10,10 | 0/0:9:20:20,0  |
            1      | 30       | A   | G   | 0/0:9:20:20,0  | 0/0:9:20:20,0  |
            1      | 40       | A   | G   | 0/0:9:20:20,0  | 0/0:99:20:20,0 |
            1      | 50       | A   | G   |                |                | 0/1
            1      | 60       | A   | G   |                |                | 0/0
        """,
        expected="""
            position | ac | an | zero_reason
            10       | 0  | 2  | filtered
            20       | 0  | 0  | filtered
            30       | 0  | 0  | no_data
            40       | 0  | 2  | no_variant
            50       | 0  | 0  | filtered
            60       | 0  | 0  | no_data
        """,
    )


def test_copies_of_failed_records_are_filtered(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all', in_filter := 'pass')",
        samples="""
            sample_id | batch
            ann       | 1
            bo        | 2
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 10       | A   | G   | 0/1 | 0/0
            1      | 20       | A   | G   | 0/0 | 0/0
            1      | 30       | A   | G   | 0/1 | ./.
        """,
        sites="""
            contig | position | ref | alt | batch | filters
            1      | 10       | A   | G   | 1     | q10
            1      | 20       | A   | G   | 1     | q10
            1      | 30       | A   | G   | 1     | q10
        """,
        expected="""
            position | ac | an | zero_reason
            10       | 0  | 2  | filtered
            20       | 0  | 2  | no_variant
            30       | 0  | 0  | filtered
        """,
    )


def test_copies_that_sex_does_not_allow_are_filtered(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all', in_ploidy := 'by_sex')",
        samples="""
            sample_id | sex
            ann       | XX
            bo        | XY
            cy        | -
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            X      | 500      | A   | G   | 0/0 | 0/1 | 0/0
            X      | 600      | A   | G   | 0/0 | 0/0 | 0/1
            X      | 700      | A   | G   | 0/0 | 0/0 | 0/0
            Y      | 500      | A   | G   | 0/1 | 0/0 | 0/0
        """,
        expected="""
            contig | position | ac | zero_reason
            X      | 500      | 0  | filtered
            X      | 600      | 0  | filtered
            X      | 700      | 0  | no_variant
            Y      | 500      | 0  | filtered
        """,
    )


def test_of_samples_asked_alone_blocks_are_data_and_failed_copies_filtered(
    answers: Answers,
) -> None:
    drawn = {
        "samples": """
            sample_id | batch
            ann       | 1
            bo        | 1
            cy        | 1
            dee       | 2
        """,
        "batches": """
            batch | kind       | has_adj
            1     | per_sample | true
            2     | per_sample | false
        """,
        "cohorts": """
            cohort | members
            north  | ann bo dee
        """,
        "genotypes": """
            contig | position | ref | alt | ann            | bo | cy              | dee
            1      | 10       | A   | G   |                |    | 0/1:99:20:10,10 |
            1      | 20       | A   | G   | 0/1:9:20:10,10 |    |                 |
            1      | 30       | A   | G   | 0/0:9:20:20,0  |    | 0/1:99:20:10,10 |
            1      | 40       | A   | G   |                |    |                 | 0/1
            1      | 50       | A   | G   |                |    | 0/1:99:20:10,10 |
        """,
        "callable": """
            contig | start | end | sample_id | levels
            1      | 1     | 15  | bo        | 012456
            1      | 50    | 50  | bo        | 15
        """,
        "own_filters": """
            contig | position | ref | alt | sample_id | filters
            1      | 20       | A   | G   | ann       | q10
        """,
    }
    answers(
        "FROM allele_frequency('north', in_policy := 'adj@1')",
        **drawn,
        expected="""
            position | ac | an | zero_reason
            10       | 0  | 2  | no_variant
            20       | 0  | 0  | filtered
            30       | 0  | 0  | no_data
            40       | 0  | 0  | filtered
            50       | 0  | 0  | no_data
        """,
    )
    answers(
        "FROM allele_frequency('north', in_filter := 'pass')",
        **drawn,
        expected="""
            position | ac | an | zero_reason
            10       | 0  | 2  | no_variant
            20       | 0  | 0  | filtered
            30       | 0  | 2  | no_variant
            40       | 1  | 2  | -
            50       | 0  | 0  | no_data
        """,
    )
