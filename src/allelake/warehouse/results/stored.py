"""Stored results: what was computed from a lake and is kept in it, until it holds no more."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from allelake.errors import QueryError, UsageError
from allelake.nearest import did_you_mean
from allelake.warehouse.info import allelake_version
from allelake.warehouse.parquet import TableWriter
from allelake.warehouse.results.derived import is_derived, result_of
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.tables import load_tables
from allelake.warehouse.withdrawal.removals import table_like

if TYPE_CHECKING:
    from allelake.warehouse.commit import Transaction

Row = dict[str, Any]

_LONGEST_NAME = 100


def store_result(
    transaction: "Transaction",
    kind: str,
    name: str,
    tables: Mapping[str, pa.Table],
    *,
    cohort: str | None,
    settings: Mapping[str, object],
    sample_numbers: Iterable[int],
) -> int:
    """Stores a result in the transaction, in the place of one of the same kind and name.

    `tables` are rows of derived tables, by table, without their column `result`, in any order.
    `settings` is kept as JSON; where it has `attributes`, a list of columns of `samples`, the
    result is stale once one of them changes for somebody in it; where it has `made_from`, rows of
    kind, name and snapshot of other results, once one of those is made anew, dropped or stale.
    Returns the result's number.
    """
    number = begin_result(
        transaction,
        kind,
        name,
        tables,
        cohort=cohort,
        settings=settings,
        sample_numbers=sample_numbers,
    )
    for table, rows in tables.items():
        transaction.store(_staged(transaction, table, rows, number))
    return number


def begin_result(
    transaction: "Transaction",
    kind: str,
    name: str,
    tables: Iterable[str],
    *,
    cohort: str | None,
    settings: Mapping[str, object],
    sample_numbers: Iterable[int],
) -> int:
    """The row of a result whose files the caller writes and gives to `Transaction.store`.

    A file of a result is a TableWriter's with `batch` the result's number.
    """
    _refuse_name(name)
    taken = [row["result"] for row in transaction.tables["results"].to_pylist()]
    if find_result(transaction.tables["results"], kind, name) is not None:
        drop_result(transaction, kind, name)
    before = transaction.tables["results"]
    taken += [result_of(file) for file in transaction.live_files if is_derived(file)]
    # No number comes twice, not that of a dropped result either: each took a commit.
    number: int = max(transaction.number, max(taken, default=0) + 1)
    row = {
        "result": number,
        "kind": kind,
        "name": name,
        "cohort": cohort,
        "settings": json.dumps(dict(settings), ensure_ascii=False, sort_keys=True),
        "tables": sorted(tables),
        "sample_numbers": sorted(sample_numbers),
        "snapshot": transaction.number,
        "allelake_version": allelake_version(),
        "made_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        "stale_since": None,
        "stale_reason": None,
    }
    transaction.tables["results"] = table_like(before, [*before.to_pylist(), row])
    return number


def drop_result(transaction: "Transaction", kind: str, name: str) -> None:
    """Takes a result out of the lake; QueryError if there is none of the kind and name."""
    results = transaction.tables["results"]
    row = find_result(results, kind, name)
    if row is None:
        known = [each["name"] for each in results.to_pylist() if each["kind"] == kind]
        hint = did_you_mean(name, known)
        raise QueryError(f"Nothing is stored as {kind} by the name {name!r}. {hint}".rstrip())
    files = [file for file in transaction.live_files if is_derived(file)]
    transaction.forget(file.path for file in files if result_of(file) == row["result"])
    kept = [each for each in results.to_pylist() if each["result"] != row["result"]]
    transaction.tables["results"] = table_like(results, kept)


def find_result(results: pa.Table, kind: str, name: str) -> Row | None:
    """The row of the stored result of this kind and name, None if there is none."""
    for row in results.to_pylist():
        if (row["kind"], row["name"]) == (kind, name):
            return dict(row)
    return None


def _refuse_name(name: str) -> None:
    if len(name) > _LONGEST_NAME or not re.fullmatch(r"\w[\w.+-]*", name):
        raise UsageError(
            f"{name!r} cannot be the name of a stored result: letters, digits, _ . + and - are "
            f"taken, the first one a letter, digit or _, and no more than {_LONGEST_NAME}."
        )


def _staged(
    transaction: "Transaction", table: str, rows: pa.Table, result: int
) -> Sequence[StagedFile]:
    """The rows as files, sorted as declared: one, or one for each contig."""
    declared = load_tables()[table]
    number = pa.repeat(pa.scalar(result, pa.int32()), rows.num_rows)
    if "result" not in rows.column_names:
        rows = rows.append_column("result", number)
    rows = rows.sort_by([(column, "ascending") for column in declared.sort])
    if "contig" not in declared.partition:
        parts = {None: rows} if rows.num_rows else {}
    else:
        contigs = sorted(pc.unique(rows.column("contig")).to_pylist())
        parts = {c: rows.filter(pc.equal(rows.column("contig"), c)) for c in contigs}
    files = []
    for contig, own in parts.items():
        writer = TableWriter(table, transaction.staging, batch=result, part=0, contig=contig)
        writer.write(own)
        files.append(writer.close())
    return files
