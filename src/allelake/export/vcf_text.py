"""Lines of a VCF as bytes, from the genotypes' codes by tables, without a loop over people."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.export.fields import Field
from allelake.export.genotypes import TEXT_BYTES, TEXT_WIDTH, Codes
from allelake.export.lines import Lines
from allelake.export.matrix import Details

_WIDEST = 4


def qual_text(value: float | None) -> str:
    """QUAL as text: the shortest that is the same 32-bit number."""
    if value is None:
        return "."
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e9 else str(np.float32(value))


def sites(lines: Lines) -> list[bytes]:
    """What is told of the site of each line, CHROM to INFO."""
    rows = zip(*(lines.told[name].to_pylist() for name in _COLUMNS), strict=True)
    return [
        f"{lines.contig}\t{position}\t{ids}\t{ref}\t{alt}\t{qual_text(qual)}\t{filters}\t{info}".encode()
        for position, ids, ref, alt, qual, filters, info in rows
    ]


def _formats(lines: Lines, format: Sequence[Field]) -> list[bytes]:
    """The column FORMAT of each line, a tab before it."""
    detailed = np.zeros(len(lines.codes), np.bool_)
    detailed[lines.details.allele] = True
    full = b"\t" + ":".join(["GT", *(field.name for field in format)]).encode()
    told = zip(lines.told["has_genotypes"].to_pylist(), detailed.tolist(), strict=True)
    return [b"\t." if not has else full if is_detailed else b"\tGT" for has, is_detailed in told]


_COLUMNS = ("position", "ids", "ref", "alt", "qual", "filters", "info")


def vcf_lines(lines: Lines, format: Sequence[Field]) -> list[bytes | memoryview]:
    """The lines as pieces to be written one after the other, three for each line."""
    if not lines.codes.shape[1]:
        return [piece for prefix in sites(lines) for piece in (prefix, b"", b"\n")]
    cells = _cells(lines.codes, lines.details)
    without = {n for n, told in enumerate(lines.told["has_genotypes"].to_pylist()) if not told}
    nothing = b"\t." * lines.codes.shape[1]
    pieces: list[bytes | memoryview] = []
    before = zip(sites(lines), _formats(lines, format), strict=True)
    for number, (site, formats) in enumerate(before):
        pieces += (site + formats, nothing if number in without else cells[number], b"\n")
    return pieces


def _cells(codes: Codes, details: Details) -> list[memoryview]:
    """The genotype columns of each line."""
    uneven = np.asarray(np.any(TEXT_WIDTH[codes] < _WIDEST, axis=1))
    uneven[details.allele] = True
    cells: list[memoryview] = [memoryview(b"")] * len(codes)
    even = np.flatnonzero(~uneven)
    if even.size:
        text = TEXT_BYTES[codes if even.size == len(codes) else codes[even]]
        buffer = memoryview(text.data).cast("B")
        width = _WIDEST * codes.shape[1]
        for nth, number in enumerate(even.tolist()):
            cells[number] = buffer[nth * width : (nth + 1) * width]
    odd = np.flatnonzero(uneven)
    # Offsets take 8 bytes a genotype: fewer lines at a time.
    step = max(1, 4_000_000 // codes.shape[1])
    for start in range(0, odd.size, step):
        part = odd[start : start + step]
        for number, view in zip(part.tolist(), _uneven_cells(codes, details, part), strict=True):
            cells[number] = view
    return cells


def _uneven_cells(codes: Codes, details: Details, numbers: NDArray[np.intp]) -> list[memoryview]:
    """The cells of some lines, each as wide as its genotype and what follows it."""
    own = codes[numbers]
    widths = TEXT_WIDTH[own].astype(np.int64)
    chosen = np.flatnonzero(np.isin(details.allele, numbers))
    row = np.searchsorted(numbers, details.allele[chosen])
    texts = details.texts.take(pa.array(chosen))
    starts, source = _buffer_of(texts)
    extra = np.diff(starts)
    place = details.place[chosen]
    widths[row, place] += extra
    ends = np.cumsum(widths.ravel()).reshape(widths.shape)
    begins = ends - widths
    out = np.empty(int(ends[-1, -1]), np.uint8)
    glyphs = TEXT_BYTES.view(np.uint8).reshape(-1, _WIDEST)
    wide = TEXT_WIDTH[own] == _WIDEST
    for byte in range(2):
        out[begins + byte] = glyphs[own, byte]
    for byte in range(2, _WIDEST):
        out[begins[wide] + byte] = glyphs[own[wide], byte]
    if extra.size:
        shift = begins[row, place] + TEXT_WIDTH[own[row, place]] - starts[:-1]
        out[np.arange(starts[0], starts[-1]) + np.repeat(shift, extra)] = source[
            starts[0] : starts[-1]
        ]
    view = memoryview(out.data)
    bounds = [0, *ends[:, -1].tolist()]
    return [view[start:end] for start, end in pairwise(bounds)]


def _buffer_of(texts: pa.StringArray) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """The offsets of an array of texts and the bytes that they point into."""
    if not len(texts):
        return np.zeros(1, np.int64), np.zeros(0, np.uint8)
    plain = texts.cast(pa.string())
    _, offsets, values = plain.buffers()
    starts = np.frombuffer(offsets, np.int32)[plain.offset : plain.offset + len(plain) + 1]
    return starts.astype(np.int64), np.frombuffer(values or b"", np.uint8)
