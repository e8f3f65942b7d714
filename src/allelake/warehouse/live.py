"""Which manifests a snapshot has to name: superseded ones dropped, small ones made one."""

from collections.abc import Iterable, Mapping

from allelake.warehouse.snapshots import (
    Manifest,
    ManifestRef,
    Snapshot,
    StoredFile,
    files_of,
)

# Each commit and each opening reads all live manifests.
MOST_LIVE_MANIFESTS = 64
_MANIFESTS_AFTER_FOLD = 32


def drop_dead(live: Mapping[ManifestRef, Manifest]) -> dict[ManifestRef, Manifest]:
    """Without superseded metadata, and without manifests of which no file is live any more.

    A rewrite goes only when every file it replaces is gone from the list too; otherwise those
    would come back to life.
    """
    metadata = [ref for ref in live if ref.kind == "metadata"]
    kept = {ref: m for ref, m in live.items() if ref not in metadata[:-1]}
    while True:
        shown = {file.path for file in files_of(kept.values())}
        named = {file.path for manifest in kept.values() for file in manifest.files}
        dead = [
            ref
            for ref, manifest in kept.items()
            if ref.kind != "metadata"
            and not any(file.path in shown for file in manifest.files)
            and not any(path in named for path in manifest.replaces)
        ]
        if not dead:
            return kept
        kept = {ref: manifest for ref, manifest in kept.items() if ref not in dead}


def manifests_to_fold(
    live: Mapping[ManifestRef, Manifest], most: int = MOST_LIVE_MANIFESTS
) -> list[ManifestRef]:
    """The smallest of too many manifests, to make one of; none where they are few enough.

    Folding down to half makes each fold pay for the next 32 commits.
    """
    refs = [ref for ref in live if ref.kind != "metadata"]
    if len(refs) <= most:
        return []
    after = min(most, _MANIFESTS_AFTER_FOLD)
    by_size = sorted(refs, key=lambda ref: (len(live[ref].files), ref.name))
    return by_size[: len(refs) - after + 1]


def fold(
    live: Mapping[ManifestRef, Manifest],
    folded: Iterable[ManifestRef],
    snapshot: int,
    detail: Mapping[str, object],
) -> Manifest:
    """One manifest in the place of several: their live files, and what they still replace."""
    folded = list(folded)
    shown = {file.path for file in files_of(live.values())}
    staying = {f.path for ref, m in live.items() if ref not in folded for f in m.files}
    files = {f.path: f for ref in folded for f in live[ref].files if f.path in shown}
    replaced = {path: None for ref in folded for path in live[ref].replaces if path in staying}
    return Manifest("rewrite", snapshot, detail, tuple(files.values()), tuple(replaced))


def files_of_any(
    manifests: Mapping[ManifestRef, Manifest], snapshots: Iterable[Snapshot]
) -> dict[str, StoredFile]:
    """The files, by path, that are live in at least one of the snapshots.

    A file that a manifest lists and another one replaces is live only in snapshots that name the
    first without the second.
    """
    snapshots = list(snapshots)
    # One bit for each snapshot: thousands of them name the same manifests.
    named = dict.fromkeys(manifests, 0)
    for number, snapshot in enumerate(snapshots):
        for ref in snapshot.manifests:
            if ref in named:
                named[ref] |= 1 << number
    replaced: dict[str, list[ManifestRef]] = {}
    for ref, manifest in manifests.items():
        for path in manifest.replaces:
            replaced.setdefault(path, []).append(ref)
    found: dict[str, StoredFile] = {}
    for ref, manifest in manifests.items():
        for file in manifest.files:
            left = named[ref]
            for replacing in replaced.get(file.path, ()):
                left &= ~named[replacing]
            if left:
                found[file.path] = file
    return found
