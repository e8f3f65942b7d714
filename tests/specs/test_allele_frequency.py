"""allele_frequency: how common is each alternate allele in one cohort?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

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
            contig | position | ref | alt | ac | an | af  | unknown_samples
            1      | 10       | A   | G   | 1  | 2  | 0.5 | 0
        """,
    )


def test_a_half_call_counts_the_allele_that_was_called(answers: Answers) -> None:
    """`./1` is one copy of one called allele, told apart from a hemizygote; `./0` is one allele."""
    answers(
        "FROM allele_frequency('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | ./1 | 0/. | 0/0
        """,
        expected="""
            ac | an | af   | homozygotes | heterozygotes | hemizygotes | half_calls
            1  | 4  | 0.25 | 0           | 0             | 0           | 1
        """,
    )


def test_a_haploid_genotype_counts_one_allele(answers: Answers) -> None:
    """`1` is a hemizygote, `0` one reference allele, and `.` no allele."""
    answers(
        "FROM allele_frequency('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo | cy | dee
            X      | 500      | A   | G   | 0/1 | 1  | 0  | .
            MT     | 7        | C   | T   | 1   | 1  | 0  | .
        """,
        ploidy="""
            contig | start_position | end_position | haploid
            X      | 101            | 900          | bo cy dee
            MT     | 1              | 500          | ann bo cy dee
        """,
        expected="""
            contig | ac | an | homozygotes | heterozygotes | hemizygotes | half_calls
            X      | 2  | 4  | 0           | 1             | 1           | 0
            MT     | 2  | 3  | 0           | 0             | 2           | 0
        """,
    )


def test_a_genotype_need_not_have_the_ploidy_the_batch_usually_writes(answers: Answers) -> None:
    """A haploid call among diploid ones, and diploid calls of samples that are haploid elsewhere."""
    answers(
        "FROM allele_frequency('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | 1   | 0   | 0/1
            X      | 500      | A   | G   | 0/0 | 1/1 | 0/1
        """,
        ploidy="""
            contig | start_position | end_position | haploid
            X      | 101            | 900          | ann bo
        """,
        expected="""
            contig | ac | an | homozygotes | heterozygotes | hemizygotes
            1      | 2  | 4  | 0           | 1             | 1
            X      | 3  | 6  | 1           | 1             | 0
        """,
    )


def test_haploid_intervals_hold_from_their_first_to_their_last_base(answers: Answers) -> None:
    """Everybody is `0` or `0/0` as the interval says, so no row of calls tells."""
    answers(
        "FROM allele_frequency('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            X      | 199      | A   | G   | 0/0 | 0/0 | 0/1
            X      | 200      | A   | G   | 0   | 0/0 | 0/1
            X      | 300      | A   | G   | 0   | 0/0 | 0/1
            X      | 301      | A   | G   | 0/0 | 0   | 0/1
            X      | 400      | A   | G   | 0/0 | 0   | 0/1
            X      | 401      | A   | G   | 0/0 | 0/0 | 0/1
        """,
        ploidy="""
            contig | start_position | end_position | haploid
            X      | 200            | 300          | ann
            X      | 301            | 400          | bo
        """,
        expected="""
            position | ac | an
            199      | 1  | 6
            200      | 1  | 5
            300      | 1  | 5
            301      | 1  | 5
            400      | 1  | 5
            401      | 1  | 6
        """,
    )


def test_each_allele_of_a_multi_allelic_record_keeps_the_whole_denominator(
    answers: Answers,
) -> None:
    """`1/2` is one copy for each of the two; `0/2` and `2/2` are called, and no copy of the first."""
    answers(
        "FROM allele_frequency('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee
            1      | 10       | A   | G,T | 1/2 | 0/2 | 2/2 | ./2
        """,
        # G: 1 of 2 + 2 + 2 + 1. T: 1 + 1 + 2 + 1.
        expected="""
            ref | alt | ac | an | homozygotes | heterozygotes | half_calls
            A   | G   | 1  | 7  | 0           | 1             | 0
            A   | T   | 5  | 7  | 1           | 2             | 1
        """,
    )


def test_a_star_is_a_called_allele_and_no_variant(answers: Answers) -> None:
    """`*` says that the base is deleted: called, neither reference nor this alternate allele."""
    answers(
        "FROM allele_frequency('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G,* | 1/2 | 0/2 | 2/2
        """,
        expected="""
            alt | ac | an | heterozygotes
            G   | 1  | 6  | 1
        """,
    )


def test_a_variant_that_nobody_in_the_cohort_carries_is_shown_with_its_denominator(
    answers: Answers,
) -> None:
    answers(
        "FROM allele_frequency('north')",
        cohorts="""
            cohort | members
            north  | ann bo
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | 0/0 | 0/0 | 1/1
        """,
        expected="""
            ac | an | af | heterozygotes
            0  | 4  | 0  | 0
        """,
    )


def test_everyone_a_carrier(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 10       | A   | G   | 1/1 | 1/1
        """,
        expected="""
            ac | an | af | homozygotes | heterozygotes
            4  | 4  | 1  | 2           | 0
        """,
    )


def test_a_frequency_without_called_alleles_is_unknown_and_not_zero(answers: Answers) -> None:
    """DuckDB would say nan."""
    answers(
        "FROM allele_frequency('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 10       | A   | G   | ./. | ./.
        """,
        expected="""
            ac | an | af
            0  | 0  | -
        """,
    )


def test_a_cohort_without_members_has_no_alleles(answers: Answers) -> None:
    """An empty cohort is no error: its variants have nobody called."""
    answers(
        "FROM allele_frequency('empty')",
        cohorts="""
            cohort | members
            empty  | -
        """,
        genotypes="""
            contig | position | ref | alt | ann
            1      | 10       | A   | G   | 0/1
        """,
        expected="""
            ac | an | af | unknown_samples
            0  | 0  | -  | 0
        """,
    )


def test_bounds_leave_out_what_is_below_and_keep_what_is_at_them(answers: Answers) -> None:
    genotypes = """
        contig | position | ref | alt | ann | bo
        1      | 10       | A   | G   | 0/1 | ./.
        1      | 20       | A   | G   | 0/1 | 0/1
        1      | 30       | A   | G   | 1/1 | 0/1
        1      | 40       | A   | G   | 0/0 | ./1
    """
    answers(
        "FROM allele_frequency('all', min_ac := 2)",
        genotypes=genotypes,
        expected="""
            position | ac
            20       | 2
            30       | 3
        """,
    )
    answers(
        "FROM allele_frequency('all', min_an := 3)",
        genotypes=genotypes,
        expected="""
            position | an
            20       | 4
            30       | 4
            40       | 3
        """,
    )
    answers(
        "FROM allele_frequency('all', min_ac := 1, min_an := 4)",
        genotypes=genotypes,
        expected="""
            position
            20
            30
        """,
    )


def test_symbolic_alleles_of_one_name_and_place_are_told_apart_by_end_and_length(
    answers: Answers,
) -> None:
    """Real files have two `<DEL>` at one position."""
    answers(
        "FROM allele_frequency('all')",
        genotypes="""
            contig | position | ref | alt   | end_position | sv_length | ann | bo
            1      | 10       | A   | <DEL> | 110          | -100      | 0/1 | 0/0
            1      | 10       | A   | <DEL> | 210          | -200      | 0/1 | 1/1
            1      | 10       | A   | <DEL> | 210          | -         | 0/0 | ./1
            1      | 10       | A   | <DEL> | 310          | -         | ./. | 0/1
        """,
        expected="""
            alt   | end_position | sv_length | ac | an
            <DEL> | 110          | -100      | 1  | 4
            <DEL> | 210          | -200      | 3  | 4
            <DEL> | 210          | -         | 1  | 3
            <DEL> | 310          | -         | 1  | 2
        """,
    )


def test_a_cohort_may_lie_in_several_blocks_of_samples(answers: Answers) -> None:
    """Blocks end after sample numbers 1023 and 2047."""
    answers(
        "FROM allele_frequency('some')",
        samples="""
            sample_id | sample_number | batch
            ann       | 0             | 1
            bo        | 1023          | 1
            cy        | 1024          | 1
            dee       | 2047          | 1
            eve       | 2048          | 1
        """,
        cohorts="""
            cohort | members
            some   | bo cy dee eve
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee | eve
            1      | 10       | A   | G   | 1/1 | 0/1 | 1/1 | ./. | 0/1
            1      | 20       | A   | G   | 1/1 | 0/0 | 0/0 | 0/1 | ./0
        """,
        expected="""
            position | ac | an | homozygotes | heterozygotes
            10       | 4  | 6  | 1           | 2
            20       | 1  | 7  | 0           | 1
        """,
    )


def test_an_unknown_cohort_is_an_error_that_names_the_nearest(refuses: Answers) -> None:
    cohorts = """
        cohort | members
        north  | -
        south  | -
    """
    refuses("FROM allele_frequency('nort')", "'nort'", "nearest is 'north'", cohorts=cohorts)
    refuses("FROM allele_frequency('SOUTH')", "'SOUTH'", "nearest is 'south'", cohorts=cohorts)
    refuses("FROM allele_frequency(NULL)", "no cohort is named NULL", cohorts=cohorts)


def test_words_that_no_rule_bears_are_errors(refuses: Answers) -> None:
    refuses(
        "FROM allele_frequency('all', in_policy := 'adj')", "'raw_blocks' or 'adj@1', not 'adj'"
    )
    refuses("FROM allele_frequency('all', in_policy := NULL)", "not NULL")
    refuses("FROM allele_frequency('all', in_ploidy := 'by sex')", "'as_called' or 'by_sex'")
    refuses("FROM allele_frequency('all', in_ploidy := NULL)", "not NULL")
    refuses("FROM allele_frequency('all', in_filter := 'PASS')", "'any' or 'pass', not 'PASS'")
    refuses("FROM allele_frequency('all', in_filter := NULL)", "not NULL")


def test_whatever_the_caller_filters_on_a_wrong_name_stays_an_error(refuses: Answers) -> None:
    """The lake is empty here, so that no scan of a table is left to raise it."""
    for where in ("contig = '1'", "position < 5 AND alt = 'A'", "ac > 0", "filters = 'PASS'"):
        refuses(f"SELECT ref FROM allele_frequency('al') WHERE {where}", "no cohort")
        refuses(f"SELECT ref FROM allele_frequency('all', '3') WHERE {where}", "names a contig")
