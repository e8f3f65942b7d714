"""in_policy := 'adj@1': which genotypes count by gnomAD's rule? (definitions: get_adj_expr)"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from specs.conftest import Answers

ADJ = "FROM allele_frequency('all', in_policy := 'adj@1')"


def test_a_genotype_of_quality_20_passes_and_of_19_fails(answers: Answers) -> None:
    answers(
        ADJ,
        genotypes="""
            contig | position | ref | alt | ann             | bo
            1      | 10       | A   | G   | 0/1:20:30:15,15 | 0/0:99:30:30,0
            1      | 20       | A   | G   | 0/1:19:30:15,15 | 0/0:99:30:30,0
        """,
        expected="""
            position | ac | an | heterozygotes
            10       | 1  | 4  | 1
            20       | 0  | 2  | 0
        """,
    )


def test_ten_reads_are_enough_for_two_alleles_and_five_for_one(answers: Answers) -> None:
    answers(
        ADJ,
        genotypes="""
            contig | position | ref | alt | ann           | bo
            1      | 10       | A   | G   | 1/1:99:10:0,9 | 1/1:99:9:0,9
            MT     | 10       | A   | G   | 1:99:5:0,5    | 1:99:4:0,4
            MT     | 20       | A   | G   | 0:99:5:5,0    | 0:99:4:4,0
        """,
        ploidy="""
            contig | start_position | end_position | haploid
            MT     | 1              | 500          | ann bo
        """,
        expected="""
            contig | position | ac | an | homozygotes | hemizygotes
            1      | 10       | 2  | 2  | 1           | 0
            MT     | 10       | 1  | 1  | 0           | 1
            MT     | 20       | 0  | 1  | 0           | 0
        """,
    )


def test_a_fifth_of_the_reads_of_a_heterozygote_must_show_the_allele(answers: Answers) -> None:
    """Only one copy of two alleles is asked for balance; there is no upper bound."""
    answers(
        ADJ,
        genotypes="""
            contig | position | ref | alt | ann            | bo             | cy
            1      | 10       | A   | G   | 0/1:99:20:16,4 | 0/1:99:20:17,3 | 0/1:99:20:1,19
            1      | 20       | A   | G   | 1/1:99:20:18,2 | 0/0:99:20:2,18 | ./1:99:20:19,1
        """,
        expected="""
            position | ac | an | homozygotes | heterozygotes | half_calls
            10       | 2  | 4  | 0           | 2             | 0
            20       | 3  | 5  | 1           | 0             | 1
        """,
    )


def test_a_missing_value_fails(answers: Answers) -> None:
    answers(
        ADJ,
        genotypes="""
            contig | position | ref | alt | ann            | bo           | cy
            1      | 10       | A   | G   | 0/1:.:20:10,10 | 1/1:99:.:0,9 | 0/1:99:20:.
            1      | 20       | A   | G   | 0/0            | 0/0:99:20:.  | 0/1:99:20:.,20
        """,
        expected="""
            position | ac | an | af
            10       | 0  | 0  | -
            20       | 0  | 0  | -
        """,
    )


def test_a_reference_genotype_that_fails_shrinks_the_denominator(answers: Answers) -> None:
    answers(
        ADJ,
        genotypes="""
            contig | position | ref | alt | ann            | bo
            1      | 10       | A   | G   | 0/0:19:30:30,0 | 0/0:99:30:30,0
        """,
        expected="""
            ac | an | af | unknown_samples
            0  | 2  | 0  | 0
        """,
    )


def test_what_fails_still_counts_under_raw(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all')",
        genotypes="""
            contig | position | ref | alt | ann           | bo            | cy
            1      | 10       | A   | G   | 0/0:1:30:30,0 | 0/1:1:30:30,0 | ./1:1:1:0,1
        """,
        expected="""
            ac | an | heterozygotes | half_calls
            2  | 5  | 1             | 1
        """,
    )


def test_both_alternate_alleles_of_a_genotype_are_judged_by_their_own_reads(
    answers: Answers,
) -> None:
    """`1/2` with few reads of the second counts for the first only, and has two alleles only there."""
    answers(
        ADJ,
        genotypes="""
            contig | position | ref | alt | ann              | bo
            1      | 10       | A   | G,T | 1/2:99:20:0,18,2 | 0/2:99:20:10,0,10
        """,
        # T: ann's 2 of 20 reads fail, so only bo is left.
        expected="""
            alt | ac | an
            G   | 1  | 4
            T   | 1  | 2
        """,
    )


def test_a_no_call_stays_a_no_call(answers: Answers) -> None:
    answers(
        ADJ,
        genotypes="""
            contig | position | ref | alt | ann             | bo
            1      | 10       | A   | G   | ./.:99:30:15,15 | 0/1:99:30:15,15
        """,
        expected="""
            ac | an
            1  | 2
        """,
    )


def test_samples_of_a_batch_without_the_fields_are_unknown(answers: Answers) -> None:
    """The batch's own rows count under raw, never under adj@1."""
    drawn = {
        "samples": """
            sample_id | batch
            ann       | 1
            bo        | 2
            cy        | 2
        """,
        "genotypes": """
            contig | position | ref | alt | ann             | bo  | cy
            1      | 10       | A   | G   | 0/1:99:30:15,15 | 1/1 | ./.
            1      | 20       | A   | G   | 0/0:99:30:30,0  | 0/0 | 0/1
        """,
    }
    answers(
        ADJ,
        **drawn,
        expected="""
            position | ac | an | unknown_samples
            10       | 1  | 2  | 2
            20       | 0  | 2  | 2
        """,
    )
    answers(
        "FROM allele_frequency('all')",
        **drawn,
        expected="""
            position | ac | an | unknown_samples
            10       | 3  | 4  | 0
            20       | 1  | 6  | 0
        """,
    )


def test_a_lake_without_the_fields_cannot_be_asked(refuses: Answers) -> None:
    refuses(
        ADJ,
        "no batch of this lake declares all three",
        genotypes="""
            contig | position | ref | alt | ann
            1      | 10       | A   | G   | 0/1
        """,
    )
    refuses("FROM carriers(in_policy := 'adj@1')", "no batch of this lake declares all three")


def test_taken_by_sex_an_xy_genotype_outside_par_needs_five_reads(answers: Answers) -> None:
    """Whether it was written `1/1` or `1`; as called, `1/1` needs ten."""
    drawn = {
        "samples": """
            sample_id | sex
            ann       | XX
            bo        | XY
            cy        | XY
            dee       | XY
        """,
        "genotypes": """
            contig | position | ref | alt | ann          | bo           | cy           | dee
            X      | 500      | A   | G   | 1/1:99:5:0,5 | 1/1:99:5:0,5 | 0/0:99:5:5,0 | 1/1:99:4:0,4
            X      | 50       | A   | G   | 1/1:99:5:0,5 | 1/1:99:5:0,5 | 0/0:99:5:5,0 | 0/1:99:10:5,5
        """,
    }
    answers(
        "FROM allele_frequency('all', in_policy := 'adj@1', in_ploidy := 'by_sex')",
        **drawn,
        expected="""
            position | ac | an | hemizygotes | homozygotes | heterozygotes
            500      | 1  | 2  | 1           | 0           | 0
            50       | 1  | 2  | 0           | 0           | 1
        """,
    )
    answers(
        ADJ,
        **drawn,
        expected="""
            position | ac | an
            500      | 0  | 0
            50       | 1  | 2
        """,
    )


def test_haploid_thresholds_hold_on_y_too(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all', in_policy := 'adj@1', in_ploidy := 'by_sex')",
        samples="""
            sample_id | sex
            ann       | XX
            bo        | XY
            cy        | XY
        """,
        genotypes="""
            contig | position | ref | alt | ann         | bo           | cy
            Y      | 500      | A   | G   | ./.:.:.:.   | 1/1:99:5:0,5 | 0/0:99:4:4,0
        """,
        expected="""
            ac | an | hemizygotes | unknown_samples
            1  | 1  | 1           | 0
        """,
    )


def test_hemizygotes_and_half_calls_are_told_apart_among_those_that_pass(answers: Answers) -> None:
    answers(
        ADJ,
        genotypes="""
            contig | position | ref | alt | ann        | bo         | cy           | dee
            X      | 500      | A   | G   | 1:99:5:0,5 | 1:99:4:0,4 | ./1:99:10:0,9 | ./1:99:9:0,9
        """,
        ploidy="""
            contig | start_position | end_position | haploid
            X      | 101            | 900          | ann bo
        """,
        expected="""
            ac | an | hemizygotes | half_calls
            2  | 2  | 1           | 1
        """,
    )
