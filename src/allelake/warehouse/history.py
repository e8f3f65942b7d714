"""The history of a lake: its snapshots, those that were redacted or vacuumed among them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from allelake.warehouse.info import read_lake_info
from allelake.warehouse.snapshots import (
    Manifest,
    ManifestRef,
    Snapshot,
    catalog_number,
    live_files,
    read_manifest,
    read_snapshot,
    snapshot_numbers,
)
from allelake.warehouse.upkeep.vacuumed import read_vacuumed
from allelake.warehouse.withdrawal.names import GoneNames
from allelake.warehouse.withdrawal.purge_history import gone_names, read_history, scrubbed
from allelake.warehouse.withdrawal.removed import people_names


@dataclass(frozen=True)
class Told:
    """A snapshot as the history shows it.

    `state`: 'current', '', 'redacted' (a purge took participants out of it) or 'vacuumed' (it is
    gone). `bytes`: of the data files it answers from, None if it is gone.
    """

    number: int
    time: str
    operation: str
    state: str
    bytes: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)
    allelake_version: str | None = None


def history(lake: Path) -> list[Told]:
    """Every snapshot up to the current one, oldest first."""
    read_lake_info(lake)
    current = catalog_number(lake)
    # A number above the catalog's is what an interrupted commit left; it never became visible.
    kept = [read_snapshot(lake, n) for n in snapshot_numbers(lake) if n <= current]
    sizes = _sizes(lake, kept)
    hidden = _withdrawn(lake, kept)
    told = {
        each.number: Told(
            each.number,
            each.time,
            each.operation,
            _state(each, current),
            sizes[each.number],
            scrubbed(each.detail, hidden),
            each.allelake_version,
        )
        for each in kept
    }
    gone = read_vacuumed(lake).values()
    lost = {each.number: Told(each.number, each.time, each.operation, "vacuumed") for each in gone}
    everything = {**lost, **told}
    return [everything[number] for number in sorted(everything)]


def _withdrawn(lake: Path, kept: Sequence[Snapshot]) -> GoneNames:
    """Names that a purge will take out of what the snapshots say of themselves."""
    purged = max((each.number for each in kept if each.operation == "purge"), default=0)
    if not any(each.operation == "withdraw" and each.number > purged for each in kept):
        return GoneNames(())
    today = live_files(lake, kept[-1])
    gone = gone_names(lake, read_history(lake, kept[-1].number), today)
    return GoneNames(gone, people_names(lake, today))


def _state(snapshot: Snapshot, current: int) -> str:
    if snapshot.number == current:
        return "current"
    return "redacted" if snapshot.redacted else ""


def _sizes(lake: Path, snapshots: Iterable[Snapshot]) -> dict[int, int]:
    read: dict[ManifestRef, Manifest] = {}
    sizes = {}
    for snapshot in snapshots:
        for ref in snapshot.manifests:
            if ref not in read:
                read[ref] = read_manifest(lake, ref)
        live = [read[ref] for ref in snapshot.manifests]
        replaced = {path for manifest in live for path in manifest.replaces}
        files = {file.path: file.bytes for manifest in live for file in manifest.files}
        sizes[snapshot.number] = sum(n for path, n in files.items() if path not in replaced)
    return sizes
