"""genotype_counts: how many people have which genotype at each variant?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from specs.conftest import Answers

KINDS = [
    "0/0",
    "0/1",
    "1/1",
    "0/2",
    "1/2",
    "2/2",
    "0/3",
    "1/3",
    "3/3",
    "./.",
    "./0",
    "./1",
    "0",
    "1",
    "2",
    "3",
    ".",
    "0|1",
    "1|0",
]


def test_everybody_is_counted_once(answers: Answers) -> None:
    """All 19 kinds of genotype, as seen by the first alternate allele and by the second; 3 is `*`.

    One more person, of a batch without a record, is unknown.
    """
    names = [f"s{number}" for number in range(len(KINDS))]
    answers(
        "FROM genotype_counts('all')",
        samples="\n".join(["sample_id | batch", *(f"{name} | 1" for name in names), "other | 2"]),
        genotypes="\n".join(
            [
                " | ".join(["contig", "position", "ref", "alt", *names, "other"]),
                " | ".join(["1", "10", "A", "G,T,*", *KINDS, ""]),
            ]
        ),
        # G: 5 without a copy are 0/0 0/2 2/2 0/3 3/3, and 4 single ./0 0 2 3.
        # T: 8 without a copy are 0/0 0/1 1/1 0/3 1/3 3/3 0|1 1|0, and 5 single ./0 ./1 0 1 3.
        expected="""
            alt | homozygous_reference | heterozygotes | homozygotes | hemizygotes | half_calls | single_reference | missing | unknown_samples
            G   | 5                    | 5             | 1           | 1           | 1          | 4                | 2       | 1
            T   | 8                    | 2             | 1           | 1           | 0          | 5                | 2       | 1
        """,
    )


def test_haploid_reference_is_a_single_reference_allele(answers: Answers) -> None:
    answers(
        "FROM genotype_counts('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo | cy | dee
            X      | 500      | A   | G   | 0/1 | 0  | 1  | 0/0
        """,
        ploidy="""
            contig | start_position | end_position | haploid
            X      | 101            | 900          | bo cy
        """,
        expected="""
            homozygous_reference | heterozygotes | homozygotes | hemizygotes | half_calls | single_reference | missing
            1                    | 1             | 0           | 1           | 0          | 1                | 0
        """,
    )


def test_by_sex_xy_outside_par_are_single_and_xx_on_y_missing(answers: Answers) -> None:
    drawn = {
        "samples": """
            sample_id | sex
            ann       | XX
            bo        | XY
            cy        | XY
            dee       | XY
            none      | -
        """,
        "genotypes": """
            contig | position | ref | alt | ann | bo  | cy  | dee | none
            X      | 500      | A   | G   | 0/1 | 1/1 | 0/1 | 0/0 | 0/1
            Y      | 500      | A   | G   | 0/1 | 1/1 | 0/1 | 0/0 | 0/1
        """,
    }
    answers(
        "FROM genotype_counts('all', in_ploidy := 'by_sex')",
        **drawn,
        expected="""
            contig | homozygous_reference | heterozygotes | homozygotes | hemizygotes | single_reference | missing | unknown_samples
            X      | 0                    | 1             | 0           | 1           | 1                | 1       | 1
            Y      | 0                    | 0             | 0           | 1           | 1                | 2       | 1
        """,
    )


def test_what_the_policy_fails_is_missing(answers: Answers) -> None:
    answers(
        "FROM genotype_counts('all', in_policy := 'adj@1')",
        genotypes="""
            contig | position | ref | alt | ann            | bo              | cy             | dee
            1      | 10       | A   | G   | 0/0:99:20:20,0 | 0/1:99:20:10,10 | 0/0:1:20:20,0  | 1/1:99:1:0,1
        """,
        expected="""
            homozygous_reference | heterozygotes | homozygotes | missing
            1                    | 1             | 0           | 2
        """,
    )


def test_assumed_references_are_references(answers: Answers) -> None:
    """Two, one or no allele by zone and sex, as `an_assumed` has them."""
    answers(
        "FROM genotype_counts('all')",
        samples="""
            sample_id | sex | batch
            ann       | XX  | 1
            bo        | XY  | 1
            none      | -   | 1
            other     | XY  | 2
        """,
        batches="""
            batch | absent
            1     | reference
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo | none | other
            1      | 10       | A   | G   |     |    |      | 0/1
            X      | 500      | A   | G   |     |    |      | 1/1
            Y      | 500      | A   | G   |     |    |      | ./.
            MT     | 10       | A   | G   |     |    |      | 1
        """,
        expected="""
            contig | homozygous_reference | heterozygotes | homozygotes | hemizygotes | single_reference | missing | unknown_samples
            1      | 3                    | 1             | 0           | 0           | 0                | 0       | 0
            X      | 1                    | 0             | 1           | 0           | 1                | 0       | 1
            Y      | 0                    | 0             | 0           | 0           | 1                | 2       | 1
            MT     | 0                    | 0             | 0           | 1           | 3                | 0       | 0
        """,
    )


def test_failed_records_are_left_out(answers: Answers) -> None:
    answers(
        "FROM genotype_counts('all', in_filter := 'pass')",
        samples="""
            sample_id | batch
            ann       | 1
            bo        | 2
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 10       | A   | G   | 0/1 | 0/0
            1      | 20       | A   | G   | 0/1 | 0/0
        """,
        sites="""
            contig | position | ref | alt | batch | filters
            1      | 10       | A   | G   | 1     | q10
            1      | 20       | A   | G   | 1     | q10
            1      | 20       | A   | G   | 2     | q10
        """,
        expected="""
            position | homozygous_reference | heterozygotes | missing | unknown_samples | end_position | sv_length
            10       | 1                    | 0             | 0       | 1               | 10           | -
        """,
    )


def test_an_unknown_cohort_is_an_error(refuses: Answers) -> None:
    refuses("FROM genotype_counts('al')", "no cohort is named 'al'")
