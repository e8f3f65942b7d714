"""What an interrupted writer left, removed by the next one under the lock."""

import hashlib
import json
from pathlib import Path

from allelake.errors import LakeError
from allelake.warehouse.catalog.file import LAKE_SQL
from allelake.warehouse.snapshots import (
    Snapshot,
    read_snapshot,
    snapshot_numbers,
    snapshot_path,
)
from allelake.warehouse.steps import remove_folder, replace, sync_folder, unlink

STAGING = "staging"


def was_interrupted(lake: Path) -> bool:
    """Whether a writer left its staging folder: it is made first and removed last."""
    staging = lake / STAGING
    return staging.is_dir() and any(staging.iterdir())


def remove_debris(lake: Path, committed: int, snapshot: Snapshot | None) -> None:
    """Leaves exactly what the committed snapshots name.

    A snapshot above the catalog's number, its manifests, and data files that no committed
    manifest names were never visible.
    """
    for orphan in orphans(lake, committed):
        unlink(orphan)
    if snapshot is not None:
        _finish_lake_sql(lake, snapshot)
    if (lake / STAGING).is_dir():
        for left in (lake / STAGING).iterdir():
            remove_folder(left)


def orphans(lake: Path, committed: int) -> list[Path]:
    """Snapshots, manifests and data files that belong to no commit."""
    found = [snapshot_path(lake, n) for n in snapshot_numbers(lake) if n > committed]
    named: set[str] = set()
    shown = _named_manifests(lake, committed)
    for path in (lake / "manifests").glob("*.json"):
        if manifest_snapshot(path.name) > committed or (shown and path.name not in shown):
            found.append(path)
        else:
            named.update(file["path"] for file in json.loads(path.read_bytes())["files"])
    data = (path for path in (lake / "data").rglob("*") if path.is_file())
    return found + [path for path in data if path.relative_to(lake).as_posix() not in named]


def _named_manifests(lake: Path, committed: int) -> set[str] | None:
    """Names of the manifests that a snapshot names; None where it cannot be told, or not yet.

    A purge that was interrupted has redacted the current snapshot and not made its new catalog:
    the one that is shown still reads the files of before.
    """
    names: set[str] = set()
    for number in snapshot_numbers(lake):
        if number <= committed:
            try:
                snapshot = read_snapshot(lake, number)
            except LakeError:
                return None
            if number == committed and snapshot.redacted is not None:
                return None
            names |= {ref.name for ref in snapshot.manifests}
    return names


def manifest_snapshot(name: str) -> int:
    """The number of the snapshot that a manifest came with, from its file's name."""
    number = name.split("-")[0]
    return int(number) if number.isdecimal() else 0


def file_digest(path: Path) -> str | None:
    """sha256 of the file, or None if there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _finish_lake_sql(lake: Path, snapshot: Snapshot) -> None:
    """Puts the committed snapshot's lake.sql in place if its writer died just before that."""
    wanted = snapshot.digests.get(LAKE_SQL)
    if file_digest(lake / LAKE_SQL) == wanted:
        return
    for staged in sorted((lake / STAGING).glob(f"*/{LAKE_SQL}")):
        if file_digest(staged) == wanted:
            replace(staged, lake / LAKE_SQL)
            sync_folder(lake)
            return
