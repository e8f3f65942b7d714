"""Whether every file of a lake is there and, byte for byte, what was committed."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from allelake.errors import LakeError
from allelake.warehouse.catalog.file import LAKE_SQL
from allelake.warehouse.check.finding import Finding
from allelake.warehouse.info import LAKE_FILE
from allelake.warehouse.live import files_of_any
from allelake.warehouse.lock import LOCK_FILE
from allelake.warehouse.snapshots import (
    CATALOG_FILE,
    Manifest,
    ManifestRef,
    Snapshot,
    StoredFile,
    forget_read,
    read_manifest,
    read_snapshot,
    snapshot_numbers,
    snapshot_path,
)
from allelake.warehouse.upkeep.debris import STAGING, file_digest, orphans
from allelake.warehouse.upkeep.vacuumed import read_vacuumed, record_path

_WAL = f"{CATALOG_FILE}.wal"
_EXPECTED_AT_TOP = {
    CATALOG_FILE,
    LAKE_SQL,
    LAKE_FILE,
    LOCK_FILE,
    STAGING,
    "data",
    "manifests",
    "receipts",
    "snapshots",
    _WAL,
}


@dataclass(frozen=True)
class History:
    """The commits of a lake as far as they can be read.

    `snapshot` is the one the catalog shows, `manifests` its live ones; `every_file` are the files
    of all snapshots. `is_whole`: every snapshot and manifest was read.
    """

    snapshot: Snapshot | None
    manifests: tuple[Manifest, ...]
    every_file: tuple[StoredFile, ...]
    is_whole: bool
    findings: tuple[Finding, ...]


def check_history(lake: Path) -> History:
    """Reads every snapshot and manifest, and compares the catalog with what was committed."""
    findings: list[Finding] = []
    forget_read()
    snapshots = _read_snapshots(lake, findings)
    current = _shown_by_catalog(lake, snapshots, findings)
    committed = [s for s in snapshots.values() if current and s.number <= current.number]
    findings += _broken_links(lake, committed, snapshots, _vacuumed(lake, findings))
    manifests: dict[ManifestRef, Manifest] = {}
    for ref in {ref: None for snapshot in committed for ref in snapshot.manifests}:
        try:
            manifests[ref] = read_manifest(lake, ref)
        except LakeError as error:
            findings.append(_damaged(f"manifests/{ref.name}", error))
    if current is not None:
        findings += _digests(lake, current, snapshots)
    is_whole = not any(finding.severity == "error" for finding in findings)
    findings += _leftovers(lake, current.number if current else 0) if is_whole else ()
    return History(
        snapshot=current,
        manifests=tuple(manifests[r] for r in current.manifests if r in manifests)
        if current
        else (),
        every_file=tuple(files_of_any(manifests, committed).values()),
        is_whole=is_whole,
        findings=tuple(findings),
    )


def check_stored_files(
    lake: Path, files: Iterable[StoredFile], live: set[str], step: Callable[[], None]
) -> Iterator[tuple[str, Finding]]:
    """Each file that is missing or has other bytes than were committed, with its path."""
    for file in files:
        path = lake / file.path
        digest = file_digest(path)
        where = _place(file)
        needed = "" if file.path in live else " (only snapshots before the current one need it)"
        if digest is None:
            yield file.path, Finding("error", where, f"Missing{needed}.", "no file", "a file")
        elif path.stat().st_size != file.bytes:
            found = f"{path.stat().st_size:,} bytes"
            expected = f"{file.bytes:,} bytes"
            yield file.path, Finding("error", where, f"Another size{needed}.", found, expected)
        elif digest != file.sha256:
            found = f"sha256 {digest[:12]}..., {_damaged_part(path)}"
            expected = f"sha256 {file.sha256[:12]}..."
            yield file.path, Finding("error", where, f"Other bytes{needed}.", found, expected)
        step()


def _read_snapshots(lake: Path, findings: list[Finding]) -> dict[int, Snapshot]:
    snapshots = {}
    for number in snapshot_numbers(lake):
        try:
            snapshots[number] = read_snapshot(lake, number)
        except LakeError as error:
            findings.append(_damaged(f"snapshots/{snapshot_path(lake, number).name}", error))
    return snapshots


def _shown_by_catalog(
    lake: Path, snapshots: dict[int, Snapshot], findings: list[Finding]
) -> Snapshot | None:
    """The snapshot whose catalog lies in the lake, by its digest; else the highest that is whole.

    The catalog is not opened: a damaged database file is better not given to a database.
    """
    digest = file_digest(lake / CATALOG_FILE)
    for snapshot in snapshots.values():
        if digest is not None and snapshot.digests.get(CATALOG_FILE) == digest:
            return snapshot
    highest = max(snapshots, default=None)
    unread = [n for n in snapshot_numbers(lake) if n not in snapshots]
    if digest is None:
        found = "no file"
    elif unread and unread[-1] > (highest or 0):
        # The damaged snapshot was named already; the catalog may be its own.
        return None
    else:
        found = f"sha256 {digest[:12]}..."
    findings.append(
        Finding(
            "error",
            CATALOG_FILE,
            "It is the catalog of no snapshot that is here: damaged, written to after its commit, "
            "or its snapshot is missing.",
            found,
            "the digest that a snapshot names",
        )
    )
    return None if highest is None else snapshots[highest]


def _vacuumed(lake: Path, findings: list[Finding]) -> Collection[int]:
    try:
        return read_vacuumed(lake)
    except LakeError as error:
        findings.append(_damaged(record_path(lake).relative_to(lake).as_posix(), error))
        return ()


def _broken_links(
    lake: Path, committed: list[Snapshot], known: dict[int, Snapshot], vacuumed: Collection[int]
) -> Iterator[Finding]:
    """Snapshots that are not followed by the one they were committed after."""
    for snapshot in committed:
        if snapshot.parent is None:
            continue
        where = f"snapshots/{snapshot.number:06d}.json"
        parent = known.get(snapshot.parent)
        if parent is None and snapshot.parent in vacuumed:
            continue
        if parent is None and not snapshot_path(lake, snapshot.parent).exists():
            missing = f"snapshots/{snapshot.parent:06d}.json"
            yield Finding("error", missing, "Missing.", "no file", "a snapshot")
        if parent is None:
            continue
        if (
            parent.committed_digest != snapshot.parent_digest
            or snapshot.parent != snapshot.number - 1
        ):
            yield Finding(
                "error",
                where,
                f"It does not follow snapshot {snapshot.parent}.",
                f"digest {parent.committed_digest[:12]}... there",
                f"digest {(snapshot.parent_digest or '')[:12]}...",
            )


def _digests(lake: Path, current: Snapshot, known: dict[int, Snapshot]) -> Iterator[Finding]:
    """lake.toml and lake.sql, if they are not what the current snapshot names."""
    for name in (LAKE_FILE, LAKE_SQL):
        digest = file_digest(lake / name)
        if digest == current.digests.get(name):
            continue
        before = known.get(current.parent or 0)
        if name == LAKE_SQL and before is not None and digest == before.digests.get(name):
            yield Finding(
                "info",
                name,
                "Its commit was interrupted at the last step; the next commit mends it.",
                f"the text of snapshot {before.number}",
                f"that of snapshot {current.number}",
            )
            continue
        yield Finding(
            "error",
            name,
            "Other bytes than were committed.",
            "no file" if digest is None else f"sha256 {digest[:12]}...",
            f"sha256 {current.digests.get(name, '')[:12]}...",
        )


def _leftovers(lake: Path, committed: int) -> Iterator[Finding]:
    """Files that no commit knows: no answer reads them."""
    found = orphans(lake, committed)
    found += [path for path in lake.iterdir() if path.name not in _EXPECTED_AT_TOP]
    for path in found:
        yield Finding(
            "info",
            path.relative_to(lake).as_posix(),
            "It belongs to no snapshot; the next commit removes what interrupted ones left.",
            "a file",
            "none",
        )
    if (lake / _WAL).exists():
        yield Finding(
            "error",
            _WAL,
            "Somebody opened the catalog for writing; commits are refused while it lies here.",
            "a file",
            "none",
        )


def _damaged_part(path: Path) -> str:
    """Which row group of a damaged Parquet file cannot be trusted, as far as it can be told."""
    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
        for group in range(file.metadata.num_row_groups):
            for column in file.schema_arrow.names:
                try:
                    file.read_row_group(group, columns=[column])
                except (OSError, pa.ArrowException):
                    return f"column {column} of row group {group}{_positions(file, group)}"
    except (OSError, pa.ArrowException):
        return "not readable as Parquet"
    return "outside the column pages"


def _positions(file: pq.ParquetFile, group: int) -> str:
    names = file.schema_arrow.names
    name = next((n for n in ("position", "start_position") if n in names), None)
    if name is None:
        return ""
    statistics = file.metadata.row_group(group).column(names.index(name)).statistics
    if statistics is None or not statistics.has_min_max:
        return ""
    return f", positions {statistics.min:,} to {statistics.max:,}"


def _place(file: StoredFile) -> str:
    parts = [f"table {file.table}"]
    parts += [f"tier {file.tier}"] if file.tier else []
    parts += [f"contig {file.contig}"] if file.contig else []
    return f"{file.path} ({', '.join(parts)})"


def _damaged(name: str, error: LakeError) -> Finding:
    return Finding("error", name, "It is damaged or missing.", str(error), "as committed")
