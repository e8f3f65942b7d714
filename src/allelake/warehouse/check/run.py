"""Whether a lake is what was written, and whether its numbers agree with each other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from allelake.errors import LakeError
from allelake.warehouse.check.counts import check_counts, count_checks
from allelake.warehouse.check.files import check_history, check_stored_files
from allelake.warehouse.check.finding import Finding
from allelake.warehouse.check.parquet_file import check_parquet_file
from allelake.warehouse.info import LAKE_FILE, allelake_version, read_lake_info
from allelake.warehouse.snapshots import CATALOG_FILE, Snapshot, StoredFile, files_of

__all__ = ["Finding", "check_lake"]

# Called with the number of steps done, and of all.
Progress = Callable[[int, int], None]


def check_lake(
    path: Path | str, *, progress: Progress | None = None, is_deep: bool = False
) -> list[Finding]:
    """Everything that is wrong with a lake, errors first; empty if nothing is.

    Read: every byte of every file that a snapshot names. Counts are compared only if the files
    are what was written, since damaged ones would only repeat the damage. AN is compared with what
    each sample adds to it at some variants; with `is_deep` at all of them, which takes long.
    """
    lake = Path(path)
    try:
        info = read_lake_info(lake)
    except LakeError as error:
        if not (lake / LAKE_FILE).is_file():
            raise
        return [Finding("error", LAKE_FILE, "It cannot be read.", str(error), "as written")]
    history = check_history(lake)
    live = files_of(history.manifests)
    contigs = sorted({file.contig for file in live if file.contig is not None})
    every_file = {file.path: file for file in history.every_file}
    step = _Steps(len(every_file) + len(live) + count_checks(contigs), progress)
    damage = _damaged_files(lake, every_file, live, step)
    findings = [*history.findings, *damage, *_catalog_of(history.snapshot)]
    if history.snapshot is not None and history.is_whole and not damage:
        findings += check_counts(info, history.snapshot, live, contigs, step, is_deep)
    else:
        findings.append(_counts_not_compared())
    return sorted(findings, key=lambda finding: finding.severity != "error")


def _damaged_files(
    lake: Path, every_file: Mapping[str, StoredFile], live: Sequence[StoredFile], step: "_Steps"
) -> list[Finding]:
    """Files with other bytes than were committed, and live ones of another form than declared."""
    live_paths = {file.path for file in live}
    damaged = dict(check_stored_files(lake, every_file.values(), live_paths, step))
    findings = list(damaged.values())
    for file in live:
        if file.path not in damaged:
            findings += check_parquet_file(lake, file)
        step()
    return findings


class _Steps:
    """Tells how far the check is, each time it is called."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def __call__(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def _catalog_of(snapshot: Snapshot | None) -> Iterator[Finding]:
    if snapshot is not None and snapshot.allelake_version != allelake_version():
        yield Finding(
            "info",
            CATALOG_FILE,
            "Its macros are of another version. allelake itself asks with its own; programs that "
            "attach the file ask with these, until the next commit, or `allelake compact`.",
            f"allelake {snapshot.allelake_version}",
            f"allelake {allelake_version()}",
        )


def _counts_not_compared() -> Finding:
    return Finding(
        "info",
        "counts",
        "The tables were not compared with each other, because files are damaged.",
        "the findings above",
        "whole files",
    )
