"""Receipts of purges: what was in the lake before and after, by digest, and no name of anybody."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from allelake.errors import LakeError
from allelake.warehouse import steps
from allelake.warehouse.lock import LOCK_FILE
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.upkeep.debris import STAGING, file_digest

FOLDER = "receipts"


@dataclass(frozen=True)
class FileDigest:
    """One file of the lake, by its path in it."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Receipt:
    """What a purge did. `finished_at` is None while it has not: the next purge completes it.

    `rewritten`: path before to path after, None where nothing was left of the file. Times are UTC.
    """

    id: str
    allelake_version: str
    started_at: str
    finished_at: str | None
    sample_numbers: tuple[int, ...]
    batches: tuple[int, ...]
    redacted_snapshots: tuple[int, ...]
    rewritten: Mapping[str, str | None]
    before: tuple[FileDigest, ...]
    after: tuple[FileDigest, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    snapshot: int | None = None

    def to_bytes(self) -> bytes:
        """The receipt as its file holds it."""
        return (json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n").encode()


def receipt_path(lake: Path, of: str) -> Path:
    """Where the receipt of that id lies."""
    return lake / FOLDER / f"{of}.json"


def read_receipt(path: Path) -> Receipt:
    """A receipt; LakeError if the file is none."""
    try:
        said = json.loads(path.read_bytes())
        for name in ("before", "after"):
            said[name] = tuple(FileDigest(**file) for file in said[name])
        for name in ("sample_numbers", "batches", "redacted_snapshots", "removed", "kept"):
            said[name] = tuple(said[name])
        return Receipt(**said)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LakeError(f"{path}: is no receipt of a purge ({error}).") from error


def unfinished_receipt(lake: Path) -> Receipt | None:
    """The receipt of a purge that was interrupted."""
    for path in sorted((lake / FOLDER).glob("*.json")):
        receipt = read_receipt(path)
        if receipt.finished_at is None:
            return receipt
    return None


def write_receipt(lake: Path, staging: Path, receipt: Receipt) -> None:
    """Puts the receipt into the lake, in one step."""
    target = receipt_path(lake, receipt.id)
    steps.make_folders(target.parent)
    staged = staging / f"{receipt.id}.{'started' if receipt.finished_at is None else 'done'}"
    steps.write_file(staged, receipt.to_bytes())
    steps.replace(staged, target)
    steps.sync_folder(target.parent)


def digests_of(lake: Path, stored: Iterable[StoredFile]) -> tuple[FileDigest, ...]:
    """Every file of the lake but the lock, staging and receipts.

    Data files carry their digest in their manifest; `check` proves those, and hashing a lake of
    a terabyte again would take an hour.
    """
    known = {file.path: file for file in stored}
    found = []
    for path in sorted(lake.rglob("*")):
        where = path.relative_to(lake)
        if where.parts[0] in (STAGING, FOLDER, LOCK_FILE) or not path.is_file():
            continue
        name, size = where.as_posix(), path.stat().st_size
        told = known.get(name)
        is_known = told is not None and told.bytes == size
        sha256 = told.sha256 if told is not None and is_known else file_digest(path)
        found.append(FileDigest(name, size, sha256 or ""))
    return tuple(found)
