"""One file of a lake written again without the people who were removed."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Self

import duckdb

from allelake.warehouse.catalog.views import further_types, table_select
from allelake.warehouse.connection import connect_beside, duckdb_failure
from allelake.warehouse.parquet import ROW_GROUP_ROWS, TableWriter
from allelake.warehouse.quoting import sql_identifier, sql_literal
from allelake.warehouse.results.derived import stays_in
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.tables import load_tables
from allelake.warehouse.withdrawal.masks import (
    COUNT_PLANES,
    PLANES,
    kept_bits,
    masked,
    masked_sites,
)
from allelake.warehouse.withdrawal.names import GoneNames
from allelake.warehouse.withdrawal.names_in_files import (
    free_texts,
    has_names,
    without_names_in_texts,
)
from allelake.warehouse.withdrawal.removed import Removed

_MEMORY_LIMIT = "400MB"
_OF_ONE_SAMPLE = ("calls", "callable", "sample_counts")


class FileRewriter:
    """Rewrites the data files of any snapshot; `files` are those of all of them.

    A variant of a per-sample batch goes if no sample that stays has a call there in any of them.
    `names` are taken out of whatever texts hold them, in batches they were never in too.
    """

    def __init__(
        self,
        lake: Path,
        folder: Path,
        files: Sequence[StoredFile],
        removed: Removed,
        names: GoneNames | None = None,
    ) -> None:
        self._lake, self._folder, self._removed = lake, folder, removed
        self._names = names or GoneNames(())
        self._settings: dict[str, str | int | bool] = {
            "memory_limit": _MEMORY_LIMIT,
            "temp_directory": str(folder / "sort"),
        }
        rare = [file for file in files if file.table == "calls" and file.tier == "rare"]
        select = table_select(load_tables()["calls"], rare)
        self._calls = masked("calls", select, further_types(rare), removed) if rare else select
        # One for all files that are asked: opening it costs more than most of them do.
        self._stack = ExitStack()
        self._asking: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()
        self._asking = None

    def is_touched(self, file: StoredFile) -> bool:
        """Whether the file says anything of the people who were removed."""
        own = table_select(load_tables()[file.table], [file])
        condition = _touches(file.table, self._removed)
        if condition == "false" and not (self._names and free_texts(file)):
            return False
        try:
            if self._asking is None:
                beside = connect_beside(self._lake, self._settings)
                self._asking = self._stack.enter_context(beside)
            if condition != "false":
                found = self._asking.execute(f"SELECT 1 FROM ({own}) WHERE {condition} LIMIT 1")
                if found.fetchall():
                    return True
            return has_names(self._asking, own, file, self._names)
        except duckdb.Error as error:
            raise duckdb_failure(error, "looking for rows to purge in", Path(file.path)) from error

    def rewrite(self, file: StoredFile, part: int) -> StagedFile | None:
        """The file in staging without them; None if nothing is left of it."""
        table = load_tables()[file.table]
        select = table_select(table, [file])
        make = masked_sites if file.table == "sites" else partial(masked, file.table)
        own = make(select, file.further_columns, self._removed)
        if file.table == "bits":
            # A row without a plane that counts says what no row says.
            own = f"SELECT * FROM ({own}) WHERE coalesce({', '.join(COUNT_PLANES)}) IS NOT NULL"
        columns = ", ".join(map(sql_identifier, table.column_types(file.further_columns)))
        order = ", ".join(f"{sql_identifier(name)} ASC NULLS LAST" for name in table.sort)
        writer = TableWriter(
            file.table,
            self._folder,
            batch=_batch_of(file.path),
            part=part,
            contig=file.contig,
            tier=file.tier,
            further_columns=file.further_columns,
        )
        try:
            with connect_beside(self._lake, self._settings) as connection:
                there = f"SELECT * FROM ({self._calls}) WHERE contig = {sql_literal(file.contig)}"
                connection.execute(f"CREATE VIEW rare_calls AS {there}")
                rows = connection.sql(f"SELECT {columns} FROM ({own}) ORDER BY {order}")
                for batch in rows.to_arrow_reader(ROW_GROUP_ROWS):
                    writer.write(without_names_in_texts(batch, file, self._names))
        except duckdb.Error as error:
            writer.abort()
            raise duckdb_failure(error, f"purging {file.path}", self._lake) from error
        staged = writer.close()
        if staged.rows:
            return staged
        staged.path.unlink()
        return None


def _touches(table: str, removed: Removed) -> str:
    """SQL that is true of a row that changes without the people removed."""
    if not removed.numbers:
        return "false"
    declared = load_tables()[table]
    if declared.is_derived:
        # Those that sum people are no rows to take apart: the purge drops their files.
        stay = stays_in(declared, removed.every_number, ())
        return "false" if stay == "true" else f"NOT ({stay})"
    if table in _OF_ONE_SAMPLE:
        return f"sample_number IN ({', '.join(map(str, removed.every_number))})"
    if table == "sites":
        return f"batch IN ({', '.join(map(str, removed.numbers))})"
    names = PLANES if table == "bits" else ("haploid",)
    cases = [
        f"(batch = {batch} AND block = {block} AND bit_count({name}::BIT & ~({mask})) > 0)"
        for (batch, block), mask in kept_bits(removed).items()
        for name in names
    ]
    return " OR ".join(cases) or "false"


def _batch_of(path: str) -> int:
    """The batch that a data file's name tells (b000012-p0003-...)."""
    number = Path(path).name.split("-")[0].removeprefix("b")
    return int(number) if number.isdecimal() else 0
