"""carriers, sample_variants, sample_summary: samples of numbers beyond what 16 bits hold."""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

import duckdb

from allelake.warehouse.catalog.whole_rows import WHOLE_CALLS
from specs.conftest import Answers
from specs.small_lake import fill_tables

LAKE = {
    "samples": """
        sample_id | sex | sample_number
        first     | XX  | 0
        last      | XX  | 32767
        beyond    | XX  | 32768
        far       | XX  | 999999
    """,
    "genotypes": """
        contig | position | ref | alt | first | last | beyond | far
        1      | 10       | A   | G   | 0|1   | 1|0  | 1|1    | 0/1
        1      | 20       | A   | C   | 0/0   | 0/1  | ./1    | 1
    """,
}
CALLS = """
    position | sample_number | alt_count | called_count | ploidy | haplotype | is_phased
    10       | 0             | 1         | 2            | 2      | 2         | true
    10       | 32767         | 1         | 2            | 2      | 1         | true
    10       | 32768         | 2         | 2            | 2      | -         | true
    10       | 999999        | 1         | 2            | 2      | -         | false
    20       | 32767         | 1         | 2            | 2      | -         | false
    20       | 32768         | 1         | 1            | 2      | -         | false
    20       | 999999        | 1         | 1            | 1      | -         | false
"""


def test_carriers_of_high_numbers(answers: Answers) -> None:
    answers(
        "FROM carriers()",
        **LAKE,
        expected="""
            position | sample_id | alt_count | called_count | ploidy | haplotype
            10       | first     | 1         | 2            | 2      | 2
            10       | last      | 1         | 2            | 2      | 1
            10       | beyond    | 2         | 2            | 2      | -
            10       | far       | 1         | 2            | 2      | -
            20       | last      | 1         | 2            | 2      | -
            20       | beyond    | 1         | 1            | 2      | -
            20       | far       | 1         | 1            | 1      | -
        """,
    )


def test_one_sample_of_a_high_number(answers: Answers) -> None:
    answers(
        "FROM sample_variants('far')",
        **LAKE,
        expected="""
            position | alt_count | ploidy
            10       | 1         | 2
            20       | 1         | 1
        """,
    )


def test_what_samples_of_high_numbers_carry(answers: Answers) -> None:
    answers(
        "FROM sample_summary('all')",
        **LAKE,
        expected="""
            sample_id | variants | heterozygotes | homozygotes | hemizygotes | half_calls | transitions
            first     | 1        | 1             | 0           | 0           | 0          | 1
            last      | 2        | 2             | 0           | 0           | 0          | 1
            beyond    | 2        | 0             | 1           | 0           | 1          | 1
            far       | 2        | 1             | 0           | 1           | 0          | 1
        """,
    )


def test_the_view_of_calls_tells_them_too(
    answers: Answers, database: duckdb.DuckDBPyConnection
) -> None:
    answers("FROM calls", **LAKE, storages=("common",), expected=CALLS)
    fill_tables(database, "whole", LAKE)
    assert database.execute("SELECT count(*) FROM calls").fetchall() == [(0,)]
    answers(WHOLE_CALLS, **LAKE, storages=("whole",), expected=CALLS)
