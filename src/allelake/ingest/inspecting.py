"""The inspection of an ingest's files by its workers, large ones piece by piece."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from allelake.ingest.pool import WorkerPool
from allelake.ingest.progress import Tally
from allelake.ingest.spec import FileReport
from allelake.ingest.worker_task import DigestTask, InspectTask, LookTask, PieceTask, Task

if TYPE_CHECKING:
    from allelake.ingest.cohort.ahead import Both
    from allelake.ingest.inspection.survey import PieceReport, Survey
    from allelake.ingest.reading_ahead import Ahead


@dataclass
class _InPieces:
    """A file that is read piece by piece, and what its pieces came to."""

    file: int
    survey: "Survey"
    tasks: range
    reports: "dict[int, PieceReport | None]" = field(default_factory=dict)


class Inspecting:
    """Begins at once; `results` waits for the reports of all files."""

    def __init__(
        self, pool: WorkerPool, files: Sequence[Path], strict: bool, reference: Path | None
    ) -> None:
        tasks: list[Task] = [InspectTask(file, strict) for file in files]
        if reference is not None:
            tasks.append(DigestTask(reference))
        self._files = files
        self._strict = strict
        self._run = pool.run(tasks)
        # Which file each task is of; the one after the last is the reference.
        self._file_of = dict(enumerate(range(len(tasks))))
        self._pieces: dict[int, _InPieces] = {}
        self._looks: dict[int, _InPieces] = {}
        self._ahead: Ahead | None = None
        self._found: list[object] = [None] * len(tasks)

    def results(
        self,
        tally: Tally,
        keep: Callable[[object], object],
        ahead: "Ahead | None" = None,
    ) -> tuple[list[FileReport], str | None]:
        """The files' reports in their order, and the reference's sha256; `keep` as for tasks.

        With `ahead` a large file is read while it is inspected.
        """
        self._ahead = ahead
        for number, done, result in self._run:
            if done is not None:
                if number not in self._looks:
                    tally.note(number, done)
            elif number in self._looks:
                self._take_look(number, result)
            elif number in self._pieces:
                self._take_piece(number, result, tally, keep)
            else:
                self._take(self._file_of[number], result, keep)
        digest = self._found[len(self._files) :]
        reports = [report for report in self._found if isinstance(report, FileReport)]
        return reports, str(digest[0]) if digest else None

    def _take(self, file: int, result: object, keep: Callable[[object], object]) -> None:
        if isinstance(result, FileReport | str):
            self._found[file] = keep(result)
            return
        from allelake.ingest.inspection.survey import Survey

        assert isinstance(result, Survey)
        if self._ahead is None or not result.looks:
            self._inspect_pieces(file, result)
            return
        small = result.for_worker()
        tasks = self._run.add([LookTask(small, piece) for piece in result.looks])
        self._looks.update(dict.fromkeys(tasks, _InPieces(file, result, tasks)))

    def _inspect_pieces(self, file: int, survey: "Survey") -> None:
        small = survey.for_worker()
        tasks = self._run.add([PieceTask(small, piece) for piece in survey.pieces])
        self._pieces.update(dict.fromkeys(tasks, _InPieces(file, survey, tasks)))

    def _take_look(self, number: int, result: object) -> None:
        from allelake.ingest.inspection.survey import PieceReport

        looks = self._looks[number]
        looks.reports[number] = result if isinstance(result, PieceReport) else None
        if len(looks.reports) < len(looks.tasks):
            return
        assert self._ahead is not None
        ahead = self._ahead.tasks(looks.survey, [looks.reports[task] for task in looks.tasks])
        if not ahead:
            self._inspect_pieces(looks.file, looks.survey)
            return
        tasks = self._run.add(ahead)
        self._pieces.update(dict.fromkeys(tasks, _InPieces(looks.file, looks.survey, tasks)))

    def _take_piece(
        self, number: int, result: object, tally: Tally, keep: Callable[[object], object]
    ) -> None:
        from allelake.ingest.inspection.merge_pieces import merge_pieces
        from allelake.ingest.inspection.survey import PieceReport

        pieces = self._pieces.pop(number)
        if result is not None and not isinstance(result, PieceReport):
            # A stretch that was read, too.
            assert self._ahead is not None
            both = cast("Both", result)
            self._ahead.note(both)
            result = both.report
        pieces.reports[number] = result if isinstance(result, PieceReport) else None
        if len(pieces.reports) < len(pieces.tasks):
            return
        reports = [report for task in pieces.tasks if (report := pieces.reports[task]) is not None]
        merged = None
        if len(reports) == len(pieces.tasks):
            merged = merge_pieces(pieces.survey, reports)
        if merged is not None:
            self._found[pieces.file] = keep(merged)
            return
        for task in pieces.tasks:
            tally.note(task, 0)
        again = InspectTask(pieces.survey.path, self._strict, as_one=True)
        for task in self._run.add([again]):
            self._file_of[task] = pieces.file
