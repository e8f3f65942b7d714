"""Stretches of a contig, as people and BED files write them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from allelake.errors import InputError


@dataclass(frozen=True)
class Region:
    """Bases `start` to `end` of a contig, 1-based and inclusive; None leaves that side open.

    >>> print(Region("chr22", 100, None))
    chr22:100-
    """

    contig: str
    start: int | None = None
    end: int | None = None

    def __str__(self) -> str:
        if self.start is None:
            return self.contig
        return f"{self.contig}:{self.start}-{'' if self.end is None else self.end}"


def regions_of_bed(lines: Iterable[str], name: str) -> list[Region]:
    """The regions of a BED file (0-based, half-open), merged where they touch.

    `name` is the file's, for messages. Comments, `track` and `browser` lines are passed over.

    >>> regions_of_bed(["chr1\\t0\\t10", "chr1\\t5\\t20", "chr2\\t7\\t8"], "a.bed")
    [Region(contig='chr1', start=1, end=20), Region(contig='chr2', start=8, end=8)]
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for contig, start0, end0 in _bed_rows(lines, name):
        spans.setdefault(contig, []).append((start0, end0))
    if not spans:
        raise InputError(f"{name}: no region in this BED file.")
    return [
        Region(contig, start0 + 1, end0)
        for contig, parts in spans.items()
        for start0, end0 in _merged(parts)
    ]


def _bed_rows(lines: Iterable[str], name: str) -> Iterator[tuple[str, int, int]]:
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        if not text.strip() or text.startswith(("#", "track", "browser")):
            continue
        columns = text.split("\t") if "\t" in text else text.split()
        try:
            contig, start0, end0 = columns[0], int(columns[1]), int(columns[2])
        except (IndexError, ValueError):
            raise InputError(
                f"{name}, line {number}: a BED line is contig, start, end with tabs between. "
                f"Found: {text[:80]!r}"
            ) from None
        if start0 < 0 or end0 <= start0:
            raise InputError(
                f"{name}, line {number}: start {start0} and end {end0} hold no base "
                "(BED counts from 0 and leaves the end out)."
            )
        yield contig, start0, end0


def _merged(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Sorted, with those that overlap or touch made one."""
    ordered = sorted(spans)
    start0, end0 = ordered[0]
    for next_start0, next_end0 in ordered[1:]:
        if next_start0 > end0:
            yield start0, end0
            start0, end0 = next_start0, next_end0
        else:
            end0 = max(end0, next_end0)
    yield start0, end0
