"""Whether a lake is what was written, and whether its numbers agree with each other."""

from collections.abc import Callable
from pathlib import Path

from allelake.errors import LakeError
from allelake.warehouse.check_counts import check_counts, count_checks
from allelake.warehouse.check_files import check_history, check_stored_files
from allelake.warehouse.check_parquet import check_parquet_file
from allelake.warehouse.finding import Finding
from allelake.warehouse.info import LAKE_FILE, read_lake_info
from allelake.warehouse.snapshots import files_of

__all__ = ["Finding", "check_lake"]

# Called with the number of steps done, and of all.
Progress = Callable[[int, int], None]


def check_lake(path: Path | str, *, progress: Progress | None = None) -> list[Finding]:
    """Everything that is wrong with a lake, errors first; empty if nothing is.

    Read: every byte of every file that a snapshot names. Counts are compared only if the files
    are what was written, since damaged ones would only repeat the damage.
    """
    lake = Path(path)
    try:
        info = read_lake_info(lake)
    except LakeError as error:
        if not (lake / LAKE_FILE).is_file():
            raise
        return [Finding("error", LAKE_FILE, "It cannot be read.", str(error), "as written")]
    history = check_history(lake)
    findings = list(history.findings)
    live = files_of(history.manifests)
    of_snapshot = {file.path: file for file in history.every_file} | {f.path: f for f in live}
    contigs = sorted({file.contig for file in live if file.contig is not None})
    total = len(of_snapshot) + len(live) + count_checks(contigs)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    damaged = set()
    live_paths = {file.path for file in live}
    for finding_path, finding in check_stored_files(lake, of_snapshot.values(), live_paths, step):
        findings.append(finding)
        damaged.add(finding_path)
    for file in live:
        if file.path not in damaged:
            found = check_parquet_file(lake, file)
            findings += found
            damaged |= {file.path} if found else set()
        step()
    if history.snapshot is None or damaged & live_paths or not history.is_whole:
        if findings:
            findings.append(_counts_not_compared())
    else:
        findings += check_counts(info, history.snapshot, live, contigs, step)
    return sorted(findings, key=lambda finding: finding.severity != "error")


def _counts_not_compared() -> Finding:
    return Finding(
        "info",
        "counts",
        "The tables were not compared with each other, because files are damaged.",
        "the findings above",
        "whole files",
    )
