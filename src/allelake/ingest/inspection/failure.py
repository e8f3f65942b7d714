"""Why a record could not be read, when the reader itself only says that it could not."""

from collections.abc import Iterator
from pathlib import Path

from allelake.ingest.inspection.container import ContainerReader, find_container
from allelake.ingest.inspection.header import parse_header, split_text_header
from allelake.ingest.inspection.scan_columns import find_fault
from allelake.ingest.inspection.scan_notices import NoticeBook


def explain_failure(path: Path, after: tuple[str, int] | None = None) -> str | None:
    """What is wrong with the first bad record at or after a contig and position, and where.

    `after` is the last record that was read, as the file names its contig; None: none was. The
    answer is None for BCF, and where no fault is found.
    """
    container = find_container(path)
    if container.is_bcf:
        return None
    chunks = ContainerReader(container).chunks()
    book = NoticeBook(path)
    lines, rest = split_text_header(path, chunks, book)
    header = parse_header(path, lines, book)
    if not header.samples:
        return None
    has_begun = after is None
    for number, line in enumerate(_lines(rest or b"", chunks), len(lines) + 1):
        fields = line.split(b"\t", 9)
        if len(fields) < 10 or not fields[1].isdigit():
            continue
        contig, position = fields[0].decode("utf-8", "replace"), int(fields[1])
        has_begun = has_begun or (after is not None and after[0] == contig and after[1] <= position)
        fault = find_fault(fields[8], fields[9], header.format) if has_begun else None
        if fault is not None:
            return f"line {number} at {contig}:{position}: {fault}"
    return None


def _lines(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    held = first
    for chunk in chunks:
        *whole, held = (held + chunk).split(b"\n")
        for line in whole:
            yield line.removesuffix(b"\r")
    yield from (line.removesuffix(b"\r") for line in held.split(b"\n"))
