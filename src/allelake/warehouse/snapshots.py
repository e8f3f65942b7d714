"""Snapshots and manifests: which files a lake's answers come from, at each commit."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import duckdb

from allelake.errors import LakeError
from allelake.warehouse.quoting import sql_literal

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

CATALOG_FILE = "catalog.duckdb"
ManifestKind = Literal["batch", "metadata", "rewrite", "derived"]


@dataclass(frozen=True)
class StoredFile:
    """One Parquet file of the lake; `path` is relative to the lake, with forward slashes."""

    table: str
    contig: str | None
    tier: str | None
    path: str
    rows: int
    bytes: int
    sha256: str
    first_position: int | None = None
    last_position: int | None = None
    further_columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """Files that came together. `replaces`: paths of earlier files that these stand for.

    `purge`: the snapshot of the purge that wrote it in the place of the one that was committed.
    """

    kind: ManifestKind
    snapshot: int
    detail: Mapping[str, object]
    files: tuple[StoredFile, ...]
    replaces: tuple[str, ...] = ()
    purge: int | None = None

    def to_bytes(self) -> bytes:
        """The manifest as its file holds it."""
        return _json_bytes(_said(self) | {"files": [_said(file) for file in self.files]})

    def ref(self) -> "ManifestRef":
        """How snapshots name it."""
        sha256 = hashlib.sha256(self.to_bytes()).hexdigest()
        purged = "" if self.purge is None else f"-purged{self.purge:06d}"
        return ManifestRef(f"{self.snapshot:06d}-{self.kind}{purged}.json", self.kind, sha256)


@dataclass(frozen=True)
class ManifestRef:
    """A manifest that is live in a snapshot."""

    name: str
    kind: ManifestKind
    sha256: str


@dataclass(frozen=True)
class Redaction:
    """What a purge did to a snapshot before it: it names other files than were committed.

    `time` (UTC) and `snapshot` (the number) of the purge; `digest` is the one that the snapshot
    was committed with, which the next snapshot names as its parent's.
    """

    time: str
    snapshot: int
    digest: str


@dataclass(frozen=True)
class Snapshot:
    """One commit: what is live after it, what it did, and the digests of what it wrote.

    `column_comments`: table, then further column, to what the catalog says of it. `redacted`: the
    last purge that took participants out of it, None if none did.
    """

    number: int
    parent: int | None
    parent_digest: str | None
    operation: str
    time: str
    allelake_version: str
    detail: Mapping[str, object]
    manifests: tuple[ManifestRef, ...]
    added: tuple[str, ...] = ()
    column_comments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    redacted: Redaction | None = None

    def to_bytes(self) -> bytes:
        """The snapshot as its file holds it: its own digest is the last entry."""
        return _json_bytes({**self._said, "digest": self.digest})

    @property
    def digest(self) -> str:
        """sha256 of everything the snapshot says."""
        return hashlib.sha256(_json_bytes(self._said)).hexdigest()

    @property
    def _said(self) -> dict[str, object]:
        redacted = self.redacted and _said(self.redacted)
        return _said(self) | {"manifests": [_said(m) for m in self.manifests], "redacted": redacted}

    @property
    def committed_digest(self) -> str:
        """The digest that the next snapshot names, whatever a purge changed since."""
        return self.redacted.digest if self.redacted else self.digest


def snapshot_path(lake: Path, number: int) -> Path:
    """Where a snapshot's file lies."""
    return lake / "snapshots" / f"{number:06d}.json"


def manifest_path(lake: Path, name: str) -> Path:
    """Where a manifest's file lies."""
    return lake / "manifests" / name


def read_snapshot(lake: Path, number: int) -> Snapshot:
    """A snapshot by its number; LakeError if its file is not what was written."""
    path = snapshot_path(lake, number)
    try:
        return _read_snapshot(path, _state(path))
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error


@lru_cache(maxsize=64)
def _read_snapshot(path: Path, state: "_State") -> Snapshot:
    """Whoever asks for the current one reads it, several times in each change and opening."""
    said = _read_json(path)
    try:
        digest = said.pop("digest")
        refs = tuple(ManifestRef(**ref) for ref in said.pop("manifests"))
        redacted = said.pop("redacted")
        snapshot = Snapshot(
            manifests=refs,
            added=tuple(said.pop("added")),
            redacted=Redaction(**redacted) if redacted else None,
            **said,
        )
    except (KeyError, TypeError) as error:
        raise _damaged(path, str(error)) from error
    if digest != snapshot.digest:
        raise _damaged(path, "its digest does not match")
    return snapshot


def forget_read() -> None:
    """Snapshots and manifests are read from their files again, whether or not those look as
    before: for whoever looks for damage."""
    _read_snapshot.cache_clear()
    _read_manifest.cache_clear()


def read_manifest(lake: Path, ref: ManifestRef) -> Manifest:
    """A manifest; LakeError if its file is not what was written."""
    path = manifest_path(lake, ref.name)
    try:
        return _read_manifest(path, ref, _state(path))
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error


@lru_cache(maxsize=512)
def _read_manifest(path: Path, ref: ManifestRef, state: "_State") -> Manifest:
    """Manifests never change, and every commit and opening reads all live ones."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != ref.sha256:
        raise _damaged(path, "its sha256 is not the one its snapshot names")
    said = json.loads(content)
    files = tuple(StoredFile(**file) for file in said.pop("files"))
    return Manifest(files=files, replaces=tuple(said.pop("replaces")), **said)


def live_files(lake: Path | str, snapshot: Snapshot) -> list[StoredFile]:
    """The files a snapshot's answers come from, in the order of table, contig, tier and path."""
    manifests = [read_manifest(Path(lake), ref) for ref in snapshot.manifests]
    return files_of(manifests)


def files_of(manifests: Iterable[Manifest]) -> list[StoredFile]:
    """The files of these manifests, without those that a rewrite among them replaces."""
    manifests = list(manifests)
    replaced = {path for manifest in manifests for path in manifest.replaces}
    files = [f for manifest in manifests for f in manifest.files if f.path not in replaced]
    return sorted(files, key=lambda f: (f.table, f.tier or "", f.contig or "", f.path))


def files_for_readers(lake: Path | str) -> list[StoredFile]:
    """The files that other engines may read: those of the current snapshot, and no others."""
    return live_files(lake, current_snapshot(lake))


def snapshot_numbers(lake: Path) -> list[int]:
    """The numbers of all snapshot files, those above the catalog's among them, ascending."""
    found = [p.stem for p in (lake / "snapshots").glob("*.json")]
    return sorted(int(stem) for stem in found if stem.isdecimal())


def current_snapshot(lake: Path | str) -> Snapshot:
    """The snapshot that the catalog shows: the last commit."""
    root = Path(lake)
    return read_snapshot(root, catalog_number(root))


def catalog_number(lake: Path) -> int:
    """The number of the snapshot that the catalog shows.

    The catalog's own digest tells it without opening a database; a catalog that somebody opened
    for writing has another digest, and is asked.
    """
    catalog = lake / CATALOG_FILE
    try:
        digest = hashlib.sha256(catalog.read_bytes()).hexdigest()
    except OSError as error:
        raise _damaged(catalog, error.strerror or str(error)) from error
    for number in reversed(snapshot_numbers(lake)):
        try:
            if read_snapshot(lake, number).digests.get(CATALOG_FILE) == digest:
                return number
        except LakeError:
            # One damaged snapshot does not hide the others; `check` names it.
            continue
    return _ask_catalog(catalog)


def _ask_catalog(catalog: Path) -> int:
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"ATTACH {sql_literal(str(catalog))} AS asked (READ_ONLY)")
        row = connection.execute("SELECT snapshot FROM asked.lake_info").fetchall()
        return int(row[0][0])
    except duckdb.Error as error:
        raise _damaged(catalog, str(error).splitlines()[0]) from error
    finally:
        connection.close()


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        said = json.loads(content)
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error
    except ValueError as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(said, dict) or _json_bytes(said) != content:
        raise _damaged(path, "it is not written the way allelake writes it")
    return said


def _json_bytes(said: Mapping[str, object]) -> bytes:
    return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()


# What tells a file from another that is put in its place.
_State = tuple[int, int, int]


def _state(path: Path) -> _State:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _said(value: "DataclassInstance") -> dict[str, Any]:
    """The fields of one value as they are: asdict() copies all that lies in them, slowly."""
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _damaged(path: Path, why: str) -> LakeError:
    return LakeError(
        f"{path}: is damaged or missing ({why}). Run `allelake check` to see what else is, and "
        "restore the file from a copy of the lake."
    )
