"""sample_variants: which alternate alleles does one sample carry?"""

from specs.conftest import Answers

GENOTYPES = """
    contig | position | ref | alt | ann             | bo
    1      | 10       | A   | G   | 0/1:99:20:10,10 | 1/1:99:20:0,20
    1      | 20       | A   | G   | 1/1:9:20:0,20   | 0/0:99:20:20,0
    1      | 30       | A   | G   | ./.:.:.:.       | 0/1:99:20:10,10
    X      | 500      | A   | G   | 1/1:99:20:0,20  | 0/0:99:20:20,0
"""
SAMPLES = """
    sample_id | sex
    ann       | XY
    bo        | XX
"""


def test_what_one_sample_carries(answers: Answers) -> None:
    answers(
        "FROM sample_variants('ann')",
        samples=SAMPLES,
        genotypes=GENOTYPES,
        expected="""
            contig | position | sample_id | alt_count | called_count | gq
            1      | 10       | ann       | 1         | 2            | 99
            1      | 20       | ann       | 2         | 2            | 9
            X      | 500      | ann       | 2         | 2            | 99
        """,
    )


def test_region_policy_ploidy_and_filter_as_for_carriers(answers: Answers) -> None:
    answers(
        "FROM sample_variants('ann', ['1', 'X'], 'adj@1', 'by_sex', 'pass')",
        samples=SAMPLES,
        genotypes=GENOTYPES,
        expected="""
            contig | position | alt_count
            1      | 10       | 1
            X      | 500      | 1
        """,
    )
    answers(
        "FROM sample_variants('ann', '1', in_filter := 'pass')",
        samples=SAMPLES,
        genotypes=GENOTYPES,
        sites="""
            contig | position | ref | alt | filters
            1      | 20       | A   | G   | q10
        """,
        expected="""
            contig | position
            1      | 10
        """,
    )


def test_a_sample_that_carries_nothing_gives_no_rows(answers: Answers) -> None:
    answers(
        "FROM sample_variants('bo', 'X')",
        samples=SAMPLES,
        genotypes=GENOTYPES,
        expected="contig | position",
    )


def test_an_unknown_sample_is_an_error_that_gives_no_other_name(refuses: Answers) -> None:
    """The names of samples are not for error messages."""
    refuses("FROM sample_variants('an')", "no sample is named 'an'", genotypes=GENOTYPES)
    refuses("FROM sample_variants(NULL)", "no sample is named NULL", genotypes=GENOTYPES)
    refuses("SELECT gq FROM sample_variants('an') WHERE gq > 5 AND sample_id = 'an'", "no sample")
    refuses("FROM sample_variants('ann', '3')", "names a contig", genotypes=GENOTYPES)
