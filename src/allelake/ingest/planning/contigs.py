"""Which of a file's contigs are taken, and as which contig of the lake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allelake.errors import InputError, UsageError
from allelake.ingest.options import IngestOptions
from allelake.ingest.planning.assembly_match import (
    OLD_MITOCHONDRION_BP,
    assembly_hinted,
    assembly_like,
)
from allelake.ingest.planning.values import SkippedContig
from allelake.ingest.spec import ContigSpan, FileReport, Notice
from allelake.nearest import did_you_mean
from allelake.warehouse.info import LakeInfo

NAMES_SHOWN = 10
WAY_OUT = "Name the contigs to take with --contigs, or leave these out with --skip-unknown-contigs."


@dataclass(frozen=True)
class ContigChoice:
    """Of a batch's files: names to take, each with the lake's name for it, and records left out."""

    names: dict[str, str]
    skipped: tuple[SkippedContig, ...]
    notices: tuple[Notice, ...]


def wanted_contigs(info: LakeInfo, options: IngestOptions) -> frozenset[str] | None:
    """The lake's names of what --contigs lists; None if it was not given."""
    if options.contigs is None:
        return None
    wanted = set()
    for name in options.contigs:
        contig = info.contig_named(name)
        if contig is None:
            known = did_you_mean(name, [each.name for each in info.contigs])
            raise UsageError(f"--contigs: the lake has no contig {name!r}. {known}")
        wanted.add(contig.name)
    return frozenset(wanted)


def choose_contigs(
    files: Sequence[FileReport], info: LakeInfo, options: IngestOptions
) -> ContigChoice:
    """The contigs to take of these files; a refusal if some are unknown or of another assembly."""
    wanted = wanted_contigs(info, options)
    names: dict[str, str] = {}
    skipped: dict[str, SkippedContig] = {}
    notices: list[Notice] = []
    # Files of one command share their header's contigs where they are alike.
    odd: dict[int, list[str]] = {}
    for report in files:
        taken, left_out = _split_spans(report, info, options, wanted)
        _refuse_other_assembly(report, taken, info)
        _refuse_twins(report, taken, info)
        for span in taken:
            names[span.name] = _lake_name(info, span.name)
        for span, why in left_out:
            before = skipped.get(span.name)
            records = span.records + (before.records if before else 0)
            skipped[span.name] = SkippedContig(span.name, records, why)
        declared = report.header.contigs
        if id(declared) not in odd:
            odd[id(declared)] = _of_other_lengths(declared, info)
        notices += _notices(taken, odd[id(declared)], info)
    if not names and skipped:
        raise InputError(
            f"{files[0].path}: nothing is left of it: all its records lie on contigs that are left "
            f"out ({_few(list(skipped))})."
        )
    return ContigChoice(names, tuple(skipped.values()), tuple(notices))


def _split_spans(
    report: FileReport, info: LakeInfo, options: IngestOptions, wanted: frozenset[str] | None
) -> tuple[list[ContigSpan], list[tuple[ContigSpan, str]]]:
    taken: list[ContigSpan] = []
    left_out: list[tuple[ContigSpan, str]] = []
    unknown: list[ContigSpan] = []
    for span in report.spans:
        contig = info.contig_named(span.name)
        is_known = contig is not None and not _is_old_mitochondrion(report, span.name, info)
        if wanted is not None and (contig is None or contig.name not in wanted):
            left_out.append((span, "not among --contigs"))
        elif is_known:
            taken.append(span)
        elif options.skip_unknown_contigs:
            left_out.append((span, "not a contig of the lake"))
        else:
            unknown.append(span)
    if unknown:
        raise InputError(_unknown_contigs(report, unknown, info))
    return taken, left_out


def _is_old_mitochondrion(report: FileReport, name: str, info: LakeInfo) -> bool:
    """Whether this is hg19's chrM, of another sequence than the lake's."""
    contig = info.contig_named(name)
    declared = report.header.contigs.get(name)
    return (
        contig is not None
        and contig.kind == "mt"
        and declared == OLD_MITOCHONDRION_BP != contig.length_bp
    )


def _unknown_contigs(report: FileReport, unknown: list[ContigSpan], info: LakeInfo) -> str:
    total = sum(span.records for span in unknown)
    listed = ", ".join(f"{span.name} ({span.records:,})" for span in unknown[:NAMES_SHOWN])
    if len(unknown) > NAMES_SHOWN:
        listed += f" and {len(unknown) - NAMES_SHOWN} more"
    mitochondrion = next(
        (s.name for s in unknown if _is_old_mitochondrion(report, s.name, info)), None
    )
    why = (
        f" {mitochondrion} of {OLD_MITOCHONDRION_BP:,} bp is NC_001807 of the first hg19, not the "
        "rCRS that the lake has."
        if mitochondrion
        else ""
    )
    return (
        f"{report.path}: {total:,} of its {report.records:,} records lie on contigs that the lake "
        f"({info.assembly}) does not know: {listed}.{why} {WAY_OUT}"
    )


def _refuse_other_assembly(report: FileReport, taken: list[ContigSpan], info: LakeInfo) -> None:
    declared = report.header.contigs
    for span in taken:
        contig = info.contig_named(span.name)
        length = declared.get(span.name)
        if contig is None or length in (None, contig.length_bp):
            continue
        lengths = {name: bp for name, bp in declared.items() if bp}
        looks = assembly_like(lengths)
        told = f"These lengths are those of {looks}. " if looks else ""
        raise InputError(
            f"{report.path}: its header gives contig {span.name} {length:,} bp; the lake's "
            f"{contig.name} ({info.assembly}) has {contig.length_bp:,}. {told}Ingest it into a "
            "lake of its own assembly, or correct the header if that is wrong."
        )
    for span in taken:
        contig = info.contig_named(span.name)
        if contig is not None and span.last_base > contig.length_bp:
            raise InputError(
                f"{report.path}: a record on {span.name} reaches base {span.last_base:,}; the "
                f"lake's {contig.name} ({info.assembly}) ends at {contig.length_bp:,}. The file is "
                "of another assembly, or the record is wrong."
            )
    _refuse_other_hint(report, taken, info)


def _refuse_other_hint(report: FileReport, taken: list[ContigSpan], info: LakeInfo) -> None:
    """Where no length says what assembly it is, a ##reference line counts."""
    if any(report.header.contigs.get(span.name) for span in taken) or not taken:
        return
    hinted = assembly_hinted(report.header.assembly_hint)
    mine = assembly_hinted(info.assembly)
    if hinted is not None and mine is not None and hinted != mine:
        raise InputError(
            f"{report.path}: its header names {hinted} ({report.header.assembly_hint}) and gives "
            f"no contig lengths; the lake is {info.assembly}. Ingest it into a lake of {hinted}, "
            "or correct the ##reference line if that is wrong."
        )


def _refuse_twins(report: FileReport, taken: list[ContigSpan], info: LakeInfo) -> None:
    seen: dict[str, str] = {}
    for span in taken:
        name = _lake_name(info, span.name)
        other = seen.setdefault(name, span.name)
        if other != span.name:
            raise InputError(
                f"{report.path}: its contigs {other} and {span.name} are both the lake's {name}. "
                "Name the contig alike throughout the file (bcftools annotate --rename-chrs)."
            )


def _lake_name(info: LakeInfo, name: str) -> str:
    contig = info.contig_named(name)
    if contig is None:
        raise KeyError(name)
    return contig.name


def _of_other_lengths(declared: Mapping[str, int | None], info: LakeInfo) -> list[str]:
    return [
        name
        for name, length in declared.items()
        if length and (c := info.contig_named(name)) is not None and c.length_bp != length
    ]


def _notices(taken: list[ContigSpan], odd: list[str], info: LakeInfo) -> list[Notice]:
    aliased = [span for span in taken if _lake_name(info, span.name) != span.name]
    notices = []
    if aliased:
        told = ", ".join(f"{s.name} is {_lake_name(info, s.name)}" for s in aliased[:NAMES_SHOWN])
        records = sum(span.records for span in aliased)
        notices.append(Notice("contig_alias", f"contigs under other names: {told}", records))
    if odd:
        message = f"contigs without records are declared with other lengths: {_few(odd)}"
        notices.append(Notice("contig_length_elsewhere", message, len(odd)))
    return notices


def _few(names: list[str]) -> str:
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more
