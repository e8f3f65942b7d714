"""Reads an input file once, whole, and says what is in it or why it is refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from allelake.errors import InputError
from allelake.ingest.inspection.container import Container, ContainerReader, find_container
from allelake.ingest.inspection.header import (
    dictionary_of,
    parse_header,
    split_bcf_header,
    split_text_header,
)
from allelake.ingest.inspection.index import find_index
from allelake.ingest.inspection.line_feeder import LineFeeder, Shortcut
from allelake.ingest.inspection.scan_bcf import BcfScan
from allelake.ingest.inspection.scan_ending import is_surely_whole
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_place import Place
from allelake.ingest.inspection.scan_text import TextScan
from allelake.ingest.spec import FileReport, Header

# Of text in gzip that cannot be read in pieces: what makes up for the time that numba takes.
LARGE_GZIP_BYTES = 1 << 21
NO_NEWLINE = (
    "the last line has no newline at its end, so it may have been cut short. If the file is whole, "
    "add one (echo >> FILE); otherwise copy it again from its source."
)


def inspect_file(
    path: Path,
    *,
    expect_records: int | None = None,
    strict: bool = False,
    progress: Callable[[int], None] | None = None,
) -> FileReport:
    """What a file holds, after every byte of it was read and every record checked.

    The file is read as a stream. Memory: a 1 MiB chunk packed and unpacked, and the longest line
    (at most 512 MiB). `progress` is given the packed bytes read since it was last called. Under
    `strict` every fault that is otherwise taken and counted is a refusal.

    Raises InputError for anything that is not whole and true, with the record and what to do.
    """
    container = find_container(path)
    modified_ns = path.stat().st_mtime_ns
    reader = ContainerReader(container, progress)
    book = NoticeBook(path, strict=strict)
    try:
        report = (_inspect_bcf if container.is_bcf else _inspect_text)(container, reader, book)
    except OSError as error:
        raise InputError(f"{path}: it cannot be read: {error.strerror}. Copy it again.") from error
    if not report.records:
        book.fact("no_records", "the file has a header and no records")
    if expect_records is not None and expect_records != report.records:
        raise InputError(
            f"{path}: {report.records} records; --expect-records says {expect_records}. The file "
            "was cut, or the number belongs to another file."
        )
    index = find_index(path, report, book)
    if path.stat().st_mtime_ns != modified_ns or path.stat().st_size != reader.bytes:
        raise InputError(f"{path}: the file changed while it was read. Wait for its writer to end.")
    return replace(report, index=index, notices=book.notices(), modified_ns=modified_ns)


def _inspect_text(container: Container, reader: ContainerReader, book: NoticeBook) -> FileReport:
    path = container.path
    chunks = reader.chunks()
    lines, rest = split_text_header(path, chunks, book)
    header = parse_header(path, lines, book)
    place = Place(path)
    place.line = len(lines)
    scan = TextScan(place, header, book)
    plain = _plain_scan(container, scan, place, header, book)
    ending = LineFeeder(place, scan, book, plain).feed(rest or b"", chunks)
    if rest is None or ending:
        _check_ending(path, ending, header, reader.vouches_for_end, place)
        book.fault("no_last_newline", "the last line has no newline", "the last line")
    if ending:
        place.line += 1
        scan.take(ending.removesuffix(b"\r"))
    scan.close()
    info_used = tuple(key.decode("utf-8", "replace") for key in scan.info.used)
    report = _report(container, reader, header, place, info_used)
    return replace(
        report,
        spans=scan.walk.spans(),
        format_used=tuple(scan.genotypes.used),
        unreadable=scan.info.unreadable(),
        blocks=scan.blocks.total,
        bare_blocks=scan.blocks.bare,
    )


def _inspect_bcf(container: Container, reader: ContainerReader, book: NoticeBook) -> FileReport:
    path = container.path
    chunks = reader.chunks()
    lines, rest = split_bcf_header(path, chunks)
    header = parse_header(path, lines, book)
    place = Place(path)
    scan = BcfScan(place, header, book, *dictionary_of(lines))
    scan.take_all(rest, chunks)
    report = _report(container, reader, header, place, tuple(scan.info_used))
    return replace(
        report,
        spans=scan.walk.spans(),
        format_used=tuple(scan.format_used),
        blocks=scan.blocks.total,
        bare_blocks=scan.blocks.bare,
    )


def _report(
    container: Container,
    reader: ContainerReader,
    header: Header,
    place: Place,
    info_used: tuple[str, ...],
) -> FileReport:
    return FileReport(
        path=container.path,
        kind=container.kind,
        bytes=reader.bytes,
        sha256=reader.sha256,
        header=header,
        spans=(),
        records=place.record,
        index=None,
        info_used=info_used,
    )


def _check_ending(
    path: Path, line: bytes, header: Header, packing_vouches: bool, place: Place
) -> None:
    """Refuse a last line without newline, unless something shows that it is whole."""
    if packing_vouches or is_surely_whole(line, header):
        return
    raise InputError(f"{path}: line {(place.line or 0) + bool(line)}: {NO_NEWLINE}")


def _plain_scan(
    container: Container, scan: TextScan, place: Place, header: Header, book: NoticeBook
) -> Shortcut | None:
    """What takes plain lines many at a time, where it does: it needs NumPy, and 25 MB with it."""
    if len(header.samples) == 1:
        from allelake.ingest.fast_text.inspect import PlainScan

        return PlainScan(scan, place, header, book)
    is_large = container.path.stat().st_size >= LARGE_GZIP_BYTES
    if header.samples and container.kind == "vcf.gz" and is_large:
        from allelake.ingest.inspection.cohort_scan import CohortScan

        # Such a file cannot be cut.
        return CohortScan(scan, place, header, book, cut_bytes=1 << 62)
    return None
