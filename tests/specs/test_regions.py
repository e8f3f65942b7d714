"""in_region: which variants does a question look at?"""

from specs.conftest import Answers

GENOTYPES = """
    contig            | position | ref | alt | ann
    1                 | 1        | A   | G   | 0/1
    1                 | 16383    | A   | G   | 0/1
    1                 | 16384    | A   | G   | 0/1
    1                 | 16390    | ACG | A   | 0/1
    1                 | 50000    | A   | G   | 0/1
    22                | 16384    | A   | G   | 0/1
    HLA-A*01:01:01:01 | 5        | A   | G   | 0/1
"""


def asks(answers: Answers, region: str, expected: str) -> None:
    """The same variants through each question that takes regions."""
    for query in (
        f"allele_frequency('all', {region})",
        f"genotype_counts('all', {region})",
        f"carriers({region})",
        f"variants_in({region})",
        f"allele_frequency_by('all', 'sex', {region})",
    ):
        answers(f"FROM {query}", genotypes=GENOTYPES, expected=expected, storages=("common",))


def test_no_region_is_everything(answers: Answers) -> None:
    everything = """
        contig            | position
        1                 | 1
        1                 | 16383
        1                 | 16384
        1                 | 16390
        1                 | 50000
        22                | 16384
        HLA-A*01:01:01:01 | 5
    """
    # A plain NULL is known when the question is planned, these only when it is asked.
    for region in ("NULL", "NULL::VARCHAR", "(SELECT NULL::VARCHAR)"):
        asks(answers, region, everything)


def test_a_contig_by_any_of_its_names(answers: Answers) -> None:
    for name in ("22", "chr22", "NC_000022.11"):
        asks(
            answers,
            f"'{name}'",
            """
                contig | position
                22     | 16384
            """,
        )


def test_both_ends_belong_to_a_region(answers: Answers) -> None:
    """Variants belong by `position`; 16,384 begins a bin."""
    asks(
        answers,
        "'NC_000001.11:16,383-16_384'",
        """
            contig | position
            1      | 16383
            1      | 16384
        """,
    )
    asks(
        answers,
        "'1:16384-16389'",
        """
            contig | position
            1      | 16384
        """,
    )
    # The deletion at 16390 takes bases 16391 and 16392 away, and belongs to neither.
    asks(answers, "'1:16391-16392'", "contig | position")


def test_a_single_position_is_one_base(answers: Answers) -> None:
    asks(
        answers,
        "'1:16390'",
        """
            contig | position
            1      | 16390
        """,
    )


def test_an_open_region_goes_to_the_end_of_the_contig(answers: Answers) -> None:
    asks(
        answers,
        "'chr1:16390-'",
        """
            contig | position
            1      | 16390
            1      | 50000
        """,
    )
    asks(
        answers,
        "'1:50000-50000'",
        """
            contig | position
            1      | 50000
        """,
    )


def test_a_contig_with_colons_is_a_contig_first(answers: Answers) -> None:
    expected = """
        contig            | position
        HLA-A*01:01:01:01 | 5
    """
    asks(answers, "'HLA-A*01:01:01:01'", expected)
    asks(answers, "'HLA-A*01:01:01:01:5-6'", expected)
    asks(answers, "'HLA-A*01:01:01:01:6'", "contig | position")


def test_regions_of_a_list_may_overlap_and_no_variant_comes_twice(answers: Answers) -> None:
    asks(
        answers,
        "['1:1-16384', 'chr1:16384-16384', '1:5-20', '1:16384-20000', '22']",
        """
            contig | position
            1      | 1
            1      | 16383
            1      | 16384
            1      | 16390
            22     | 16384
        """,
    )
    asks(
        answers,
        "['1', '1']",
        """
            contig | position
            1      | 1
            1      | 16383
            1      | 16384
            1      | 16390
            1      | 50000
        """,
    )


def test_a_subquery_may_give_the_regions(answers: Answers) -> None:
    asks(
        answers,
        "(SELECT list('1:' || position) FROM range(16383, 16385) AS bases(position))",
        """
            contig | position
            1      | 16383
            1      | 16384
        """,
    )


def test_what_is_no_region_is_an_error_that_says_why(refuses: Answers) -> None:
    for region, says in (
        ("'3'", "names a contig that this lake has not; the nearest is 1"),
        ("'cr22:1-5'", "the nearest is chr22"),
        ("'1:0'", "starts before position 1"),
        ("'1:0-5'", "starts before position 1"),
        ("'1:6-5'", "ends before it starts"),
        ("'1:50001'", "goes beyond the end of 1 at 50000"),
        ("'1:49999-50001'", "goes beyond the end of 1 at 50000"),
        ("'1:60000-50001'", "goes beyond the end of 1 at 50000"),
        ("'1:5-,'", "positions that are no numbers"),
        ("'1:99999999999999999999'", "positions that are no numbers"),
        ("'1:'", "'1:' names a contig that this lake has not"),
        ("'1:a-b'", "'1:a-b' names a contig that this lake has not"),
        ("''", "'' names a contig that this lake has not"),
        ("[]", "the list of regions is empty"),
        ("['1', NULL]", "region NULL in a list is no region"),
        ("['1', '1:6-5']", "'1:6-5' ends before it starts"),
    ):
        for query in (
            f"allele_frequency('all', {region})",
            f"carriers({region})",
            f"variants_in({region})",
        ):
            refuses(f"FROM {query}", says, genotypes=GENOTYPES)
        refuses(f"FROM allele_frequency('all', {region})", says)
