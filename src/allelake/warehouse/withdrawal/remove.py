"""Samples leave a lake within a transaction: what a withdrawal and --replace have in common."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import pyarrow.parquet as pq

from allelake.warehouse.commit import Transaction
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.tables import load_tables
from allelake.warehouse.withdrawal.names import GoneNames
from allelake.warehouse.withdrawal.purge_files import FileRewriter
from allelake.warehouse.withdrawal.removals import RemovalKind, people_in, table_like, with_removed
from allelake.warehouse.withdrawal.removed import Removed, removed_of

# Parts of an ingest count from 0; these stay clear of them.
_FIRST_PART = 5_000


def remove(
    transaction: Transaction,
    numbers: Sequence[int],
    *,
    kind: RemovalKind,
    reason: str | None = None,
    names: Iterable[str] = (),
) -> tuple[int, ...]:
    """Takes samples out of the transaction's small tables; the batches they were of.

    `names` as with_removed takes them. In a per-sample batch the sites are written anew, without
    variants that only these samples had and without what their records said of others. So are
    files of any batch in which somebody wrote one of the names (INFO, FORMAT, ID).
    """
    before = people_in(transaction.tables)
    changed = with_removed(transaction.tables, numbers, kind=kind, reason=reason, names=names)
    transaction.tables.update(changed)
    staying = people_in(transaction.tables)
    gone = set(numbers)
    rows = transaction.tables["removals"].to_pylist()
    touched = {row["batch"] for row in rows if row["sample_number"] in gone}
    out = GoneNames(before - staying if kind == "withdrawn" else (), staying)
    _rewrite_data_files(transaction, touched, out)
    return tuple(sorted(touched))


def _rewrite_data_files(transaction: Transaction, touched: Collection[int], out: GoneNames) -> None:
    """Today's sites of those batches that are per_sample, and files whose texts name somebody."""
    waiting = removed_of(transaction.tables)
    asked = {
        batch: numbers
        for batch, numbers in (waiting.numbers.items() if waiting else ())
        if batch in touched and waiting is not None and batch in waiting.per_sample
    }
    files = transaction.live_files
    removed = Removed(asked, frozenset(asked))
    lake, staging = transaction.info.path, transaction.staging
    left: Counter[int] = Counter()
    with (
        FileRewriter(lake, staging, files, removed, out) as rewriter,
        FileRewriter(lake, staging, files, Removed({}), out) as of_texts,
    ):
        for part, file in enumerate(files, _FIRST_PART):
            if load_tables()[file.table].sums_people:
                # The commit counts anew without them.
                continue
            own = rewriter if file.table == "sites" else of_texts
            if own.is_touched(file):
                staged = own.rewrite(file, part)
                transaction.rewrite([staged] if staged else [], [file.path])
                if file.table == "sites" and staged:
                    left += _variants(staged)
    if not asked:
        return
    batches = transaction.tables["batches"]
    counted = [
        {**row, "variants": left[row["batch"]] if row["batch"] in asked else row["variants"]}
        for row in batches.to_pylist()
    ]
    transaction.tables["batches"] = table_like(batches, counted)


def _variants(staged: StagedFile) -> Counter[int]:
    """Rows of each batch in a file of sites."""
    found: Counter[int] = Counter()
    with pq.ParquetFile(staged.path) as file:
        for rows in file.iter_batches(columns=["batch"]):
            found.update(rows.column("batch").to_pylist())
    return found
