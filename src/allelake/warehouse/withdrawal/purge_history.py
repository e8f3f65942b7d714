"""Manifests and snapshots without the people who were removed: what a purge puts in their place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as with_changes
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from allelake.warehouse.results.derived import PEOPLE_LEFT, result_of, result_rows, results_with
from allelake.warehouse.small_tables import (
    SMALL_TABLES,
    fit_small_table,
    read_small_tables,
    write_small_table,
)
from allelake.warehouse.snapshots import (
    Manifest,
    ManifestRef,
    Redaction,
    Snapshot,
    StoredFile,
    files_of,
    read_manifest,
    read_snapshot,
    snapshot_numbers,
)
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.tables import load_tables
from allelake.warehouse.withdrawal.masks import joint_only
from allelake.warehouse.withdrawal.names import GoneNames
from allelake.warehouse.withdrawal.purge_files import FileRewriter
from allelake.warehouse.withdrawal.removals import table_like, with_removed
from allelake.warehouse.withdrawal.removed import Removed, people_names


@dataclass(frozen=True)
class History:
    """The snapshots of a lake and every manifest that one of them names."""

    snapshots: tuple[Snapshot, ...]
    manifests: Mapping[ManifestRef, Manifest]

    @property
    def files(self) -> dict[str, StoredFile]:
        """Every file of any snapshot, by path."""
        return {file.path: file for m in self.manifests.values() for file in m.files}


def read_history(lake: Path, committed: int) -> History:
    """All snapshots up to the committed one."""
    snapshots = [read_snapshot(lake, n) for n in snapshot_numbers(lake) if n <= committed]
    refs = {ref: None for snapshot in snapshots for ref in snapshot.manifests}
    return History(tuple(snapshots), {ref: read_manifest(lake, ref) for ref in refs})


@dataclass
class Purged:
    """What takes the place of what: `files` None where nothing is left of the old one."""

    files: dict[str, StagedFile | None] = field(default_factory=dict)
    manifests: dict[ManifestRef, Manifest] = field(default_factory=dict)


def gone_names(lake: Path, history: History, today: Iterable[StoredFile]) -> set[str]:
    """Names of people whom a withdrawal took out, and whom a snapshot before it still has.

    A name that another import took out (a father who was mistaken for one) is none of them.
    """
    by_number = {snapshot.number: snapshot for snapshot in history.snapshots}
    gone: set[str] = set()
    for snapshot in history.snapshots:
        # A vacuum removes what is before a snapshot together with the one right before it.
        before = by_number.get(snapshot.parent or 0)
        if snapshot.operation == "withdraw" and before is not None:
            gone |= _people_of(lake, history, before) - _people_of(lake, history, snapshot)
    return gone - people_names(lake, today) if gone else gone


def _people_of(lake: Path, history: History, snapshot: Snapshot) -> set[str]:
    files = _metadata(history, snapshot)
    return people_names(lake, [file for file in files if (lake / file.path).exists()])


def purge_data_files(
    lake: Path,
    folder: Path,
    history: History,
    today: Iterable[StoredFile],
    removed: Removed,
    names: GoneNames,
    purged: Purged,
) -> None:
    """Writes every data file that holds people removed again, into `folder`."""
    # A vacuum removes files that a manifest lists and another one replaces in every snapshot.
    there = (file for file in history.files.values() if (lake / file.path).exists())
    files = [file for file in there if file.table not in SMALL_TABLES]
    today = list(today)
    live = {file.path for file in today if file.table == "sites"}
    for path in _counted_with_them(lake, history, removed, {file.path for file in today}):
        purged.files[path] = None
    with (
        FileRewriter(lake, folder, files, removed, names) as rewriter,
        # Today's sites of per-sample batches were written anew when the people were removed.
        FileRewriter(lake, folder, files, joint_only(removed), names) as of_joint,
    ):
        for file in files:
            if file.path in purged.files:
                continue
            if (of_joint if file.path in live else rewriter).is_touched(file):
                # The number keeps two files apart that are alike once the people are gone.
                purged.files[file.path] = rewriter.rewrite(file, len(purged.files))


def _counted_with_them(
    lake: Path, history: History, removed: Removed, today: set[str]
) -> Iterator[str]:
    """Files of earlier snapshots that count people together, those removed among them.

    What is live today was counted anew when they were removed.
    """
    for snapshot in history.snapshots:
        rows = result_rows(lake, _metadata(history, snapshot)) if removed.numbers else []
        results = results_with(rows, removed.every_number)
        manifests = [history.manifests[ref] for ref in snapshot.manifests] if results else []
        for file in files_of(manifests):
            is_sum = load_tables()[file.table].sums_people and file.path not in today
            if is_sum and result_of(file) in results:
                yield file.path


def purge_small_tables(
    lake: Path,
    folder: Path,
    history: History,
    numbers: set[int],
    names: GoneNames,
    at: datetime,
    purged: Purged,
) -> None:
    """Writes the small tables of every snapshot again that name people who are gone."""
    last = history.snapshots[-1]
    today = read_small_tables(lake, _metadata(history, last))
    variants = {row["batch"]: row["variants"] for row in today["batches"].to_pylist()}
    for ref, manifest in history.manifests.items():
        if ref.kind != "metadata":
            continue
        before = read_small_tables(lake, manifest.files)
        after = _small_tables(before, numbers, names, at, variants)
        for file in manifest.files:
            rows = fit_small_table(file.table, after[file.table])
            if file.path in purged.files or rows.equals(before[file.table]):
                continue
            purged.files[file.path] = _named_apart(file.table, rows, folder, len(purged.files))


def _metadata(history: History, snapshot: Snapshot) -> list[StoredFile]:
    refs = [ref for ref in snapshot.manifests if ref.kind == "metadata"]
    return [file for ref in refs for file in history.manifests[ref].files]


def _small_tables(
    before: Mapping[str, pa.Table],
    numbers: set[int],
    names: GoneNames,
    at: datetime,
    variants: Mapping[int, int],
) -> dict[str, pa.Table]:
    """The small tables of one snapshot as a purge leaves them."""
    after = {**before, **with_removed(before, numbers, kind="replaced", names=names.gone)}
    members = before["cohort_members"].to_pylist()
    kept = [row for row in members if row["sample_number"] not in numbers]
    # A cohort that bore a name was dropped before the withdrawal, and is in the past.
    for table, rows in (("cohort_members", kept), ("cohorts", after["cohorts"].to_pylist())):
        called = [{**row, "cohort": names.redacted(row["cohort"])} for row in rows]
        after[table] = table_like(before[table], called)
    told = [
        {
            **row,
            "purged_at": row["purged_at"] or (at if row["sample_number"] in numbers else None),
            "reason": row["reason"] and names.redacted(row["reason"]),
        }
        for row in before["removals"].to_pylist()
    ]
    after["removals"] = table_like(before["removals"], told)
    after["results"] = _results_without(before["results"], after["results"])
    counted = [
        {**row, "variants": variants.get(row["batch"], row["variants"])}
        for row in after["batches"].to_pylist()
    ]
    after["batches"] = table_like(before["batches"], counted)
    return after


def _results_without(before: pa.Table, after: pa.Table) -> pa.Table:
    """The results of an earlier snapshot; one computed from people who are gone says so.

    As before the purge, when they are out of sight in it. Its counts of people are gone too.
    """
    rows = []
    for old, row in zip(before.to_pylist(), after.to_pylist(), strict=True):
        if row["sample_numbers"] != old["sample_numbers"]:
            row["stale_since"] = row["stale_since"] or row["snapshot"]
            row["stale_reason"] = row["stale_reason"] or PEOPLE_LEFT
        rows.append(row)
    return table_like(after, rows)


def _named_apart(table: str, rows: pa.Table, folder: Path, part: int) -> StagedFile | None:
    staged = write_small_table(table, rows, folder)
    if not staged:
        return None
    path = staged[0].path.with_name(staged[0].path.name.replace("-p0000-", f"-p{part:04d}-"))
    staged[0].path.rename(path)
    return with_changes(staged[0], path=path)


def purged_manifest(
    manifest: Manifest, placed: Mapping[str, StoredFile | None], names: GoneNames, purge: int
) -> Manifest:
    """The manifest that names the new files, and no person; itself if nothing changes."""
    files = [placed.get(file.path, file) for file in manifest.files]
    replaced = [(path, placed.get(path, path)) for path in manifest.replaces]
    changed = with_changes(
        manifest,
        files=tuple(file for file in files if file is not None),
        replaces=tuple(
            new if isinstance(new, str) else new.path for _, new in replaced if new is not None
        ),
        detail=scrubbed(manifest.detail, names),
    )
    return manifest if changed == manifest else with_changes(changed, purge=purge)


def purged_snapshot(
    snapshot: Snapshot,
    refs: Mapping[ManifestRef, ManifestRef],
    names: GoneNames,
    redaction: Redaction,
) -> Snapshot:
    """The snapshot without them, which says so; itself if it never had them."""
    renamed = {old.name: new.name for old, new in refs.items()}
    changed = with_changes(
        snapshot,
        manifests=tuple(refs.get(ref, ref) for ref in snapshot.manifests),
        added=tuple(renamed.get(name, name) for name in snapshot.added),
        detail=scrubbed(snapshot.detail, names),
        column_comments=scrubbed(snapshot.column_comments, names),
    )
    return snapshot if changed == snapshot else with_changes(changed, redacted=redaction)


def scrubbed(said: Any, names: GoneNames) -> Any:
    """A JSON value without these names in any of its texts."""
    if isinstance(said, str):
        return names.redacted(said)
    if isinstance(said, Mapping):
        return {scrubbed(key, names): scrubbed(value, names) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [scrubbed(each, names) for each in said]
    return said
