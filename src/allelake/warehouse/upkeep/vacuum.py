"""Vacuum: files, manifests and snapshots go that no kept snapshot names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from allelake.errors import LakeError, UsageError
from allelake.warehouse import steps
from allelake.warehouse.commit import begin
from allelake.warehouse.live import files_of_any
from allelake.warehouse.snapshots import (
    ManifestRef,
    Snapshot,
    current_snapshot,
    manifest_path,
    read_manifest,
    read_snapshot,
    snapshot_numbers,
    snapshot_path,
)
from allelake.warehouse.upkeep.vacuumed import write_vacuumed

GRACE = timedelta(days=7)
_TIME = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class VacuumPlan:
    """What a vacuum removes, or removed. Sizes in bytes; paths are of data files, in the lake."""

    kept: tuple[int, ...]
    dropped: tuple[int, ...]
    manifests: tuple[str, ...]
    files: tuple[str, ...]
    bytes_freed: int
    bytes_kept: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to remove."""
        return not (self.dropped or self.manifests or self.files)


def plan_vacuum(
    lake: Path, keep: int = 1, grace: timedelta = GRACE, now: datetime | None = None
) -> VacuumPlan:
    """What `vacuum` would remove. Raises UsageError for a `keep` below 1."""
    return _plan(lake, keep, grace, now or datetime.now(UTC))[0]


def vacuum(
    lake: Path, keep: int = 1, grace: timedelta = GRACE, now: datetime | None = None
) -> VacuumPlan:
    """Drops every snapshot but the newest `keep` and those that were current within `grace`.

    Then the manifests and data files go that none of the kept snapshots names. The current
    snapshot always stays, and no answer from a kept one changes. Whoever has an older snapshot
    open is told so at the next question. Killed at any moment, the lake is sound and the next
    vacuum ends the work.

    Raises UsageError for a `keep` below 1, and LockedError while somebody writes.
    """
    with begin(lake) as transaction:
        at = now or datetime.now(UTC)
        plan, dropped = _plan(lake, keep, grace, at)
        if dropped:
            # Told first: a snapshot that is gone without a word would look like damage.
            write_vacuumed(lake, transaction.staging, dropped, at.strftime(_TIME))
        # In this order nothing that is left ever names what is gone.
        _remove(snapshot_path(lake, number) for number in plan.dropped)
        _remove(manifest_path(lake, name) for name in plan.manifests)
        _remove(lake / path for path in plan.files)
    return plan


def _remove(paths: Iterable[Path]) -> None:
    folders = set()
    for path in paths:
        steps.unlink(path)
        folders.add(path.parent)
    for folder in sorted(folders):
        steps.sync_folder(folder)


def _plan(
    lake: Path, keep: int, grace: timedelta, now: datetime
) -> tuple[VacuumPlan, list[Snapshot]]:
    if keep < 1:
        raise UsageError(f"keep is {keep}; the current snapshot always stays, so 1 at least")
    shown = current_snapshot(lake)
    if shown.redacted is not None:
        # The catalog of before the purge is the one that is shown, and reads the files of then.
        raise LakeError(
            f"{lake}: a purge was interrupted. Complete it with `allelake purge` first."
        )
    current = shown.number
    found = [read_snapshot(lake, n) for n in snapshot_numbers(lake) if n <= current]
    kept = _kept(found, keep, (now - grace).strftime(_TIME))
    dropped = [snapshot for snapshot in found if snapshot not in kept]
    refs: dict[ManifestRef, None] = {ref: None for each in kept for ref in each.manifests}
    needed = set(files_of_any({ref: read_manifest(lake, ref) for ref in refs}, kept))
    stored = {p.relative_to(lake).as_posix(): p for p in _data_files(lake)}
    files = sorted(set(stored) - needed)
    names = {ref.name for ref in refs}
    manifests = sorted(p.name for p in (lake / "manifests").glob("*.json") if p.name not in names)
    gone = [snapshot_path(lake, each.number) for each in dropped]
    gone += [manifest_path(lake, name) for name in manifests] + [stored[path] for path in files]
    plan = VacuumPlan(
        kept=tuple(each.number for each in kept),
        dropped=tuple(each.number for each in dropped),
        manifests=tuple(manifests),
        files=tuple(files),
        bytes_freed=sum(path.stat().st_size for path in gone),
        bytes_kept=sum(stored[path].stat().st_size for path in needed & set(stored)),
    )
    return plan, dropped


def _kept(found: list[Snapshot], keep: int, since: str) -> list[Snapshot]:
    """The newest ones, and those that were the current one after `since`.

    A snapshot's age counts from the commit that followed it: sessions that opened it a minute
    before that one are as young, however long nothing had been committed.
    """
    followed = {each.parent: each.time for each in found}
    kept = []
    for place, snapshot in enumerate(reversed(found)):
        if place < keep or followed.get(snapshot.number, snapshot.time) > since:
            kept.append(snapshot)
    return kept[::-1]


def _data_files(lake: Path) -> list[Path]:
    return [path for path in (lake / "data").rglob("*") if path.is_file()]
