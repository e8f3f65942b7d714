"""Many small files of one table, tier and contig, merged into one: no answer changes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from allelake.errors import LakeError
from allelake.warehouse.catalog.views import further_types, table_select
from allelake.warehouse.parquet import TableWriter
from allelake.warehouse.results.derived import is_derived
from allelake.warehouse.small_tables import SMALL_TABLES
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.tables import load_tables
from allelake.warehouse.upkeep.sorted_rows import sorted_rows

# Of single-sample batches one variant took 165 ms from opening on with 60 files, 144 with 32
# (measured); in a warm session 81 files took 19 ms, 4,617 files 47, 28,809 files 206.
MOST_LIVE_FILES = 32
# Merging down to a quarter makes each merge pay for the next 24 batches.
_FILES_AFTER_MERGE = 8


def groups_to_merge(files: Iterable[StoredFile]) -> list[list[StoredFile]]:
    """For each table, tier and contig with too many files, the smallest ones to make one of."""
    groups: dict[tuple[str, str | None, str | None], list[StoredFile]] = defaultdict(list)
    for file in files:
        # A result's files are as few as it made them, and their names tell whose they are.
        if file.table not in SMALL_TABLES and not is_derived(file):
            groups[file.table, file.tier, file.contig].append(file)
    chosen = []
    for group in groups.values():
        if len(group) > MOST_LIVE_FILES:
            by_size = sorted(group, key=lambda file: (file.bytes, file.path))
            chosen.append(by_size[: len(group) - _FILES_AFTER_MERGE + 1])
    return chosen


def merge_files(lake: Path, files: Sequence[StoredFile], folder: Path, part: int) -> StagedFile:
    """The rows of these files of one table, tier and contig as one sorted file in `folder`.

    DuckDB sorts with bounded memory and spills into `folder`; further columns are united.
    """
    first = files[0]
    table = load_tables()[first.table]
    further = further_types(files)
    doing = f"merging {len(files)} files of {table.name} on {first.contig}"
    select = table_select(table, files)
    writer = TableWriter(
        table.name,
        folder,
        batch=0,
        part=part,
        contig=first.contig,
        tier=first.tier,
        further_columns=further,
    )
    with ExitStack() as undo:
        undo.callback(writer.abort)
        with sorted_rows(lake, select, table, further, folder / "sort", doing) as rows:
            for batch in rows:
                writer.write(batch)
        undo.pop_all()
    staged = writer.close()
    if staged.rows != sum(file.rows for file in files):
        raise LakeError(
            f"{lake}: merging files of {table.name} on {first.contig} gave {staged.rows:,} rows, "
            f"expected {sum(file.rows for file in files):,}. Nothing of this change is visible. "
            "Run `allelake check`."
        )
    return staged
