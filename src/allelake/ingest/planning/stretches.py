"""Cuts a large file into stretches that are read side by side."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from allelake.ingest.spec import Cut, FileReport, Stretch
from allelake.ingest.stretches.parts import (
    LEAST_PART_BYTES,
    MOST_PARTS_OF_A_CONTIG,
    parts_of,
)


@dataclass(frozen=True)
class _Run:
    """Records from one cut to another, of one contig or of several."""

    begin: Cut
    end: Cut

    @property
    def text_bytes(self) -> int:
        return self.end.place - self.begin.place


def stretches_of(
    report: FileReport,
    contig_names: Mapping[str, str],
    least_bytes: int = LEAST_PART_BYTES,
    most_of_a_contig: int = MOST_PARTS_OF_A_CONTIG,
) -> list[Stretch]:
    """Stretches with all records on contigs that are kept, in the file's order.

    A contig is cut in two, four or eight; contigs with little text share a stretch.
    """
    runs: list[_Run] = []
    for begin, end in _contigs(report.cuts):
        if begin.contig not in contig_names:
            continue
        cut = list(_cut(report.cuts, begin, end, least_bytes, most_of_a_contig))
        last = runs[-1] if runs else None
        if last is not None and last.end == begin and end.place - last.begin.place <= least_bytes:
            runs[-1] = _Run(last.begin, end)
        else:
            runs += cut
    return [_stretch(run) for run in runs]


def _contigs(cuts: Sequence[Cut]) -> Iterator[tuple[Cut, Cut]]:
    """The first cut of each contig, and that of the next one or the end."""
    firsts = [next(own) for _, own in groupby(cuts, key=lambda cut: cut.contig)]
    return pairwise(firsts)


def _cut(cuts: Sequence[Cut], begin: Cut, end: Cut, least_bytes: int, most: int) -> Iterator[_Run]:
    size = end.place - begin.place
    parts = parts_of(size, least_bytes, most)
    places = [cut.place for cut in cuts]
    at = begin
    for number in range(1, parts):
        following = cuts[bisect_left(places, begin.place + number * size // parts)]
        if at.place < following.place < end.place:
            yield _Run(at, following)
            at = following
    yield _Run(at, end)


def _stretch(run: _Run) -> Stretch:
    records = run.end.records - run.begin.records
    return Stretch(run.begin.offset, run.end.offset, run.text_bytes, records, run.begin.records)
