"""One state of a lake, contig by contig, as a DuckDB that the parts of questions run in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import duckdb
import pyarrow as pa

from allelake.warehouse.catalog.macros import MacroFile, load_macros
from allelake.warehouse.catalog.views import _contigs, _zones, further_types, table_select
from allelake.warehouse.connection import connect_beside
from allelake.warehouse.info import LakeInfo
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.tables import load_tables
from allelake.warehouse.withdrawal.masks import masked
from allelake.warehouse.withdrawal.removed import removed_of

_MEMORY_LIMIT = "700MB"
_CALL = re.compile(r"\b([a-z_][a-z0-9_]*)\(")
# What counting calls by name; what they call themselves is found.
_ROOTS = ("asked_pieces", "block_cells", "joint_counts", "per_sample_counts")
_KEY = ("position", "ref", "alt", "end_position", "sv_length")


@dataclass(frozen=True)
class State:
    """Files and small tables that belong together: those of a snapshot, or of one to come."""

    info: LakeInfo
    files: Sequence[StoredFile]
    tables: Mapping[str, pa.Table]

    @property
    def contigs(self) -> list[str]:
        """The contigs that have variants, in the order of their names."""
        return sorted({f.contig for f in self.files if f.table == "sites" and f.contig})

    def batches_of_kind(self, kind: str) -> set[int]:
        """The batches that are 'joint' or 'per_sample'."""
        batches = self.tables["batches"].select(["batch", "kind"]).to_pylist()
        return {row["batch"] for row in batches if row["kind"] == kind}


class Opened:
    """A DuckDB on one state, opened when it is first asked; it shows one contig at a time."""

    def __init__(self, state: State, spill: Path) -> None:
        self.state = state
        self._spill = spill
        self._stack = ExitStack()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()
        self._connection = None

    def at(self, contig: str, span: tuple[int, int] | None = None) -> duckdb.DuckDBPyConnection:
        """The connection with the contig's views, perhaps of some positions (both in it) alone."""
        connection = self._connection or self._open()
        for name, select in _views(self.state, contig, span):
            connection.execute(f"CREATE OR REPLACE VIEW {name} AS {select}")
        return connection

    def _open(self) -> duckdb.DuckDBPyConnection:
        settings: dict[str, str | int | bool] = {
            "memory_limit": _MEMORY_LIMIT,
            "temp_directory": str(self._spill),
            "threads": 2,
            "preserve_insertion_order": False,
        }
        connection = self._stack.enter_context(connect_beside(self.state.info.path, settings))
        self._connection = connection
        for name in ("samples", "batches"):
            connection.register(f"given_{name}", self.state.tables[name])
            connection.execute(f"CREATE TABLE {name} AS FROM given_{name}")
        connection.execute(f"CREATE VIEW contigs AS {_contigs(self.state.info)}")
        connection.execute(f"CREATE VIEW zones AS {_zones(self.state.info)}")
        for name, (table, _) in _chosen(()).items():
            select = load_tables()[table].empty_select()
            connection.execute(f"CREATE VIEW {name} AS {select}")
            # Only one contig is there, so that what is asked for is all of it.
            connection.execute(f"CREATE MACRO asked_{name}(in_region) AS TABLE FROM {name}")
        for macro in _parts():
            connection.execute(macro.sql)
        return connection


def keys_of(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The variants that the sites of the connection have, in the order of tables."""
    order = ", ".join(f"{name} ASC NULLS LAST" for name in _KEY)
    question = f"SELECT DISTINCT {', '.join(_KEY)} FROM sites ORDER BY {order}"
    return connection.sql(question).to_arrow_table()


def _views(state: State, contig: str, span: tuple[int, int] | None) -> Iterator[tuple[str, str]]:
    removed = removed_of(state.tables)
    within = "" if span is None else f" WHERE position BETWEEN {span[0]} AND {span[1]}"
    for name, (table, files) in _chosen([f for f in state.files if f.contig == contig]).items():
        select = table_select(load_tables()[table], files)
        if table not in ("ploidy", "callable"):
            select = f"SELECT * FROM ({select}){within}"
        if removed is not None and files:
            select = masked(table, select, further_types(files), removed)
        yield name, select


def _chosen(files: Sequence[StoredFile]) -> dict[str, tuple[str, list[StoredFile]]]:
    """Each view that counting reads, with its table and which of these files it shows."""
    calls = [file for file in files if file.table == "calls"]
    return {
        "rare_calls": ("calls", [file for file in calls if file.tier == "rare"]),
        "detailed_calls": ("calls", [file for file in calls if file.tier != "rare"]),
        **{
            name: (name, [file for file in files if file.table == name])
            for name in ("sites", "bits", "ploidy", "callable")
        },
    }


@cache
def _parts() -> tuple[MacroFile, ...]:
    """The macros that counting calls, each after those that its body uses."""
    macros = {macro.name: macro for macro in load_macros()}
    needed: set[str] = set()
    waiting = list(_ROOTS)
    while waiting:
        name = waiting.pop()
        if name in macros and name not in needed:
            needed.add(name)
            body = "\n".join(line.split("--")[0] for line in macros[name].sql.splitlines())
            waiting += _CALL.findall(body)
    return tuple(macro for macro in load_macros() if macro.name in needed)
