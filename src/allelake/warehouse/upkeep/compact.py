"""Compact: the small files of each table, tier and contig become few well-filled ones."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from allelake.warehouse.commit import begin
from allelake.warehouse.info import allelake_version
from allelake.warehouse.results.derived import is_derived
from allelake.warehouse.small_tables import SMALL_TABLES
from allelake.warehouse.snapshots import (
    Snapshot,
    StoredFile,
    current_snapshot,
    files_for_readers,
)
from allelake.warehouse.upkeep.merge import merge_files

# A merged file grows to about this. Several row groups of each table fit, so that a region still
# reads a small part of it, and one merge's sort stays within what a commit may spill.
TARGET_BYTES = 128 * 1024 * 1024
TARGET_ROWS = 50_000_000

Group = tuple[str, str | None, str | None]
# Called with the number of groups merged, and of all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Compacted:
    """Files of one table, tier and contig that become one; sizes in bytes."""

    table: str
    tier: str | None
    contig: str | None
    files: int
    rows: int
    bytes_before: int


@dataclass(frozen=True)
class CompactReport:
    """What a compact merges, or merged. `snapshot` is None where nothing was changed.

    `catalog_of` is the other version of allelake that the catalog is of, None if it is of this one:
    a compact makes it anew, even where no file is to be merged.
    """

    merged: tuple[Compacted, ...]
    files_before: int
    files_after: int
    catalog_of: str | None
    snapshot: int | None = None


def plan_compact(lake: Path) -> CompactReport:
    """What `compact` would merge."""
    live = files_for_readers(lake)
    return _report(live, groups_to_compact(live), current_snapshot(lake))


def compact(lake: Path, progress: Progress | None = None) -> CompactReport:
    """Merges small files into well-filled ones. No answer changes; old files stay until a vacuum.

    The catalog of another version of allelake is made anew.

    Raises LockedError while somebody writes.
    """
    with begin(lake) as transaction:
        live = transaction.live_files
        groups = groups_to_compact(live)
        report = _report(live, groups, transaction.snapshot)
        if not groups and report.catalog_of is None:
            return report
        for done, group in enumerate(groups):
            merged = merge_files(lake, group, transaction.staging, done)
            transaction.rewrite([merged], (file.path for file in group))
            if progress is not None:
                progress(done + 1, len(groups))
        transaction.folds_all = True
        detail = {"files_before": report.files_before, "files_after": report.files_after}
        snapshot = transaction.commit("compact", detail)
    return replace(report, snapshot=snapshot.number)


def groups_to_compact(files: Iterable[StoredFile]) -> list[list[StoredFile]]:
    """For each table, tier and contig the files that become one, the smallest first.

    A group is filled up to the target; a file above half of it is well filled and stays.
    """
    by_group: dict[Group, list[StoredFile]] = defaultdict(list)
    for file in files:
        is_full = file.bytes > TARGET_BYTES // 2 or file.rows > TARGET_ROWS // 2
        if file.table not in SMALL_TABLES and not is_full and not is_derived(file):
            by_group[file.table, file.tier, file.contig].append(file)
    groups: list[list[StoredFile]] = []
    for small in by_group.values():
        filling: list[StoredFile] = []
        for file in sorted(small, key=lambda each: (each.bytes, each.path)):
            grown = [*filling, file]
            if _bytes(grown) > TARGET_BYTES or sum(f.rows for f in grown) > TARGET_ROWS:
                groups.append(filling)
                grown = [file]
            filling = grown
        groups.append(filling)
    return [group for group in groups if len(group) > 1]


def _report(
    live: list[StoredFile], groups: list[list[StoredFile]], current: Snapshot
) -> CompactReport:
    merged = [
        Compacted(
            group[0].table,
            group[0].tier,
            group[0].contig,
            len(group),
            sum(file.rows for file in group),
            _bytes(group),
        )
        for group in groups
    ]
    gone = sum(each.files - 1 for each in merged)
    written_by = current.allelake_version
    catalog_of = written_by if written_by != allelake_version() else None
    return CompactReport(tuple(merged), len(live), len(live) - gone, catalog_of)


def _bytes(files: Iterable[StoredFile]) -> int:
    return sum(file.bytes for file in files)
