"""Bases of a reference genome in a FASTA file, looked up by contig and position."""

import mmap
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from allelake.errors import InputError

_GZIP_MAGIC = b"\x1f\x8b"
# Reads of neighbouring variants mostly fall into one stretch of this many bases.
_STRETCH_BASES = 1 << 16
_LINE_FIELDS = 5

# What a VCF may have for an ambiguous base of the reference: VCF 4.3, 1.6.1, field REF, asks for
# the first base in the alphabet; 1000 Genomes and others wrote N.
_FIRST_OF_CODE = dict(zip("RYSWKMBDHV", "ACCAGACAAA", strict=True))


class _Line(NamedTuple):
    """Where a contig's bases lie in the file, as a line of a .fai has it."""

    length: int
    offset: int
    line_bases: int
    line_bytes: int


class ReferenceFasta:
    """A FASTA file, memory-mapped, with its .fai or with line offsets found by one pass."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: the reference cannot be read: {error}") from error
        if self._map[:2] == _GZIP_MAGIC:
            raise InputError(f"{path}: the reference is compressed; give the unpacked FASTA file")
        index = path.with_name(path.name + ".fai")
        self._lines = _read_index(index) if index.exists() else _find_lines(self._map, path)
        self._stretch: tuple[str, int, str] = ("", 0, "")

    def __enter__(self) -> "ReferenceFasta":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._map.close()

    def contig_names(self) -> tuple[str, ...]:
        """The sequences of the file, in its order."""
        return tuple(self._lines)

    def length_bp(self, contig: str) -> int:
        """How many bases a sequence has."""
        return self._lines[contig].length

    def bases(self, contig: str, start: int, end: int) -> str:
        """The bases from start to end, 1-based and inclusive, upper case; fewer at its end."""
        name, first, text = self._stretch
        if name != contig or start < first or end >= first + len(text):
            first = max(1, start - _STRETCH_BASES // 2)
            text = self._load(contig, first, max(end, first + _STRETCH_BASES))
            self._stretch = (contig, first, text)
        return text[start - first : end - first + 1]

    def _load(self, contig: str, start: int, end: int) -> str:
        line = self._lines[contig]
        end = min(end, line.length)
        if start > end:
            return ""
        first_byte = _byte_of(line, start - 1)
        last_byte = _byte_of(line, end - 1)
        raw = self._map[first_byte : last_byte + 1]
        return raw.translate(None, b"\r\n").decode("ascii", "replace").upper()


def agrees(written: str, reference: str) -> bool:
    """Whether REF of a record is what the reference has, ambiguity codes allowed for.

    >>> agrees("ACN", "ARM"), agrees("A", "C"), agrees("A", "R")
    (False, False, True)
    """
    if written == reference:
        return True
    return len(written) == len(reference) and all(
        ours == theirs or (theirs in _FIRST_OF_CODE and ours in ("N", _FIRST_OF_CODE[theirs]))
        for ours, theirs in zip(written, reference, strict=True)
    )


def _byte_of(line: _Line, base0: int) -> int:
    return line.offset + base0 // line.line_bases * line.line_bytes + base0 % line.line_bases


def _read_index(index: Path) -> dict[str, _Line]:
    lines: dict[str, _Line] = {}
    for row in index.read_text("utf-8").splitlines():
        name, *numbers = row.split("\t")
        if len(numbers) < _LINE_FIELDS - 1 or not all(n.isdigit() for n in numbers[:4]):
            raise InputError(f"{index}: not an index of a FASTA file; make it again")
        lines[name] = _Line(*(int(number) for number in numbers[:4]))
    return lines


def _find_lines(text: mmap.mmap, path: Path) -> dict[str, _Line]:
    """What `samtools faidx` would write, by one pass over the file."""
    lines: dict[str, _Line] = {}
    header = 0 if text[:1] == b">" else -1
    if header < 0:
        raise InputError(f"{path}: not a FASTA file: it does not begin with >")
    while header >= 0:
        header_end = _line_end(text, header)
        name = text[header + 1 : header_end].split(maxsplit=1)[0].decode("utf-8")
        following = text.find(b"\n>", header_end)
        stop = following + 1 if following >= 0 else len(text)
        lines[name] = _one_sequence(text, header_end, stop, f"{path}: {name}")
        header = following + 1 if following >= 0 else -1
    return lines


def _line_end(text: mmap.mmap, start: int) -> int:
    end = text.find(b"\n", start)
    return len(text) if end < 0 else end + 1


def _one_sequence(text: mmap.mmap, start: int, stop: int, what: str) -> _Line:
    first_end = min(_line_end(text, start), stop)
    first = text[start:first_end]
    line_bases = len(first.rstrip(b"\r\n"))
    if not line_bases:
        return _Line(0, start, 1, 1)
    body = text[start:stop]
    written = body.splitlines()
    if any(len(line) != line_bases for line in written[:-1]) or len(written[-1]) > line_bases:
        raise InputError(f"{what}: lines of unequal length; rewrite the FASTA with one line length")
    return _Line(sum(map(len, written)), start, line_bases, len(first))
