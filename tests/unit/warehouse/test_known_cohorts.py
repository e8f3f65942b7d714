"""is_known_cohort(): a name that it knows is in the table; any other is looked up there."""

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from allelake.warehouse.catalog.known_cohorts import known_cohorts, no_known_cohort
from allelake.warehouse.snapshots import StoredFile

NAMES = ("all", "it's", 'a "b" c', "two\nlines", "雪", "{x}")


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        *((name, name != "two\nlines") for name in NAMES),
        *((name, False) for name in (None, "", "al", "All", "all\n", "all\n\nit's", "lines")),
    ],
)
def test_names_of_one_line_are_known_and_nothing_else(tmp_path, name, is_known) -> None:
    pq.write_table(pa.table({"cohort": NAMES}), tmp_path / "cohorts.parquet")
    files = [
        StoredFile(table, None, None, path, 1, 1, "", None, None)
        for table, path in (("cohorts", "cohorts.parquet"), ("batches", "none.parquet"))
    ]
    with duckdb.connect() as connection:
        connection.execute(known_cohorts(tmp_path, files))
        asked = "SELECT is_known_cohort($1::VARCHAR)"
        assert connection.execute(asked, [name]).fetchall() == [(is_known,)]


def test_a_database_that_is_no_lake_knows_none() -> None:
    with duckdb.connect() as connection:
        connection.execute(no_known_cohort())
        assert connection.execute("SELECT is_known_cohort('all')").fetchall() == [(False,)]
