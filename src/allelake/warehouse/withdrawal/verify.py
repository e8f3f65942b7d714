"""Whether anything of a participant is left in any file under a lake's folder.

Everything is decoded: Parquet columns, dictionaries, statistics and planes, the catalog's
statements, JSON, and the raw bytes of every file, those that belong to no snapshot among them.
"""

import json
import mmap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from allelake.errors import LakeError
from allelake.warehouse.info import read_lake_info
from allelake.warehouse.quoting import sql_literal
from allelake.warehouse.snapshots import files_for_readers
from allelake.warehouse.withdrawal.names import GoneNames
from allelake.warehouse.withdrawal.receipts import Receipt
from allelake.warehouse.withdrawal.removed import people_names, removal_rows
from allelake.warehouse.withdrawal.verify_parquet import traces_in_parquet
from allelake.warehouse.withdrawal.verify_sought import Looked, Sought, Trace


def verify_withdrawal(
    lake: Path,
    names: Sequence[str],
    sample_numbers: Iterable[int] = (),
    receipt: Receipt | None = None,
) -> tuple[list[Trace], Looked]:
    """Every trace of these participants, and what was looked at.

    Sample numbers: those given and those of the receipt; else all that `removals` names as purged.
    """
    read_lake_info(lake)
    sought = _sought(lake, names, sample_numbers, receipt)
    looked = Looked()
    traces: list[Trace] = []
    for path in sorted(lake.rglob("*")):
        name = path.relative_to(lake).as_posix()
        if any(map(sought.in_text, name.split("/"))):
            traces.append(Trace(name, "the name is in the path"))
        if not path.is_file():
            continue
        looked.files += 1
        looked.bytes += path.stat().st_size
        kind = path.suffix or path.name
        looked.by_kind[kind] = looked.by_kind.get(kind, 0) + 1
        if _in_raw_bytes(path, sought):
            traces.append(Trace(name, "the name is in its bytes"))
        if path.suffix == ".parquet" or path.name.endswith(".writing"):
            traces += traces_in_parquet(path, name, sought, looked)
        else:
            traces += _traces_in_text(path, name, sought, looked)
    return traces, looked


def _sought(
    lake: Path, names: Sequence[str], given: Iterable[int], receipt: Receipt | None
) -> Sought:
    live = files_for_readers(lake)
    rows = removal_rows(lake, live)
    numbers = {*given, *(receipt.sample_numbers if receipt else ())}
    if not numbers:
        numbers = {row["sample_number"] for row in rows if row["purged_at"] is not None}
    batches = {row["batch"] for row in rows if row["sample_number"] in numbers}
    # Before the withdrawal the names are those of people who stay: they are sought all the same.
    spelled = GoneNames(names, people_names(lake, live) - set(names))
    return Sought(spelled, frozenset(numbers), frozenset(batches))


def _in_raw_bytes(path: Path, sought: Sought) -> bool:
    if not path.stat().st_size:
        return False
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        return sought.in_bytes(content, path.suffix == ".parquet")


def _traces_in_text(path: Path, name: str, sought: Sought, looked: Looked) -> Iterator[Trace]:
    if path.name.endswith(".duckdb"):
        yield from _traces_in_catalog(path, name, sought, looked)
        return
    text = path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".json":
        # A half-written file is looked at line by line, as any text.
        with suppress(ValueError):
            for place, said in _strings(json.loads(text)):
                looked.texts += 1
                if sought.in_text(said):
                    yield Trace(name, "the name is in a text", column=place)
            return
    for number, line in enumerate(text.splitlines(), 1):
        looked.texts += 1
        if sought.in_text(line):
            yield Trace(name, f"the name is in line {number}")


def _strings(said: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(said, str):
        yield place, said
    elif isinstance(said, dict):
        for key, value in said.items():
            yield place, key
            yield from _strings(value, f"{place}.{key}" if place else key)
    elif isinstance(said, list):
        for each in said:
            yield from _strings(each, place)


def _traces_in_catalog(path: Path, name: str, sought: Sought, looked: Looked) -> Iterator[Trace]:
    questions = {
        "a view": "SELECT sql FROM duckdb_views() WHERE database_name = 'sought'",
        "a comment of a view": "SELECT comment FROM duckdb_views() "
        "WHERE database_name = 'sought' AND comment IS NOT NULL",
        "a comment of a column": "SELECT comment FROM duckdb_columns() "
        "WHERE database_name = 'sought' AND comment IS NOT NULL",
        "a macro": "SELECT macro_definition FROM duckdb_functions() "
        "WHERE database_name = 'sought' AND macro_definition IS NOT NULL",
        "a table": "SELECT table_name FROM duckdb_tables() WHERE database_name = 'sought'",
    }
    try:
        with duckdb.connect(":memory:") as connection:
            connection.execute(f"ATTACH {sql_literal(str(path))} AS sought (READ_ONLY)")
            for what, question in questions.items():
                for (text,) in connection.execute(question).fetchall():
                    looked.statements += 1
                    if sought.in_text(text):
                        yield Trace(name, f"the name is in {what}")
    except duckdb.Error as error:
        raise LakeError(
            f"{path}: cannot be read, so nothing can be said of it: {str(error).splitlines()[0]}"
        ) from error
