"""A change to a lake: staged, then visible whole or not at all."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace as with_changes
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from allelake.errors import LakeError
from allelake.warehouse import steps
from allelake.warehouse.catalog.file import LAKE_SQL, build_catalog, lake_sql
from allelake.warehouse.catalog.views import catalog_parts
from allelake.warehouse.cohorts.kin import with_kin
from allelake.warehouse.info import LAKE_FILE, LakeInfo, allelake_version, read_lake_info
from allelake.warehouse.live import MOST_LIVE_MANIFESTS, drop_dead, fold, manifests_to_fold
from allelake.warehouse.lock import hold_lock
from allelake.warehouse.quoting import path_component
from allelake.warehouse.results.staleness import has_kept_true, with_staleness
from allelake.warehouse.small_tables import (
    evaluate_cohorts,
    fit_small_table,
    read_small_tables,
    with_everybody,
    write_small_table,
)
from allelake.warehouse.snapshots import (
    CATALOG_FILE,
    Manifest,
    ManifestKind,
    ManifestRef,
    Snapshot,
    StoredFile,
    current_snapshot,
    files_of,
    manifest_path,
    read_manifest,
    snapshot_path,
)
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.tables import load_tables
from allelake.warehouse.upkeep.debris import STAGING, file_digest, remove_debris, was_interrupted
from allelake.warehouse.upkeep.merge import groups_to_merge, merge_files


@contextmanager
def begin(path: Path) -> Iterator["Transaction"]:
    """The one writer's transaction on a lake. Left without a commit, it leaves nothing behind."""
    info = read_lake_info(path)
    with hold_lock(path):
        snapshot = current_snapshot(path)
        _refuse_wal(path)
        if was_interrupted(path):
            remove_debris(path, snapshot.number, snapshot)
        yield from run_transaction(info, snapshot)


def run_transaction(info: LakeInfo, snapshot: Snapshot | None) -> Iterator["Transaction"]:
    """A transaction after `snapshot` (None: the first) under a lock that the caller holds."""
    staging = info.path / STAGING / uuid.uuid4().hex
    steps.make_folders(staging)
    transaction = Transaction(info, snapshot, staging)
    try:
        yield transaction
    finally:
        # What only lies in staging needs no search through the whole lake.
        if transaction.has_begun and not transaction.committed:
            remove_debris(info.path, snapshot.number if snapshot else 0, snapshot)
        steps.remove_folder(staging)


class Transaction:
    """What will become the next snapshot.

    `tables` holds the small tables whole; assign another table to change one. `cohort_members`
    is made anew at the commit from `samples` and `cohorts`. `column_comments[table][column]` is
    what the catalog says of a column that no declaration describes (an imported or INFO one).
    """

    def __init__(self, info: LakeInfo, snapshot: Snapshot | None, staging: Path) -> None:
        self.info = info
        self.staging = staging
        self.has_begun = False
        self.committed = False
        # Whether the commit leaves one manifest of data files, however few they are.
        self.folds_all = False
        self._parent = snapshot
        self._lake = info.path
        refs = snapshot.manifests if snapshot else ()
        self._live = {ref: read_manifest(self._lake, ref) for ref in refs}
        self._before = read_small_tables(self._lake, files_of(self._live.values()))
        self.tables: dict[str, pa.Table] = dict(self._before)
        comments = snapshot.column_comments if snapshot else {}
        self.column_comments = {table: dict(of) for table, of in comments.items()}
        self._staged: list[StagedFile] = []
        self._rewritten: list[StagedFile] = []
        self._replaced: list[str] = []
        self._stored: list[StagedFile] = []
        self._forgotten: list[str] = []

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that this transaction starts from."""
        if self._parent is None:
            raise ValueError("the first commit of a lake starts from no snapshot")
        return self._parent

    @property
    def number(self) -> int:
        """The number of the snapshot that the commit makes."""
        return self._parent.number + 1 if self._parent else 1

    @property
    def live_files(self) -> list[StoredFile]:
        """The files that were live before this change."""
        return files_of(self._live.values())

    def add(self, files: Iterable[StagedFile]) -> None:
        """Files in staging that become part of the lake at the commit."""
        self._staged += files

    def rewrite(self, files: Iterable[StagedFile], replaces: Iterable[str]) -> None:
        """Files in staging that stand for live ones, given by their paths in the lake."""
        self._rewritten += files
        self._replaced += replaces

    def unrelated_files(self) -> list[Path]:
        """Files of stored unrelated sets, those that the commit brings among them."""
        staged = [file.path for file in self._stored if file.table == "unrelated"]
        live = [self._lake / f.path for f in self.live_files if f.table == "unrelated"]
        return staged + live

    def store(self, files: Iterable[StagedFile]) -> None:
        """Files of a result in staging, of derived tables (see `results.begin_result`)."""
        self._stored += files

    def forget(self, paths: Iterable[str]) -> None:
        """Live files of results that are no more, by their paths in the lake."""
        self._forgotten += paths

    def commit(self, operation: str, detail: Mapping[str, object]) -> Snapshot:
        """Makes everything visible in one step, and returns the snapshot that shows it."""
        self.has_begun = True
        number = self.number
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        fresh = self._manifests(number, now, {"operation": operation, **detail})
        live = self._few(drop_dead({**self._live, **fresh}), fresh, number)
        self._forget_unborn(fresh, live)
        snapshot = Snapshot(
            number=number,
            parent=self._parent.number if self._parent else None,
            parent_digest=self._parent.committed_digest if self._parent else None,
            operation=operation,
            time=now,
            allelake_version=allelake_version(),
            detail=dict(detail),
            manifests=tuple(live),
            added=tuple(ref.name for ref in fresh),
            column_comments=self.column_comments,
        )
        digests = self._stage_catalog(snapshot, files_of(live.values()))
        snapshot = with_changes(snapshot, digests=digests)
        self._publish(snapshot, fresh)
        return snapshot

    def _manifests(
        self, number: int, now: str, detail: Mapping[str, object]
    ) -> dict[ManifestRef, Manifest]:
        """The manifests of this commit; their data files are in place, and not visible yet."""
        fresh: dict[ManifestRef, Manifest] = {}

        def note(
            kind: ManifestKind, files: Iterable[StoredFile], replaces: Iterable[str] = ()
        ) -> None:
            manifest = Manifest(kind, number, detail, tuple(files), tuple(replaces))
            fresh[manifest.ref()] = manifest

        tables = self._small_tables(now)
        if self._staged:
            note("batch", self._place(self._staged))
        live = files_of([*self._live.values(), *fresh.values()])
        kept = [file for file in live if file.path not in self._replaced]
        for part, group in enumerate(groups_to_merge(kept)):
            merged = merge_files(self._lake, group, self.staging, part)
            self.rewrite([merged], (file.path for file in group))
        if self._rewritten or self._replaced:
            note("rewrite", self._place(self._rewritten), self._replaced)
        self._keep_true(tables, files_of([*self._live.values(), *fresh.values()]))
        tables["results"] = with_staleness(self._before, tables, number)
        if self._stored or self._forgotten:
            note("derived", self._place(self._stored), self._forgotten)
        metadata = self._metadata_files(tables)
        if metadata is not None:
            note("metadata", metadata)
        return fresh

    def _keep_true(self, tables: dict[str, pa.Table], files: list[StoredFile]) -> None:
        """Brings stored frequencies from what was live to `files` and `tables`."""
        if not has_kept_true(self._before):
            return
        from allelake.warehouse.strata.keep import keep_true
        from allelake.warehouse.strata.state import State

        before = State(self.info, self.live_files, self._before)
        kept = keep_true(before, State(self.info, files, tables), self.staging, self.number)
        tables["results"] = kept.results
        self.store(kept.added)
        self.forget(kept.gone)

    def _few(
        self,
        live: dict[ManifestRef, Manifest],
        fresh: dict[ManifestRef, Manifest],
        number: int,
    ) -> dict[ManifestRef, Manifest]:
        """The live manifests, small ones folded into one of this commit if they are too many."""
        small = manifests_to_fold(live, 1 if self.folds_all else MOST_LIVE_MANIFESTS)
        if not small:
            return live
        # A commit that merges has a rewrite already, and the two would have one name.
        rewrites = [ref for ref in fresh if ref.kind == "rewrite"]
        small += [ref for ref in rewrites if ref in live and ref not in small]
        one = fold(live, small, number, {"operation": "fold", "manifests": len(small)})
        for ref in rewrites:
            del fresh[ref]
        fresh[one.ref()] = one
        kept = {ref: manifest for ref, manifest in live.items() if ref not in small}
        return {**kept, one.ref(): one}

    def _forget_unborn(
        self, fresh: dict[ManifestRef, Manifest], live: Mapping[ManifestRef, Manifest]
    ) -> None:
        """Takes away files that came and were merged in this one commit, and their manifest."""
        named = {file.path for manifest in live.values() for file in manifest.files}
        for ref in [ref for ref in fresh if ref not in live]:
            for file in fresh.pop(ref).files:
                if ref.kind == "batch" and file.path not in named:
                    steps.unlink(self._lake / file.path)

    def _small_tables(self, now: str) -> dict[str, pa.Table]:
        """The small tables as they will be, with the members of cohorts."""
        tables = {name: fit_small_table(name, rows) for name, rows in self.tables.items()}
        tables["cohorts"] = with_everybody(tables["cohorts"], now)
        asked = with_kin(tables, tables["cohorts"], self.unrelated_files())
        tables["cohort_members"] = evaluate_cohorts(tables["samples"], tables["cohorts"], asked)
        return tables

    def _metadata_files(self, tables: Mapping[str, pa.Table]) -> list[StoredFile] | None:
        """The files of all small tables, changed ones written anew; None if none changed."""
        changed = [name for name in tables if not tables[name].equals(self._before[name])]
        if not changed:
            return None
        staged = [
            f for name in changed for f in write_small_table(name, tables[name], self.staging)
        ]
        kept = [
            file
            for ref, manifest in self._live.items()
            if ref.kind == "metadata"
            for file in manifest.files
            if file.table not in changed
        ]
        return kept + self._place(staged)

    def _place(self, staged: Iterable[StagedFile]) -> list[StoredFile]:
        return place_files(self._lake, staged)

    def _stage_catalog(self, snapshot: Snapshot, files: list[StoredFile]) -> dict[str, str]:
        """Catalog and lake.sql in staging, tried and synced; the digests of what will be there."""
        parts = catalog_parts(self.info, snapshot, files)
        catalog = self.staging / CATALOG_FILE
        build_catalog(catalog, self._lake, parts)
        catalog.chmod(0o444)
        steps.sync_file(catalog)
        text = self.staging / LAKE_SQL
        steps.write_file(text, lake_sql(snapshot, parts.statements()).encode())
        named = {CATALOG_FILE: catalog, LAKE_SQL: text, LAKE_FILE: self._lake / LAKE_FILE}
        return {name: file_digest(path) or "" for name, path in named.items()}

    def _publish(self, snapshot: Snapshot, fresh: Mapping[ManifestRef, Manifest]) -> None:
        for ref, manifest in fresh.items():
            self._link(manifest_path(self._lake, ref.name), manifest.to_bytes())
        self._link(snapshot_path(self._lake, snapshot.number), snapshot.to_bytes())
        _refuse_wal(self._lake)
        # This is the commit: before it nothing is visible, after it everything.
        steps.replace(self.staging / CATALOG_FILE, self._lake / CATALOG_FILE)
        self.committed = True
        steps.sync_folder(self._lake)
        steps.replace(self.staging / LAKE_SQL, self._lake / LAKE_SQL)
        steps.sync_folder(self._lake)

    def _link(self, target: Path, content: bytes) -> None:
        """A synced file under a name that must be free."""
        staged = self.staging / target.name
        steps.make_folders(target.parent)
        steps.write_file(staged, content)
        steps.link(staged, target)
        steps.sync_folder(target.parent)


def place_files(lake: Path, staged: Iterable[StagedFile]) -> list[StoredFile]:
    """Moves files from staging to where they belong in the lake, and syncs the folders."""
    placed, folders = [], set()
    for file in staged:
        folder = _folder_of(file)
        steps.make_folders(lake / folder)
        steps.sync_file(file.path)
        path = folder / file.path.name
        # A file of the same name has the same digest, so replacing it changes nothing.
        steps.rename(file.path, lake / path)
        folders.add(lake / folder)
        placed.append(_stored(file, path.as_posix()))
    for each in folders:
        steps.sync_folder(each)
    return placed


def _folder_of(file: StagedFile) -> Path:
    values = {"tier": file.tier, "contig": file.contig}
    partition = load_tables()[file.table].partition
    folders = (f"{name}={path_component(values[name] or '')}" for name in partition)
    return Path("data", file.table, *folders)


def _stored(file: StagedFile, path: str) -> StoredFile:
    return StoredFile(
        table=file.table,
        contig=file.contig,
        tier=file.tier,
        path=path,
        rows=file.rows,
        bytes=file.bytes,
        sha256=file.sha256,
        first_position=file.first_position,
        last_position=file.last_position,
        further_columns=file.further_columns,
    )


def _refuse_wal(lake: Path) -> None:
    wal = lake / f"{CATALOG_FILE}.wal"
    if wal.exists():
        raise LakeError(
            f"{wal}: is there, so somebody has the catalog open for writing, or did. Close that "
            "DuckDB (open it with -readonly), remove the file if nobody has it open, run again."
        )
