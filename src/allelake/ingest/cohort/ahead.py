"""A stretch of text that is inspected and read at once, so that it is unpacked only once.

Nobody knows yet whether the file is whole and true, nor for sure what is kept of it. What is
written stays in staging, and is thrown away if the inspection comes to something else.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from allelake.errors import InputError
from allelake.ingest.cohort.part import CohortRun
from allelake.ingest.cohort.source import NotPlain
from allelake.ingest.inspection.pieces import FAULTS, PieceScan
from allelake.ingest.inspection.survey import PieceReport, Survey
from allelake.ingest.reading.records import CHUNK_BYTES
from allelake.ingest.spec import BatchSpec, Part, PartSummary, Stretch
from allelake.ingest.stretches.piece import Piece
from allelake.ingest.stretches.read import Buffer, read_stretch, whole_blocks

# What ends a reading without ending the inspection: whoever reads the part later says why.
_GIVEN_UP = (NotPlain, InputError)


@dataclass(frozen=True)
class Both:
    """What a stretch holds, and what was written of it; None where either could not be done."""

    report: PieceReport | None
    summary: PartSummary | None


@dataclass(frozen=True)
class AheadTask:
    """Inspects and reads a stretch; progress is in bytes.

    `place` is where its text begins in the text of the file. The part has one input, cut to the
    stretch, whose number of records nobody knows.
    """

    survey: Survey
    spec: BatchSpec
    part: Part
    place: int
    is_last: bool
    staging: Path

    @property
    def what(self) -> str:
        """What the worker is at."""
        return f"reading part {self.part.number} ({self.survey.path})"

    def run(self, progress: Callable[[int], None]) -> Both:
        """What it came to."""
        return scan_and_read(self, progress)


def scan_and_read(
    task: AheadTask, progress: Callable[[int], None], chunk_bytes: int = CHUNK_BYTES
) -> Both:
    """The inspection of a stretch, and its files in staging if they could be made meanwhile."""
    from allelake.ingest.cohort_text.source import TextSource

    (item,) = task.part.inputs
    text = _Inspected(task, progress)
    buffers = iter(text)
    summary: PartSummary | None = None
    with suppress(*_GIVEN_UP):
        source = TextSource(task.spec, item, chunk_bytes, buffers)
        summary = CohortRun(task.spec, task.part, task.staging, source, chunk_bytes).run(None)
    # A reading that gave up leaves the rest to be inspected.
    with suppress(*_GIVEN_UP):
        for _ in buffers:
            pass
    report = text.report()
    if report is None or summary is None or summary.counts["records_read"] != report.records:
        discard(summary)
        summary = None
    return Both(report, summary)


def discard(summary: PartSummary | None) -> None:
    """Takes away what was written."""
    for file in summary.files if summary is not None else ():
        file.path.unlink(missing_ok=True)


class _Inspected:
    """The buffers of a stretch, each given out when it was inspected."""

    def __init__(self, task: AheadTask, progress: Callable[[int], None]) -> None:
        (item,) = task.part.inputs
        assert item.stretch is not None
        self._task = task
        self._stretch: Stretch = item.stretch
        self._progress = progress
        self._scan: PieceScan | None = None
        self._piece: Piece | None = None
        self._is_whole = False

    def __iter__(self) -> Iterator[Buffer]:
        """Raises NotPlain where the inspection finds what it cannot tell."""
        try:
            yield from self._buffers()
        except FAULTS as fault:
            raise NotPlain from fault

    def _buffers(self) -> Iterator[Buffer]:
        survey, stretch, place = self._task.survey, self._stretch, self._task.place
        self._piece = _piece(survey, stretch, place, is_last=self._task.is_last)
        self._scan = PieceScan(survey, self._piece)
        packed, end = self._piece.end - self._piece.start, place + stretch.text_bytes
        for buffer in read_stretch(survey.path, survey.kind, stretch):
            self._scan.take(buffer, place)
            place += len(buffer)
            self._progress(packed * (place - self._task.place) // stretch.text_bytes)
            # A newline that the file's last line lacks was added: one reader tells of it.
            if place <= end:
                yield buffer
        self._is_whole = place == end

    def report(self) -> PieceReport | None:
        """What the stretch holds, if all of it was looked at."""
        if self._scan is None or not self._is_whole:
            return None
        try:
            return self._scan.report()
        except FAULTS:
            return None


def _piece(survey: Survey, stretch: Stretch, place: int, *, is_last: bool) -> Piece:
    """The whole blocks of a stretch as a piece."""
    start, end, text_bytes = whole_blocks(survey.path, stretch)
    return Piece(0, start, end, place - (stretch.start & 0xFFFF), text_bytes, is_last=is_last)
