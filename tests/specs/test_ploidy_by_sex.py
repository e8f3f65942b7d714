"""in_ploidy := 'by_sex': how do genotypes count where the number of copies depends on sex?

In these lakes X has PAR from 1 to 100 and from 901 to 1000, Y from 1 to 100.
"""

from specs.conftest import Answers

PEOPLE = """
    sample_id | sex
    xx        | XX
    xy        | XY
    none      | -
"""
BY_SEX = "FROM allele_frequency('all', in_ploidy := 'by_sex')"


def test_outside_par_an_xy_homozygote_is_one_copy(answers: Answers) -> None:
    """`1/1` and `1` alike; `0/0` and `0` are one reference allele."""
    answers(
        BY_SEX,
        samples="""
            sample_id | sex
            ann       | XY
            bo        | XY
            cy        | XY
            dee       | XY
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo | cy  | dee
            X      | 500      | A   | G   | 1/1 | 1  | 0/0 | 0
        """,
        ploidy="""
            contig | start_position | end_position | haploid
            X      | 101            | 900          | bo dee
        """,
        expected="""
            ac | an | homozygotes | heterozygotes | hemizygotes | half_calls
            2  | 4  | 0           | 0             | 2           | 0
        """,
    )


def test_outside_par_an_xy_heterozygote_is_missing(answers: Answers) -> None:
    """Which of the two alleles is there cannot be told; the person is known, and has no allele."""
    answers(
        BY_SEX,
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | xx  | xy  | none
            X      | 500      | A   | G   | 0/1 | 0/1 | 0/1
        """,
        expected="""
            ac | an | heterozygotes | hemizygotes | unknown_samples
            1  | 2  | 1             | 0           | 1
        """,
    )


def test_outside_par_half_calls_of_xy_count_their_allele_as_the_only_one(answers: Answers) -> None:
    answers(
        BY_SEX,
        samples="""
            sample_id | sex
            ann       | XY
            bo        | XY
            cy        | XY
            dee       | XX
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee
            X      | 500      | A   | G   | ./1 | 0/. | ./. | ./1
        """,
        expected="""
            ac | an | hemizygotes | half_calls
            2  | 3  | 1           | 1
        """,
    )


def test_another_alternate_allele_of_an_xy_is_a_called_allele(answers: Answers) -> None:
    """`2/2` and `0/2` are one allele that is not this one; `1/2` is heterozygous, so missing."""
    answers(
        BY_SEX,
        samples="""
            sample_id | sex
            ann       | XY
            bo        | XY
            cy        | XY
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            X      | 500      | A   | G,T | 2/2 | 0/0 | 1/2
        """,
        expected="""
            alt | ac | an
            G   | 0  | 2
            T   | 1  | 2
        """,
    )


def test_par_of_x_counts_as_called_for_everybody(answers: Answers) -> None:
    """Its first and last bases belong to it; the bases beside them do not."""
    answers(
        BY_SEX,
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | xx  | xy  | none
            X      | 1        | A   | G   | 0/1 | 0/1 | 1/1
            X      | 100      | A   | G   | 0/1 | 0/1 | 1/1
            X      | 101      | A   | G   | 0/1 | 0/1 | 1/1
            X      | 900      | A   | G   | 0/1 | 0/1 | 1/1
            X      | 901      | A   | G   | 0/1 | 0/1 | 1/1
            X      | 1000     | A   | G   | 0/1 | 0/1 | 1/1
        """,
        expected="""
            position | ac | an | unknown_samples
            1        | 4  | 6  | 0
            100      | 4  | 6  | 0
            101      | 1  | 2  | 1
            900      | 1  | 2  | 1
            901      | 4  | 6  | 0
            1000     | 4  | 6  | 0
        """,
    )


def test_y_is_missing_for_xx_and_one_allele_for_xy(answers: Answers) -> None:
    """XX are known to have none, so they are not unknown. In PAR XY counts as called."""
    answers(
        BY_SEX,
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | xx  | xy  | none
            Y      | 100      | A   | G   | 0/1 | 0/1 | 1/1
            Y      | 101      | A   | G   | 1/1 | 1/1 | 1/1
            Y      | 102      | A   | G   | 0/0 | 0/1 | 0/0
            Y      | 103      | A   | G   | 0/0 | 0/0 | 0/0
        """,
        expected="""
            position | ac | an | heterozygotes | hemizygotes | unknown_samples
            100      | 1  | 2  | 1             | 0           | 1
            101      | 1  | 1  | 0             | 1           | 1
            102      | 0  | 0  | 0             | 0           | 1
            103      | 0  | 1  | 0             | 0           | 1
        """,
    )


def test_mitochondria_and_autosomes_count_as_called(answers: Answers) -> None:
    answers(
        BY_SEX,
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | xx  | xy  | none
            MT     | 10       | A   | G   | 0/1 | 1   | 0/1
            1      | 10       | A   | G   | 0/1 | 1/1 | ./.
        """,
        expected="""
            contig | ac | an | unknown_samples
            MT     | 3  | 5  | 0
            1      | 3  | 4  | 0
        """,
    )


def test_as_called_sex_is_not_looked_at(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all')",
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | xx  | xy  | none
            X      | 500      | A   | G   | 0/1 | 0/1 | 1/1
            Y      | 500      | A   | G   | 0/1 | 1/1 | ./1
        """,
        expected="""
            contig | ac | an | homozygotes | heterozygotes | half_calls | unknown_samples
            X      | 4  | 6  | 1           | 2             | 0          | 0
            Y      | 4  | 5  | 1           | 1             | 1          | 0
        """,
    )


def test_a_variant_lies_where_its_position_lies(answers: Answers) -> None:
    """The deletion begins in PAR and reaches beyond it: as called."""
    answers(
        BY_SEX,
        samples=PEOPLE,
        genotypes="""
            contig | position | ref  | alt | xx  | xy  | none
            X      | 99       | AAAA | A   | 0/1 | 0/1 | 0/1
        """,
        expected="""
            ac | an
            3  | 6
        """,
    )
