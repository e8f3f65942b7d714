"""The report of a file from those of its pieces, as one reader would have made it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from allelake.errors import InputError
from allelake.ingest.inspection.index import find_index
from allelake.ingest.inspection.scan_notices import FURTHER, NoticeBook
from allelake.ingest.inspection.survey import PieceReport, Survey
from allelake.ingest.spec import ContigSpan, Cut, FileReport, UnreadableField


class _Disagree(Exception):
    """The pieces do not follow each other: one reader says what is wrong."""


def merge_pieces(survey: Survey, pieces: Sequence[PieceReport]) -> FileReport | None:
    """What `inspect_file` would report; None where it would refuse, or the pieces cannot tell."""
    path = survey.path
    book = NoticeBook(path, strict=survey.strict)
    try:
        _check_joints(pieces)
        _note_all(book, survey, pieces)
        report = FileReport(
            path=path,
            kind=survey.kind,
            bytes=survey.bytes,
            sha256=survey.sha256,
            header=replace(survey.header, samples=survey.samples),
            spans=_spans(pieces),
            records=sum(piece.records for piece in pieces),
            index=None,
            info_used=tuple(dict.fromkeys(name for piece in pieces for name in piece.info_used)),
            format_used=tuple(
                dict.fromkeys(name for piece in pieces for name in piece.format_used)
            ),
            unreadable=_unreadable(pieces),
            modified_ns=survey.modified_ns,
            cuts=_cuts(survey, pieces),
        )
        if not report.records:
            return None
        index = find_index(path, report, book)
        found = path.stat()
        if (found.st_mtime_ns, found.st_size) != (survey.modified_ns, survey.bytes):
            return None
        return replace(report, index=index, notices=book.notices())
    except (InputError, OSError, _Disagree):
        return None


def _check_joints(pieces: Sequence[PieceReport]) -> None:
    ends = [(one.end, other.begin) for one, other in pairwise(pieces)]
    if any(end != begin for end, begin in ends if end is not None and begin is not None):
        raise _Disagree


def _note_all(book: NoticeBook, survey: Survey, pieces: Sequence[PieceReport]) -> None:
    for notices in (survey.notices, *(piece.notices for piece in pieces)):
        for notice in notices:
            book.fact(notice.code, notice.message, notice.first, notice.count)
    if book.has(FURTHER[0]):
        # Which kinds are lumped depends on the order of all.
        raise _Disagree


def _spans(pieces: Sequence[PieceReport]) -> tuple[ContigSpan, ...]:
    spans: list[ContigSpan] = []
    names: set[str] = set()
    for piece in pieces:
        for span in piece.spans:
            if spans and spans[-1].name == span.name:
                spans[-1] = _joined(spans[-1], span)
            elif span.name in names:
                raise _Disagree
            else:
                names.add(span.name)
                spans.append(span)
    return tuple(spans)


def _joined(one: ContigSpan, other: ContigSpan) -> ContigSpan:
    if other.first_position < one.last_position:
        raise _Disagree
    return ContigSpan(
        one.name,
        one.records + other.records,
        one.first_position,
        other.last_position,
        max(one.last_base, other.last_base),
    )


def _unreadable(pieces: Sequence[PieceReport]) -> tuple[UnreadableField, ...]:
    found: dict[str, UnreadableField] = {}
    for piece in pieces:
        for field in piece.unreadable:
            before = found.get(field.id)
            if before is not None:
                both = before.is_other_type and field.is_other_type
                field = replace(before, count=before.count + field.count, is_other_type=both)
            found[field.id] = field
    return tuple(found.values())


def _cuts(survey: Survey, pieces: Sequence[PieceReport]) -> tuple[Cut, ...]:
    """The cuts of all pieces that hold across them: no earlier record reaches the next one."""
    cuts: list[Cut] = []
    before, contig, reach = 0, "", 0
    for piece in pieces:
        for cut in piece.cuts[:-1]:
            if cut.contig != contig or cut.position > reach:
                cuts.append(replace(cut, records=before + cut.records))
        before += piece.records
        if piece.spans:
            last = piece.spans[-1]
            reach = max(reach, last.last_base) if last.name == contig else last.last_base
            contig = last.name
    return (*cuts, _end(survey, pieces, before))


def _end(survey: Survey, pieces: Sequence[PieceReport], records: int) -> Cut:
    """The end of the last record."""
    if pieces[-1].records:
        return replace(pieces[-1].cuts[-1], records=records)
    if pieces[-1].notices:
        # Blank lines, which may begin anywhere in the pieces before.
        raise _Disagree
    last = survey.pieces[-1]
    offset = last.end if survey.kind == "vcf" else last.end << 16
    return Cut(offset, last.text + last.text_bytes, "", 0, records)
