"""Fixtures of the specs: one file per question, drawn tables in, drawn tables out.

answers   ask a small lake drawn in text; the answer must be the drawn one, however the genotypes
          are stored
refuses   ask it; the answer must be an error that says this
asked     ask it; the answer as rows, for what no drawn table says
"""

from collections.abc import Callable, Iterator

import duckdb
import pytest

from allelake.warehouse.catalog.macros import load_macros
from specs.drawn import drawn_cells, table_of, written
from specs.genotypes import STORAGES, Storage
from specs.small_lake import create_tables, fill_tables

Answers = Callable[..., None]


@pytest.fixture(scope="session")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of a lake, empty, and every shipped macro."""
    with duckdb.connect(config={"threads": 1}) as connection:
        create_tables(connection)
        for macro in load_macros():
            connection.execute(macro.sql)
        yield connection


@pytest.fixture
def answers(database: duckdb.DuckDBPyConnection) -> Answers:
    """Compare the columns that `expected` names, in any order of rows."""

    def answers(
        query: str, *, expected: str, storages: tuple[Storage, ...] = STORAGES, **drawn: str
    ) -> None:
        names, *wanted = drawn_cells(expected)
        columns = ", ".join(f'"{name}"' for name in names)
        for storage in storages:
            fill_tables(database, storage, drawn)
            found = database.execute(f"SELECT {columns} FROM ({query})").fetchall()
            rows = [[written(value) for value in row] for row in found]
            assert table_of(names, rows) == table_of(names, wanted), f"stored as {storage}"

    return answers


@pytest.fixture
def refuses(database: duckdb.DuckDBPyConnection) -> Answers:
    """The message holds every one of these texts."""

    def refuses(query: str, *says: str, **drawn: str) -> None:
        fill_tables(database, "rare", drawn)
        with pytest.raises(duckdb.InvalidInputException) as error:
            database.execute(query).fetchall()
        for text in says:
            assert text in str(error.value)

    return refuses


@pytest.fixture
def asked(database: duckdb.DuckDBPyConnection) -> Callable[..., list[dict[str, object]]]:
    def asked(query: str, *, storage: Storage = "rare", **drawn: str) -> list[dict[str, object]]:
        fill_tables(database, storage, drawn)
        answer = database.execute(query)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    return asked
