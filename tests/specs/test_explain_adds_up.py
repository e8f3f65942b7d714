"""explain_an, explain_samples: what they explain is what allele_frequency counts, on any lake."""

import itertools

import duckdb
import pytest

from specs.every_lake import drawn_lakes
from specs.genotypes import STORAGES
from specs.small_lake import fill_tables

KEY = "contig, position, ref, alt, end_position, sv_length"
PARTS = ("record", "block", "assumed")
POLICIES = ("raw", "raw_blocks", "adj@1")
TERMS = list(itertools.product(POLICIES, ("as_called", "by_sex"), ("any", "pass")))
LAKES = list(drawn_lakes())


def counted_twice(
    database: duckdb.DuckDBPyConnection, policy: str, ploidy: str, filter: str
) -> None:
    """What allele_frequency counts, and what the explanations add up to, must be the same."""
    terms = f"'all', '{policy}', '{ploidy}', '{filter}'"
    sums = ", ".join(
        f"coalesce(sum(alleles) FILTER (part = '{part}'), 0)::BIGINT" for part in PARTS
    )
    explained = database.execute(
        f"SELECT {KEY}, sum(copies)::BIGINT, sum(alleles)::BIGINT, {sums}, "
        f"count(*) FILTER (part = 'none') FROM explained(NULL, {terms}) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    columns = ", ".join(f"an_{part}" for part in PARTS)
    counted = database.execute(
        f"SELECT {KEY}, ac, an, {columns}, unknown_samples FROM allele_frequency("
        f"'all', NULL, '{policy}', '{ploidy}', '{filter}') ORDER BY ALL"
    ).fetchall()
    # Variants without a passing record are left out of a frequency, and explained all the same.
    asked = {row[:6] for row in counted}
    assert [row for row in explained if row[:6] in asked] == counted


def agree(database: duckdb.DuckDBPyConnection, terms: list[tuple[str, str, str]]) -> None:
    ((batches, people),) = database.execute(
        "SELECT (SELECT count(*) FROM batches WHERE has_adj), (SELECT count(*) FROM samples)"
    ).fetchall()
    for policy, ploidy, filter in terms:
        # Where no batch has its fields adj@1 is refused.
        if people and (policy != "adj@1" or batches):
            counted_twice(database, policy, ploidy, filter)


@pytest.mark.parametrize("number", range(0, len(LAKES), 3), ids=[w for w, _ in LAKES[::3]])
def test_what_is_explained_adds_up_to_what_is_counted(
    database: duckdb.DuckDBPyConnection, number: int
) -> None:
    """Of every third lake of the specs, stored one way and asked by one of all terms."""
    _, lake = LAKES[number]
    nth = number // 3
    fill_tables(database, STORAGES[nth % 3], lake)
    # Three ways and twelve terms: each way meets every term, by one more after each round.
    agree(database, [TERMS[(nth + nth // len(TERMS)) % len(TERMS)]])


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(LAKES)), ids=[where for where, _ in LAKES])
def test_it_adds_up_however_a_lake_is_stored_and_asked(
    database: duckdb.DuckDBPyConnection, number: int
) -> None:
    _, lake = LAKES[number]
    for storage in STORAGES:
        fill_tables(database, storage, lake)
        agree(database, TERMS)
