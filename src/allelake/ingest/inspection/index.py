"""The index beside a file (.tbi, .csi): does it know the same records?"""

import struct
from pathlib import Path

from isal import isal_zlib

from allelake.errors import InputError
from allelake.ingest.inspection.gzip_members import UNPACK_ERROR
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.spec import FileReport

MAKE_AGAIN = "If the file is whole, remove the index and make it again (bcftools index)."


def find_index(path: Path, report: FileReport, book: NoticeBook) -> Path | None:
    """The index of a file, after its record counts were found to be the file's own.

    An index that counts other records than the file is a refusal: one of the two is not whole. An
    index that keeps no counts, or cannot be read, is told and not used.
    """
    if report.kind not in ("bgzf", "bcf"):
        return None
    index = next(
        (p for p in (path.with_name(path.name + end) for end in (".csi", ".tbi")) if p.is_file()),
        None,
    )
    if index is None:
        return None
    try:
        counts = read_index_counts(index)
    except OSError as error:
        raise InputError(f"{index}: the index cannot be read: {error.strerror}.") from None
    except (UNPACK_ERROR, struct.error, ValueError):
        raise InputError(f"{index}: the index is damaged or cut. {MAKE_AGAIN}") from None
    if counts is None:
        book.fault(
            "index_without_counts", "the index keeps no record counts: not checked", index.name
        )
        return index
    known = sum(counts)
    if known != report.records:
        raise InputError(
            f"{path}: {report.records} records; its index {index.name} knows {known}. The file was "
            f"cut, or the index is not its own. {MAKE_AGAIN}"
        )
    found = sorted(span.records for span in report.spans)
    if sorted(count for count in counts if count) != found:
        raise InputError(
            f"{path}: the records per contig are {found}; its index {index.name} knows "
            f"{sorted(counts)}: the index is not the file's own. {MAKE_AGAIN}"
        )
    if index.stat().st_mtime_ns < path.stat().st_mtime_ns:
        book.fact("index_older", "the index is older than the file, and counts the same records")
    return index


def read_index_counts(index: Path) -> list[int] | None:
    """Records of each contig in the index's order; None if the index has no counts.

    They stand in a pseudo-bin beyond the last one (SAM specification 5.2, CSI specification 1).
    """
    data = _unpack(index.read_bytes())
    if data[:4] == b"TBI\x01":
        contig_total, names_bytes = struct.unpack_from("<i24xi", data, 4)
        return _Bins(data, 36 + names_bytes, contig_total, 37450, has_loffset=False).counts()
    if data[:4] == b"CSI\x01":
        _, depth, extra_bytes = struct.unpack_from("<iii", data, 4)
        (contig_total,) = struct.unpack_from("<i", data, 16 + extra_bytes)
        pseudo_bin = ((1 << (3 * (depth + 1))) - 1) // 7 + 1
        return _Bins(data, 20 + extra_bytes, contig_total, pseudo_bin, has_loffset=True).counts()
    raise ValueError(index)


def _unpack(data: bytes) -> bytes:
    parts = []
    while data:
        unpacker = isal_zlib.decompressobj(31)
        parts.append(bytes(unpacker.decompress(data)) + bytes(unpacker.flush()))
        if not unpacker.eof:
            raise ValueError("cut")
        data = bytes(unpacker.unused_data)
    return b"".join(parts)


class _Bins:
    """Walks the bins of an index for the pseudo-bins, which hold the counts."""

    def __init__(
        self, data: bytes, start0: int, contig_total: int, pseudo_bin: int, *, has_loffset: bool
    ):
        self._data = data
        self._at = start0
        self._contig_total = contig_total
        self._pseudo_bin = pseudo_bin
        self._has_loffset = has_loffset

    def counts(self) -> list[int] | None:
        counts: list[int] = []
        uncounted = False
        for _ in range(self._contig_total):
            bins, count = self._take_contig()
            uncounted = uncounted or (bins > 0 and count is None)
            counts.append(count or 0)
        return None if uncounted else counts

    def _take_contig(self) -> tuple[int, int | None]:
        count = None
        bin_total = self._number("<i")
        for _ in range(bin_total):
            number = self._number("<I")
            if self._has_loffset:
                self._number("<Q")
            chunk_total = self._number("<i")
            if number == self._pseudo_bin and chunk_total == 2:
                mapped, unmapped = struct.unpack_from("<QQ", self._data, self._at + 16)
                count = mapped + unmapped
            self._at += 16 * chunk_total
        if not self._has_loffset:
            offset_total = self._number("<i")
            self._at += 8 * offset_total
        if self._at > len(self._data):
            raise ValueError("cut")
        return bin_total, count

    def _number(self, layout: str) -> int:
        (number,) = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return int(number)
