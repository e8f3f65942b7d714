"""Which files make which batch: grouped by their samples, without those the lake has."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from allelake.counted import counted
from allelake.errors import InputError
from allelake.ingest.planning.values import KnownFile
from allelake.ingest.spec import FileReport, Notice

NAMES_SHOWN = 5


def check_expected_records(reports: Sequence[FileReport], expected: int | None) -> None:
    """Refuse files that together have another number of records than the user expects."""
    found = sum(report.records for report in reports)
    if expected is None or found == expected:
        return
    each = ", ".join(f"{report.path.name} {report.records}" for report in reports[:20])
    raise InputError(
        f"{counted(found, 'record')} in {counted(len(reports), 'file')}; --expect-records says "
        f"{expected} ({each}). A file was cut or is missing, or the number belongs to other files."
    )


def leave_out_known(
    reports: Sequence[FileReport], tables: Mapping[str, pa.Table], *, replace: bool = False
) -> tuple[list[FileReport], list[KnownFile], list[Notice]]:
    """The files to take, those the lake has, and a notice of those named twice.

    With `replace` a file is taken again whose samples another one has replaced since.
    """
    now = _batch_of_sample(tables["samples"])
    batch_of: dict[str, int] = {}
    for row in tables["batches"].select(["batch", "inputs"]).to_pylist():
        for source in row["inputs"] or []:
            batch_of[source["sha256"]] = row["batch"]
    taken: dict[str, FileReport] = {}
    known: list[KnownFile] = []
    twice: list[str] = []
    for report in reports:
        mine = batch_of.get(report.sha256)
        was_replaced = replace and any(now.get(n, mine) != mine for n in report.header.samples)
        if mine is not None and not was_replaced:
            known.append(KnownFile(report.path, report.sha256, mine))
        elif report.sha256 in taken:
            twice.append(f"{report.path} is {taken[report.sha256].path}")
        else:
            taken[report.sha256] = report
    notices = []
    if twice:
        message = f"files given twice, taken once: {twice[0]}"
        notices.append(Notice("file_given_twice", message, len(twice)))
    return list(taken.values()), known, notices


def group_by_samples(reports: Sequence[FileReport]) -> list[list[FileReport]]:
    """Files with the same samples, in any order, together; in the order the files were given."""
    groups: dict[frozenset[str], list[FileReport]] = {}
    for report in reports:
        groups.setdefault(frozenset(report.header.samples), []).append(report)
    owner: dict[str, FileReport] = {}
    for files in groups.values():
        for name in files[0].header.samples:
            other = owner.setdefault(name, files[0])
            if other is not files[0]:
                raise InputError(_overlap(other, files[0]))
    _refuse_case_twins(owner)
    return list(groups.values())


def _overlap(one: FileReport, other: FileReport) -> str:
    mine, theirs = set(one.header.samples), set(other.header.samples)
    return (
        f"{one.path} has {len(mine)} samples and {other.path} has {len(theirs)}, and they share "
        f"{len(mine & theirs)}. Files of one call set must all have the same samples, files of "
        "several call sets none in common. Ingest one of them alone, or cut the samples out "
        "(bcftools view --samples-file)."
    )


def _refuse_case_twins(owner: dict[str, FileReport]) -> None:
    folded: dict[str, str] = {}
    for name in owner:
        other = folded.setdefault(name.casefold(), name)
        if other != name:
            raise InputError(
                f"{owner[other].path} has a sample {other!r} and {owner[name].path} one {name!r}: "
                "names that differ by case alone. Rename with bcftools reheader --samples."
            )


def replaced_samples(
    reports: Sequence[FileReport], samples: pa.Table, *, replace: bool
) -> dict[str, int]:
    """The numbers of the samples that the files replace; without `replace` they are refused."""
    batch_of = _batch_of_sample(samples)
    folded = {name.casefold(): name for name in batch_of}
    numbers = dict(
        zip(samples["sample_id"].to_pylist(), samples["sample_number"].to_pylist(), strict=True)
    )
    found: dict[str, int] = {}
    clashing: list[FileReport] = []
    for report in reports:
        alike = [name for name in report.header.samples if name in batch_of]
        found.update((name, numbers[name]) for name in alike)
        if alike:
            clashing.append(report)
            continue
        for name in report.header.samples:
            if name.casefold() in folded:
                raise InputError(
                    f"{report.path}: the sample {name!r} and the lake's "
                    f"{folded[name.casefold()]!r} differ by case alone. Rename it with bcftools "
                    "reheader --samples."
                )
    if clashing and not replace:
        raise InputError(_known(clashing, batch_of))
    return found


def _known(clashing: Sequence[FileReport], batch_of: Mapping[str, int]) -> str:
    report = clashing[0]
    header = report.header
    alike = [name for name in header.samples if name in batch_of]
    batches = sorted({batch_of[name] for name in alike})
    more = len(clashing) - 1
    others = f", and {more:,} more of the files have such samples" if more else ""
    way_out = (
        f"If these files bring further contigs of batch {batches[0]}, say --extend {batches[0]}; "
        "if they are to take the place of what the lake has of them, --replace; otherwise rename "
        "the samples or leave them out."
        if len(batches) == 1 and len(alike) == len(header.samples)
        else "Leave them out (bcftools view --samples-file), rename them, or put these in their "
        "place with --replace."
    )
    return (
        f"{report.path}: {len(alike)} of its {len(header.samples)} samples are in the lake "
        f"already, in batch {', '.join(map(str, batches))}: {_few(alike)}{others}. {way_out}"
    )


def _batch_of_sample(samples: pa.Table) -> dict[str, int]:
    return dict(zip(samples["sample_id"].to_pylist(), samples["batch"].to_pylist(), strict=True))


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:NAMES_SHOWN])
    return shown + (f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else "")
