"""The record of snapshots that a vacuum removed: what they were, not what was in them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from allelake.errors import LakeError
from allelake.warehouse import steps
from allelake.warehouse.snapshots import Snapshot

_RECORD = "vacuumed.json"


@dataclass(frozen=True)
class Vacuumed:
    """A snapshot that is gone: when it was committed, by what, and when it went (UTC)."""

    number: int
    time: str
    operation: str
    vacuumed_at: str


def record_path(lake: Path) -> Path:
    """Where the record lies; there is none before the first vacuum."""
    return lake / "snapshots" / _RECORD


def read_vacuumed(lake: Path) -> dict[int, Vacuumed]:
    """The snapshots that are gone, by number."""
    path = record_path(lake)
    try:
        said = json.loads(path.read_bytes())
        listed = [Vacuumed(**each) for each in said["vacuumed"]]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LakeError(
            f"{path}: is damaged ({error}). Restore it from a copy of the lake."
        ) from error
    return {each.number: each for each in listed}


def write_vacuumed(lake: Path, staging: Path, gone: Iterable[Snapshot], at: str) -> None:
    """Adds snapshots to the record, in one step; those that are in it already stay as they are."""
    fresh = {s.number: Vacuumed(s.number, s.time, s.operation, at) for s in gone}
    record: Mapping[int, Vacuumed] = {**fresh, **read_vacuumed(lake)}
    listed = [asdict(record[number]) for number in sorted(record)]
    staged = staging / _RECORD
    content = json.dumps({"vacuumed": listed}, indent=1, ensure_ascii=False) + "\n"
    steps.write_file(staged, content.encode())
    steps.replace(staged, record_path(lake))
    steps.sync_folder(record_path(lake).parent)
