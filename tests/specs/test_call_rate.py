"""call_rate: for how many of the people asked was each variant called?"""

from specs.conftest import Answers


def test_half_calls_and_no_calls_are_not_fully_called(answers: Answers) -> None:
    answers(
        "FROM call_rate('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee
            1      | 10       | A   | G   | 0/1 | ./1 | ./0 | ./.
            1      | 20       | A   | G   | 0/0 | 0/0 | 0/0 | 1/1
            1      | 30       | A   | G   | ./. | ./. | ./. | ./.
        """,
        expected="""
            position | samples | fully_called | half_called | missing | unknown_samples | call_rate
            10       | 4       | 1            | 2           | 1       | 0               | 0.25
            20       | 4       | 4            | 0           | 0       | 0               | 1
            30       | 4       | 0            | 0           | 4       | 0               | 0
        """,
    )


def test_variants_with_fewer_copies_are_left_out(answers: Answers) -> None:
    answers(
        "FROM call_rate('all', min_ac := 2)",
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | 0/1 | 0/0 | 0/0
            1      | 20       | A   | G   | 0/1 | 0/1 | ./.
            1      | 30       | A   | G   | 1/1 | 0/1 | 0/0
        """,
        expected="""
            position | samples | fully_called
            20       | 3       | 2
            30       | 3       | 3
        """,
    )


def test_a_haploid_genotype_is_fully_called_with_one_allele(answers: Answers) -> None:
    answers(
        "FROM call_rate('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo | cy | dee | eve
            X      | 500      | A   | G   | 0/1 | 0  | 1  | .   | ./0
        """,
        ploidy="""
            contig | start_position | end_position | haploid
            X      | 101            | 900          | bo cy dee
        """,
        expected="""
            samples | fully_called | half_called | missing | call_rate
            5       | 3            | 1           | 1       | 0.6
        """,
    )


def test_a_haploid_carrier_among_diploid_people_is_fully_called(answers: Answers) -> None:
    answers(
        "FROM call_rate('all')",
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 10       | A   | G   | 1   | ./1
        """,
        expected="""
            fully_called | half_called
            1            | 1
        """,
    )


def test_a_lone_haploid_reference_is_fully_called_where_it_has_a_row(answers: Answers) -> None:
    """In bits alone it cannot be told from `./0`, and then counts as half called."""
    drawn = """
        contig | position | ref | alt | ann | bo
        1      | 10       | A   | G   | 0   | 0/1
    """
    answers(
        "FROM call_rate('all')",
        storages=("rare", "adj_bits"),
        genotypes=drawn,
        expected="""
            fully_called | half_called
            2            | 0
        """,
    )
    answers(
        "FROM call_rate('all')",
        storages=("common",),
        genotypes=drawn,
        expected="""
            fully_called | half_called
            1            | 1
        """,
    )


def test_people_without_a_record_were_not_asked(answers: Answers) -> None:
    """Nor are those of whom reference is assumed: they are neither asked nor unknown."""
    answers(
        "FROM call_rate('all')",
        samples="""
            sample_id | batch
            ann       | 1
            bo        | 2
            cy        | 3
        """,
        batches="""
            batch | absent
            3     | reference
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo | cy
            1      | 10       | A   | G   | 0/1 |    |
        """,
        sites="""
            contig | position | ref | alt | batch | has_genotypes
            1      | 20       | A   | G   | 1     | false
        """,
        expected="""
            position | samples | fully_called | unknown_samples | call_rate
            10       | 1       | 1            | 1               | 1
            20       | 0       | 0            | 2               | -
        """,
    )


def test_policy_ploidy_and_filter_count(answers: Answers) -> None:
    drawn = {
        "samples": """
            sample_id | sex
            ann       | XX
            bo        | XY
            none      | -
        """,
        "genotypes": """
            contig | position | ref | alt | ann             | bo              | none
            X      | 500      | A   | G   | 0/1:99:20:10,10 | ./1:99:20:10,10 | 0/0:99:20:20,0
            X      | 600      | A   | G   | 0/1:9:20:10,10  | 0/1:99:20:10,10 | 0/0:9:20:20,0
        """,
        "sites": """
            contig | position | ref | alt | filters
            X      | 600      | A   | G   | q10
        """,
    }
    answers(
        "FROM call_rate('all', 'X', 'adj@1', 'by_sex')",
        **drawn,
        expected="""
            position | samples | fully_called | half_called | missing | unknown_samples
            500      | 2       | 2            | 0           | 0       | 1
            600      | 2       | 0            | 0           | 2       | 1
        """,
    )
    answers(
        "FROM call_rate('all', in_policy := 'adj@1', in_filter := 'pass')",
        **drawn,
        expected="""
            position | samples | fully_called | half_called | missing | end_position | sv_length
            500      | 3       | 2            | 1           | 0       | 500          | -
        """,
    )


def test_an_unknown_cohort_is_an_error(refuses: Answers) -> None:
    refuses("FROM call_rate('al')", "no cohort is named 'al'")
