"""--absent reference: what is assumed of a batch at variants of which it has no record?"""

from specs.conftest import Answers

PEOPLE = """
    sample_id | sex | batch
    xx        | XX  | 1
    xy        | XY  | 1
    none      | -   | 1
    other     | XX  | 2
"""
BATCHES = """
    batch | absent    | contigs
    1     | reference | 1 X Y MT
    2     | unknown   | 1 22 X Y MT
"""
GENOTYPES = """
    contig | position | ref | alt | xx  | xy  | none | other
    1      | 10       | A   | G   |     |     |      | 0/1
    1      | 20       | A   | G   | 0/1 | ./. | 0/0  | 0/1
    22     | 10       | A   | G   |     |     |      | 0/1
    X      | 50       | A   | G   |     |     |      | 0/1
    X      | 500      | A   | G   |     |     |      | 0/1
    Y      | 50       | A   | G   |     |     |      | ./.
    Y      | 500      | A   | G   |     |     |      | ./.
    MT     | 10       | A   | G   |     |     |      | 1
"""


def test_reference_alleles_are_assumed_by_zone_and_sex(answers: Answers) -> None:
    """Two each on autosomes and in PAR of X; by sex elsewhere; one on MT. Nothing on contig 22."""
    answers(
        "FROM allele_frequency('all')",
        samples=PEOPLE,
        batches=BATCHES,
        genotypes=GENOTYPES,
        # X outside PAR: 2 + 1, the third unknown. Y: 0 + 1; in PAR 0 + 2.
        expected="""
            contig | position | ac | an | an_record | an_assumed | unknown_samples | heterozygotes
            1      | 10       | 1  | 8  | 2         | 6          | 0               | 1
            1      | 20       | 2  | 6  | 6         | 0          | 0               | 2
            22     | 10       | 1  | 2  | 2         | 0          | 3               | 1
            X      | 50       | 1  | 8  | 2         | 6          | 0               | 1
            X      | 500      | 1  | 5  | 2         | 3          | 1               | 1
            Y      | 50       | 0  | 2  | 0         | 2          | 1               | 0
            Y      | 500      | 0  | 1  | 0         | 1          | 1               | 0
            MT     | 10       | 1  | 4  | 1         | 3          | 0               | 0
        """,
    )


def test_by_sex_assumes_the_same(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all', ['X:500', 'Y:500'], in_ploidy := 'by_sex')",
        samples=PEOPLE,
        batches=BATCHES,
        genotypes=GENOTYPES,
        expected="""
            contig | ac | an | an_record | an_assumed | unknown_samples
            X      | 1  | 5  | 2         | 3          | 1
            Y      | 0  | 1  | 0         | 1          | 1
        """,
    )


def test_only_members_of_the_cohort_are_assumed(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('some', '1:10')",
        samples=PEOPLE,
        batches=BATCHES,
        genotypes=GENOTYPES,
        cohorts="""
            cohort | members
            some   | xy other
        """,
        expected="""
            ac | an | an_record | an_assumed | unknown_samples
            1  | 4  | 2         | 2          | 0
        """,
    )


def test_nothing_is_assumed_under_adj(answers: Answers) -> None:
    """No reads stand behind an assumption: such samples are unknown."""
    answers(
        "FROM allele_frequency('all', '1', in_policy := 'adj@1')",
        samples="""
            sample_id | batch
            ann       | 1
            bo        | 2
        """,
        batches="""
            batch | absent    | has_adj
            1     | reference | true
            2     | unknown   | true
        """,
        genotypes="""
            contig | position | ref | alt | ann            | bo
            1      | 10       | A   | G   |                | 0/1:99:20:10,10
            1      | 20       | A   | G   | 0/0:99:20:20,0 | 0/1:99:20:10,10
        """,
        expected="""
            position | ac | an | an_assumed | unknown_samples
            10       | 1  | 2  | 0          | 1
            20       | 1  | 4  | 0          | 0
        """,
    )


def test_a_record_that_failed_or_has_no_genotypes_is_no_absence(answers: Answers) -> None:
    """Something was seen there: the samples are unknown, not assumed to be reference."""
    drawn = {
        "samples": """
            sample_id | batch
            ann       | 1
            bo        | 2
        """,
        "batches": """
            batch | absent
            1     | reference
            2     | unknown
        """,
        "genotypes": """
            contig | position | ref | alt | ann | bo
            1      | 10       | A   | G   | 0/1 | 0/1
            1      | 20       | A   | G   |     | 0/1
            1      | 30       | A   | G   |     | 0/1
        """,
        "sites": """
            contig | position | ref | alt | batch | filters | has_genotypes
            1      | 10       | A   | G   | 1     | q10     | true
            1      | 20       | A   | G   | 1     | PASS    | false
        """,
    }
    answers(
        "FROM allele_frequency('all', in_filter := 'pass')",
        **drawn,
        expected="""
            position | ac | an | an_assumed | unknown_samples
            10       | 1  | 2  | 0          | 1
            20       | 1  | 2  | 0          | 1
            30       | 1  | 4  | 2          | 0
        """,
    )


def test_several_such_batches_add_up(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all')",
        samples="""
            sample_id | batch
            ann       | 1
            bo        | 2
            cy        | 3
        """,
        batches="""
            batch | absent
            1     | reference
            2     | reference
            3     | unknown
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            1      | 10       | A   | G   | 0/1 |     |
            1      | 20       | A   | G   |     |     | 0/1
            1      | 30       | A   | G   | ./. | 0/1 | 0/1
        """,
        expected="""
            position | ac | an | an_record | an_assumed | unknown_samples
            10       | 1  | 4  | 2         | 2          | 1
            20       | 1  | 6  | 2         | 4          | 0
            30       | 2  | 4  | 4         | 0          | 0
        """,
    )
