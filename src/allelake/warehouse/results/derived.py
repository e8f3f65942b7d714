"""What the views leave out of stored results once people who were in them are gone.

A row about a sample goes with the sample. Where rows count people together, none can be told
without one of them: then the whole result is out of sight.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.tables import Table, load_tables

Row = Mapping[str, Any]

# Why a result of an earlier snapshot is out of sight, or was taken out of the files.
PEOPLE_LEFT = "people it was computed from were withdrawn or replaced"


def result_rows(lake: Path, files: Iterable[StoredFile]) -> list[dict[str, Any]]:
    """The rows of `results` in these files."""
    return [
        row
        for file in files
        if file.table == "results"
        for row in pq.read_table(lake / file.path, partitioning=None).to_pylist()
    ]


def results_with(rows: Iterable[Row], numbers: Collection[int]) -> frozenset[int]:
    """The results that were computed from at least one of these samples."""
    sought = set(numbers)
    return frozenset(row["result"] for row in rows if sought.intersection(row["sample_numbers"]))


def result_of(file: StoredFile | Path) -> int:
    """The result whose rows a derived table's file has: its name begins with the number."""
    path = file if isinstance(file, Path) else Path(file.path)
    return int(path.name.split("-")[0].removeprefix("b"))


def is_derived(file: StoredFile) -> bool:
    """Whether the file is of a table that results are stored in."""
    return load_tables()[file.table].is_derived


def texts_of_results(table: Table) -> dict[str, str]:
    """The columns of a derived table that may hold what somebody wrote: name to SQL type."""
    of_variants = ("contig", "ref", "alt")
    types = table.column_types()
    return {
        name: of
        for name, of in types.items()
        if of in ("VARCHAR", "VARCHAR[]") and name not in of_variants
    }


def stays_in(table: Table, numbers: Sequence[int], hidden: Iterable[int]) -> str:
    """SQL that is true of the rows of a derived table that are told without these samples."""
    gone = ", ".join(map(str, numbers))
    conditions = [
        f"({column} IS NULL OR {column} NOT IN ({gone}))" for column in table.sample_columns if gone
    ]
    results = ", ".join(map(str, sorted(hidden)))
    if table.sums_people and results:
        conditions.append(f"result NOT IN ({results})")
    return " AND ".join(conditions) or "true"
