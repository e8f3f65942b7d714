"""A folder that looks like a lake to a reader: one Parquet file, a catalog, no warehouse code.

toy_lake   the folder: view sites(contig, position, alt_count), macros carriers_of and doubled
toy        a restricted connection to it
"""

import pathlib
from collections.abc import Iterator

import duckdb
import pytest

from allelake.queries.connect import open_lake, restrict


def write_catalog(root: pathlib.Path, snapshot: int) -> None:
    staged = root / "staged.duckdb"
    with duckdb.connect(":memory:") as made:
        made.execute(f"SET file_search_path = '{root}'")
        made.execute(f"ATTACH '{staged}' AS made (STORAGE_VERSION 'v1.2.0')")
        made.execute("USE made")
        made.execute(
            "CREATE VIEW sites AS SELECT *, "
            f"{snapshot} AS snapshot FROM read_parquet(['data/sites.parquet'])"
        )
        made.execute(f"CREATE VIEW lake_info AS SELECT {snapshot} AS snapshot")
        made.execute("CREATE MACRO doubled(x) AS 2 * x")
        made.execute(
            "CREATE MACRO carriers_of(in_contig, min_count := 1) AS TABLE "
            "SELECT * FROM sites WHERE contig = in_contig AND alt_count >= min_count"
        )
        made.execute("USE memory")
        made.execute("DETACH made")
    staged.replace(root / "catalog.duckdb")


@pytest.fixture(scope="session")
def toy_lake(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    root = tmp_path_factory.mktemp("toy") / "it's a lake"
    (root / "data").mkdir(parents=True)
    with duckdb.connect(":memory:") as made:
        for name in ("sites", "secret"):
            path = str(root / "data" / f"{name}.parquet").replace("'", "''")
            made.execute(
                "COPY (SELECT 'chr' || (1 + range // 10) AS contig, range AS position, "
                f"range % 3 AS alt_count FROM range(20)) TO '{path}' (FORMAT parquet)"
            )
    # The fixture's own SQL cannot hold the quote in the folder's name: make it through a link.
    link = tmp_path_factory.mktemp("linked") / "lake"
    link.symlink_to(root)
    write_catalog(link, 1)
    return root


@pytest.fixture(scope="session")
def toy(toy_lake: pathlib.Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_lake(toy_lake)
    restrict(connection, toy_lake, ["data/sites.parquet"])
    yield connection
    connection.close()
