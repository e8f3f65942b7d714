"""Plain lines of a file of several samples taken at once; all others go to the TextScan."""

from dataclasses import dataclass

import numpy as np

from allelake.ingest.inspection.known_texts import KnownTexts
from allelake.ingest.inspection.line_feeder import LineFeeder
from allelake.ingest.inspection.plain_lines import (
    ANSWERS,
    CUT,
    CUT_LINES,
    CUT_POSITION,
    FIRST,
    LAST,
    LAST_BASE,
    take_plain_lines,
)
from allelake.ingest.inspection.sample_columns import Bytes, Ints, cut_lines
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_place import Place
from allelake.ingest.inspection.scan_text import TextScan
from allelake.ingest.spec import Header

# Of the lines of a buffer: starts, tabs and kinds, as `cut_lines` has them.
_Lines = tuple[Ints, Ints, Bytes]


@dataclass(frozen=True)
class Candidate:
    """A line that no line before it on its contig reaches, so that the text may be cut there.

    `place` is where it begins in the text; `records` is how many this scan took before it.
    """

    place: int
    contig: str
    position: int
    records: int


class CohortScan:
    """Takes buffers of whole lines for a TextScan, to the same effect as if it took each line.

    `candidates` are the first line of each contig, and others about `cut_bytes` apart; `end` is the
    place after the last record.
    """

    def __init__(
        self,
        scan: TextScan,
        place: Place,
        header: Header,
        book: NoticeBook,
        cut_bytes: int,
    ):
        self._scan = scan
        self._place = place
        self._samples = len(header.samples)
        self._feeder = LineFeeder(place, scan, book, None)
        self._known = KnownTexts(scan, header)
        self._answer = np.zeros(ANSWERS, np.int64)
        self._contig = np.zeros(0, np.uint8)
        self._cut_bytes = cut_bytes
        self._next_cut = cut_bytes
        self._lines = _empty_lines(0)
        self.candidates: list[Candidate] = []
        self.end = 0

    def take(self, block: bytes) -> bool:
        """Lines joined by newlines, wherever they stand."""
        self.take_buffer(np.frombuffer(block + b"\n", np.uint8))
        return True

    def take_buffer(self, buffer: Bytes, text: int = 0) -> None:
        """Lines that each end in a newline; the first begins at `text`."""
        at = 0
        while at < len(buffer):
            lines, total = self._cut(buffer[at:])
            self._take_lines(buffer[at:], text + at, lines, total)
            at += int(lines[0][total])

    def _cut(self, buffer: Bytes) -> tuple[_Lines, int]:
        # A line of all its columns is not shorter; others make another round.
        most = len(buffer) // (2 * self._samples + 16) + 1
        if most > len(self._lines[2]):
            self._lines = _empty_lines(most)
        return self._lines, cut_lines(buffer, self._samples, *self._lines)

    def _take_lines(self, buffer: Bytes, text: int, lines: _Lines, total: int) -> None:
        line = 0
        while line < total:
            line = self._take_plain(buffer, text, lines, line, total)
            if line < total:
                start, end = lines[0][line : line + 2].tolist()
                self._take_one(buffer[start : end - 1].tobytes(), text + start)
                line += 1

    def _take_plain(self, buffer: Bytes, text: int, lines: _Lines, first: int, total: int) -> int:
        """Takes plain lines from the first on; the first that is not plain, or the total."""
        scan, place, answer = self._scan, self._place, self._answer
        if place.position is None or scan.has_blank_lines:
            return first
        line = take_plain_lines(
            buffer,
            lines,
            first,
            total,
            self._contig,
            place.position,
            scan.walk.last_base,
            self._next_cut - text,
            self._known.all,
            answer,
        )
        if line > first:
            self._take_run(buffer, text, lines, first, line)
        return line

    def _take_run(self, buffer: Bytes, text: int, lines: _Lines, first: int, stop: int) -> None:
        place, answer = self._place, self._answer
        low, high, last_base = (int(answer[which]) for which in (FIRST, LAST, LAST_BASE))
        if not self._scan.walk.take_run(stop - first, low, high, last_base, last_base):
            # One of them is a fault, and the scan knows how to say it.
            for line in range(first, stop):
                start, end = lines[0][line : line + 2].tolist()
                self._take_one(buffer[start : end - 1].tobytes(), text + start)
            return
        if answer[CUT] >= 0:
            before = place.record + int(answer[CUT_LINES])
            self._note_candidate(text + int(answer[CUT]), int(answer[CUT_POSITION]), before)
        place.record += stop - first
        place.line = (place.line or 0) + stop - first
        self.end = text + int(lines[0][stop])

    def _take_one(self, line: bytes, start: int) -> None:
        scan, place = self._scan, self._place
        before, contig, last_base = place.record, scan.contig, scan.walk.last_base
        self._feeder.take(line)
        if place.record == before:
            return
        position = place.position
        assert position is not None
        self.end = start + len(line) + 1
        is_next = scan.contig != contig
        if is_next:
            self._contig = np.frombuffer(scan.contig, np.uint8)
        if is_next or (start >= self._next_cut and position > last_base):
            self._note_candidate(start, position, before)
        self._known.learn(line.removesuffix(b"\r"))

    def _note_candidate(self, start: int, position: int, records: int) -> None:
        contig = self._scan.contig.decode("utf-8", "replace")
        self.candidates.append(Candidate(start, contig, position, records))
        self._next_cut = start + self._cut_bytes


def _empty_lines(most: int) -> _Lines:
    return np.zeros(most + 1, np.int64), np.zeros(9 * most, np.int64), np.zeros(most, np.uint8)
