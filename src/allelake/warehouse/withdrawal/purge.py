"""The purge: files, manifests and snapshots without the people who were removed.

The order makes it safe to be killed anywhere. New files and manifests are put beside the old
ones. Then each snapshot, the oldest first, is replaced by one that names the new files. Then a
commit shows them, and only then what no snapshot names any more is removed. A receipt without an
end, written before the first of these steps, tells the next purge that there is something to
complete.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace as with_changes
from datetime import UTC, datetime
from pathlib import Path

from allelake.warehouse import steps
from allelake.warehouse.commit import begin, place_files, run_transaction
from allelake.warehouse.info import LakeInfo, allelake_version, read_lake_info
from allelake.warehouse.lock import hold_lock
from allelake.warehouse.snapshots import (
    ManifestRef,
    Redaction,
    Snapshot,
    StoredFile,
    current_snapshot,
    live_files,
    manifest_path,
    snapshot_path,
)
from allelake.warehouse.upkeep.debris import STAGING, orphans
from allelake.warehouse.withdrawal.names import GoneNames
from allelake.warehouse.withdrawal.purge_history import (
    Purged,
    gone_names,
    purge_data_files,
    purge_small_tables,
    purged_manifest,
    purged_snapshot,
    read_history,
)
from allelake.warehouse.withdrawal.receipts import (
    Receipt,
    digests_of,
    unfinished_receipt,
    write_receipt,
)
from allelake.warehouse.withdrawal.removed import Removed, people_names, removed_now


def purge(lake: Path) -> Receipt | None:
    """Takes people who were removed out of every file, of the past too; None if nobody is left.

    Killed anywhere, the lake answers as before, and the next purge completes it. A reader that
    opened an earlier snapshot may be told that its files are gone.
    """
    info = read_lake_info(lake)
    with begin(lake):
        # Takes away what an interrupted writer left, and refuses a catalog opened for writing.
        pass
    with hold_lock(lake):
        return _Purge(info).run()


class _Purge:
    def __init__(self, info: LakeInfo) -> None:
        self._info, self._lake = info, info.path
        self._current = current_snapshot(self._lake)
        self._history = read_history(self._lake, self._current.number)
        self._today = live_files(self._lake, self._current)
        self._removed = removed_now(self._lake, self._today)
        gone = gone_names(self._lake, self._history, self._today)
        self._names = GoneNames(gone, people_names(self._lake, self._today))
        self._now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)

    def run(self) -> Receipt | None:
        """The whole purge; the lock is held."""
        before = unfinished_receipt(self._lake)
        if before is None and self._removed is None and not self._names:
            return None
        with self._staging() as staging:
            receipt = before or self._begun()
            purged = self._new_files(staging)
            placed = _place(self._lake, purged)
            snapshots, refs = self._new_history(purged, placed)
            receipt = self._told(receipt, placed, snapshots)
            write_receipt(self._lake, staging, receipt)
            self._redact(staging, purged, refs, snapshots)
        self._current = current_snapshot(self._lake)
        # As long as this folder is there, the next writer looks for what is to be removed.
        with self._staging():
            if before is not None or snapshots:
                self._current = self._commit(receipt)
            return self._finish(receipt)

    def _begun(self) -> Receipt:
        return Receipt(
            id=uuid.uuid4().hex,
            allelake_version=allelake_version(),
            started_at=f"{self._now}",
            finished_at=None,
            sample_numbers=(),
            batches=(),
            redacted_snapshots=(),
            rewritten={},
            before=digests_of(self._lake, self._history.files.values()),
        )

    def _new_files(self, staging: Path) -> Purged:
        purged = Purged()
        removed = self._removed or Removed({})
        if removed.numbers or self._names:
            purge_data_files(
                self._lake, staging, self._history, self._today, removed, self._names, purged
            )
        purge_small_tables(
            self._lake,
            staging,
            self._history,
            set(removed.every_number),
            self._names,
            self._now,
            purged,
        )
        return purged

    def _new_history(
        self, purged: Purged, placed: Mapping[str, StoredFile | None]
    ) -> tuple[list[Snapshot], dict[ManifestRef, ManifestRef]]:
        """The snapshots that change, the oldest first, and the manifests they name instead."""
        number = self._current.number + 1
        # Snapshots that an interrupted purge redacted name manifests of this number already.
        taken = {ref.name: ref for ref in self._history.manifests}
        refs = {}
        for ref, manifest in self._history.manifests.items():
            fresh = purged_manifest(manifest, placed, self._names, number)
            if fresh != manifest:
                while taken.setdefault(fresh.ref().name, fresh.ref()) != fresh.ref():
                    fresh = with_changes(fresh, purge=(fresh.purge or number) + 1)
                purged.manifests[fresh.ref()] = fresh
                refs[ref] = fresh.ref()
        changed = []
        for snapshot in self._history.snapshots:
            redaction = Redaction(f"{self._now}", number, snapshot.committed_digest)
            fresh_snapshot = purged_snapshot(snapshot, refs, self._names, redaction)
            if fresh_snapshot != snapshot:
                changed.append(fresh_snapshot)
        return changed, refs

    def _told(
        self,
        receipt: Receipt,
        placed: Mapping[str, StoredFile | None],
        snapshots: list[Snapshot],
    ) -> Receipt:
        """The receipt with what is about to be done, what an interrupted one did included."""
        removed = self._removed or Removed({})
        rewritten = {old: new.path if new else None for old, new in placed.items()}
        redacted = {*receipt.redacted_snapshots, *(s.number for s in snapshots)}
        return with_changes(
            receipt,
            sample_numbers=tuple(sorted({*receipt.sample_numbers, *removed.every_number})),
            batches=tuple(sorted({*receipt.batches, *removed.numbers})),
            redacted_snapshots=tuple(sorted(redacted)),
            rewritten={**receipt.rewritten, **rewritten},
        )

    def _redact(
        self,
        staging: Path,
        purged: Purged,
        refs: Mapping[ManifestRef, ManifestRef],
        snapshots: list[Snapshot],
    ) -> None:
        """Puts manifests beside the old ones, then snapshots in the place of the old ones."""
        for ref in refs.values():
            staged = staging / ref.name
            steps.write_file(staged, purged.manifests[ref].to_bytes())
            # An interrupted purge may have left one of the same name, of other files.
            steps.replace(staged, manifest_path(self._lake, ref.name))
        steps.sync_folder(self._lake / "manifests")
        for snapshot in snapshots:
            target = snapshot_path(self._lake, snapshot.number)
            staged = staging / target.name
            steps.write_file(staged, snapshot.to_bytes())
            steps.replace(staged, target)
            steps.sync_folder(target.parent)

    def _commit(self, receipt: Receipt) -> Snapshot:
        """A commit whose catalog names the new files only."""
        detail = {"receipt": receipt.id, "samples": len(receipt.sample_numbers)}
        with contextmanager(run_transaction)(self._info, self._current) as transaction:
            return transaction.commit("purge", detail)

    def _finish(self, receipt: Receipt) -> Receipt:
        """Removes what no snapshot names, and ends the receipt."""
        for path in orphans(self._lake, self._current.number):
            steps.unlink(path)
        for folder in ("data", "manifests"):
            steps.sync_folder(self._lake / folder)
        after = digests_of(self._lake, live_files(self._lake, self._current))
        then = {file.path: file.sha256 for file in receipt.before}
        now = {file.path: file.sha256 for file in after}
        done = with_changes(
            receipt,
            finished_at=f"{datetime.now(UTC).replace(tzinfo=None, microsecond=0)}",
            # An interrupted purge may have announced files that were taken away again.
            rewritten={
                old: new for old, new in receipt.rewritten.items() if new is None or new in now
            },
            after=after,
            removed=tuple(sorted(set(then) - set(now))),
            kept=tuple(sorted(path for path in then if now.get(path) == then[path])),
            snapshot=self._current.number,
        )
        with self._staging() as staging:
            write_receipt(self._lake, staging, done)
        return done

    @contextmanager
    def _staging(self) -> Iterator[Path]:
        folder = self._lake / STAGING / uuid.uuid4().hex
        steps.make_folders(folder)
        try:
            yield folder
        finally:
            steps.remove_folder(folder)


def _place(lake: Path, purged: Purged) -> dict[str, StoredFile | None]:
    """Moves the new files into the lake; for each old path what stands there now."""
    staged = {old: new for old, new in purged.files.items() if new is not None}
    stored = place_files(lake, staged.values())
    placed: dict[str, StoredFile | None] = dict.fromkeys(purged.files)
    return placed | dict(zip(staged, stored, strict=True))
