"""Several batches in one lake: whose alleles does a variant's denominator have?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from specs.conftest import Answers

TWO = """
    sample_id | batch
    ann       | 1
    bo        | 1
    cy        | 2
"""


def test_a_batch_without_a_record_of_the_variant_is_unknown_there(answers: Answers) -> None:
    """Absence of a record is not a homozygous reference call."""
    answers(
        "FROM allele_frequency('all')",
        samples=TWO,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | 0/1 | 0/0 | 1/1
            1      | 20       | A   | G   | 0/1 | 0/0 |
            1      | 30       | A   | G   |     |     | 0/1
        """,
        expected="""
            position | ac | an | an_record | an_assumed | unknown_samples
            10       | 3  | 6  | 6         | 0          | 0
            20       | 1  | 4  | 4         | 0          | 1
            30       | 1  | 2  | 2         | 0          | 2
        """,
    )


def test_a_variant_of_a_batch_without_members_is_shown_as_unknown(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('north')",
        samples=TWO,
        cohorts="""
            cohort | members
            north  | ann bo
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo | cy
            1      | 10       | A   | G   |     |    | 1/1
        """,
        expected="""
            ac | an | af | unknown_samples
            0  | 0  | -  | 2
        """,
    )


def test_a_site_without_genotypes_leaves_everybody_unknown(answers: Answers) -> None:
    """Of a sites-only batch, or a record without GT; a frequency there is NULL, never 0."""
    answers(
        "FROM allele_frequency('all')",
        samples=TWO,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | 0/1 | 0/0 | 1/1
        """,
        sites="""
            contig | position | ref | alt | batch | has_genotypes
            1      | 10       | A   | G   | 3     | false
            1      | 20       | A   | G   | 3     | false
            1      | 30       | A   | G   | 1     | false
        """,
        expected="""
            position | ac | an | af  | unknown_samples
            10       | 3  | 6  | 0.5 | 0
            20       | 0  | 0  | -   | 3
            30       | 0  | 0  | -   | 3
        """,
    )


def test_two_batches_may_share_a_block_of_samples(answers: Answers) -> None:
    """A row of bits speaks of its own batch's samples only, though the others have room in it."""
    answers(
        "FROM allele_frequency('all')",
        samples="""
            sample_id | sample_number | batch
            ann       | 1000          | 1
            bo        | 1001          | 1
            cy        | 1002          | 2
            dee       | 1024          | 2
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee
            1      | 10       | A   | G   | 0/1 | 0/0 | 1/1 | ./.
            1      | 20       | A   | G   |     |     | 1/1 | 0/1
        """,
        expected="""
            position | ac | an | unknown_samples
            10       | 3  | 6  | 0
            20       | 3  | 4  | 2
        """,
    )


def test_batches_may_write_the_same_place_with_another_ploidy(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all')",
        samples=TWO,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            X      | 500      | A   | G   | 0   | 1   | 0/1
            X      | 600      | A   | G   | 0/0 | 0/1 | 0
        """,
        ploidy="""
            contig | start_position | end_position | batch | haploid
            X      | 101            | 550          | 1     | ann bo
            X      | 551            | 900          | 2     | cy
        """,
        expected="""
            position | ac | an | hemizygotes | heterozygotes
            500      | 2  | 4  | 1           | 1
            600      | 1  | 5  | 0           | 1
        """,
    )


def test_filters_of_batches_that_disagree_are_all_shown(answers: Answers) -> None:
    """Sorted; what the batches agree on once. All records of the lake are shown, whoever is asked."""
    answers(
        "FROM allele_frequency('all')",
        samples=TWO,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | 0/1 | 0/0 | 1/1
            1      | 20       | A   | G   | 0/1 | 0/0 | 1/1
            1      | 30       | A   | G   | 0/1 | 0/0 | 1/1
            1      | 40       | A   | G   | 0/1 | 0/0 | 1/1
            1      | 50       | A   | G   | 0/1 | 0/0 | 1/1
            1      | 60       | A   | G   | 0/1 | 0/0 | 1/1
            1      | 70       | A   | G   | 0/1 | 0/0 |
            1      | 80       | A   | G   | 0/1 | 0/0 | 0/0
        """,
        sites="""
            contig | position | ref | alt | batch | filters
            1      | 20       | A   | G   | 2     | q10;s50
            1      | 30       | A   | G   | 1     | .
            1      | 40       | A   | G   | 1     | .
            1      | 40       | A   | G   | 2     | .
            1      | 50       | A   | G   | 1     | s50
            1      | 50       | A   | G   | 2     | q10
            1      | 60       | A   | G   | 1     | q10
            1      | 60       | A   | G   | 2     | q10
            1      | 70       | A   | G   | 1     | q10;s50
            1      | 80       | A   | G   | 1     | .
            1      | 80       | A   | G   | 2     | Low
        """,
        expected="""
            position | filters
            10       | PASS
            20       | PASS|q10;s50
            30       | .|PASS
            40       | .
            50       | q10|s50
            60       | q10
            70       | q10;s50
            80       | .|Low
        """,
    )


def test_only_records_that_passed_or_were_not_filtered(answers: Answers) -> None:
    """Per record: samples of a batch whose record failed are unknown there, carriers or not."""
    answers(
        "FROM allele_frequency('all', in_filter := 'pass')",
        samples=TWO,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | 0/1 | ./. | 1/1
            1      | 20       | A   | G   | 0/1 | ./. | 1/1
            1      | 30       | A   | G   | 0/1 | ./. | 1/1
            1      | 40       | A   | G   | 0/1 | ./. | 1/1
            1      | 50       | A   | G   |     |     | 1/1
        """,
        sites="""
            contig | position | ref | alt | batch | filters
            1      | 20       | A   | G   | 1     | q10
            1      | 30       | A   | G   | 1     | q10
            1      | 30       | A   | G   | 2     | q10;s50
            1      | 40       | A   | G   | 1     | .
            1      | 40       | A   | G   | 2     | q10
            1      | 50       | A   | G   | 2     | q10
        """,
        # At 30 and 50 no record passed: they are left out.
        expected="""
            position | ac | an | unknown_samples | filters
            10       | 3  | 4  | 0               | PASS
            20       | 2  | 2  | 2               | PASS|q10
            40       | 1  | 2  | 1               | .|q10
        """,
    )


def test_a_failed_record_hides_its_own_variant_only(answers: Answers) -> None:
    """Other alleles, lengths and ends at the same place have records of their own."""
    answers(
        "FROM allele_frequency('all', in_filter := 'pass')",
        genotypes="""
            contig | position | ref | alt   | end_position | sv_length | ann
            1      | 10       | A   | <DEL> | 110          | -100      | 0/1
            1      | 10       | A   | <DEL> | 110          | -         | 0/1
            1      | 10       | A   | <DEL> | 210          | -         | 0/1
            1      | 10       | A   | <DUP> | 110          | -         | 0/1
            1      | 10       | AC  | <DEL> | 110          | -         | 0/1
            1      | 11       | A   | <DEL> | 110          | -         | 0/1
            22     | 10       | A   | <DEL> | 110          | -         | 0/1
        """,
        sites="""
            contig | position | ref | alt   | end_position | sv_length | filters
            1      | 10       | A   | <DEL> | 110          | -         | q10
        """,
        expected="""
            contig | position | ref | alt   | end_position | sv_length | ac | an
            1      | 10       | A   | <DEL> | 110          | -100      | 1  | 2
            1      | 10       | A   | <DEL> | 210          | -         | 1  | 2
            1      | 10       | A   | <DUP> | 110          | -         | 1  | 2
            1      | 10       | AC  | <DEL> | 110          | -         | 1  | 2
            1      | 11       | A   | <DEL> | 110          | -         | 1  | 2
            22     | 10       | A   | <DEL> | 110          | -         | 1  | 2
        """,
    )


def test_a_passing_site_without_genotypes_keeps_the_variant(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all', in_filter := 'pass')",
        samples=TWO,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | 0/1 | 0/0 |
        """,
        sites="""
            contig | position | ref | alt | batch | filters | has_genotypes
            1      | 10       | A   | G   | 1     | q10     | true
            1      | 10       | A   | G   | 3     | PASS    | false
        """,
        expected="""
            ac | an | af | unknown_samples | filters
            0  | 0  | -  | 3               | PASS|q10
        """,
    )
