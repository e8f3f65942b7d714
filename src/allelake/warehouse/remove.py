"""Samples leave a lake within a transaction: what a withdrawal and --replace have in common."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import pyarrow.parquet as pq

from allelake.warehouse.commit import Transaction
from allelake.warehouse.masks import Removed, removed_of
from allelake.warehouse.purge_files import FileRewriter
from allelake.warehouse.removals import RemovalKind, table_like, with_removed
from allelake.warehouse.stored import StagedFile

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
    variants that only these samples had and without what their records said of others.
    """
    changed = with_removed(transaction.tables, numbers, kind=kind, reason=reason, names=names)
    transaction.tables.update(changed)
    gone = set(numbers)
    rows = transaction.tables["removals"].to_pylist()
    touched = {row["batch"] for row in rows if row["sample_number"] in gone}
    _rewrite_sites(transaction, touched)
    return tuple(sorted(touched))


def _rewrite_sites(transaction: Transaction, touched: Collection[int]) -> None:
    """Today's sites of those batches that are per_sample, and how many variants are left."""
    waiting = removed_of(transaction.tables)
    asked = {
        batch: numbers
        for batch, numbers in (waiting.numbers.items() if waiting else ())
        if batch in touched and waiting is not None and batch in waiting.per_sample
    }
    if not asked:
        return
    removed = Removed(asked, frozenset(asked))
    files = transaction.live_files
    rewriter = FileRewriter(transaction.info.path, transaction.staging, files, removed)
    left: Counter[int] = Counter()
    for part, file in enumerate((f for f in files if f.table == "sites"), _FIRST_PART):
        if rewriter.is_touched(file):
            staged = rewriter.rewrite(file, part)
            transaction.rewrite([staged] if staged else [], [file.path])
            left += _variants(staged) if staged else Counter()
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
