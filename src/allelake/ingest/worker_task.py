"""What the workers of an ingest are asked to do; each task travels to its process pickled."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from allelake.ingest.spec import BatchSpec, FileReport, Part, PartSummary

if TYPE_CHECKING:
    from allelake.ingest.inspection.survey import PieceReport, Survey
    from allelake.ingest.stretches.piece import Piece

_DIGEST_BYTES = 1 << 20
# A file below this holds little text, however well it packs: it is not looked into first.
_LEAST_TO_SURVEY = 1 << 17


class Task(Protocol):
    """Something a worker can do. It imports what it needs only when it runs."""

    @property
    def what(self) -> str:
        """What the worker is at, for a message about its death."""

    def run(self, progress: Callable[[int], None]) -> object:
        """Does it. `progress` is told how much is done so far."""


@dataclass(frozen=True)
class InspectTask:
    """Reads a file once, whole, or says in which pieces it is to be read; progress is in bytes.

    `as_one`: it is read whole, however large it is.
    """

    path: Path
    strict: bool
    as_one: bool = False

    @property
    def what(self) -> str:
        """What the worker is at."""
        return f"inspecting {self.path}"

    def run(self, progress: Callable[[int], None]) -> "FileReport | Survey":
        """The file's report, or its pieces."""
        from allelake.ingest.inspection.whole_file import inspect_file

        if not self.as_one and _size_of(self.path) >= _LEAST_TO_SURVEY:
            from allelake.ingest.inspection.pieces import survey_file

            survey = survey_file(self.path, strict=self.strict)
            if survey is not None:
                return survey
        return inspect_file(self.path, strict=self.strict, progress=_adding(progress))


@dataclass(frozen=True)
class PieceTask:
    """Reads a piece of a file; progress is in bytes."""

    survey: "Survey"
    piece: "Piece"

    @property
    def what(self) -> str:
        """What the worker is at."""
        return f"inspecting {self.survey.path}"

    def run(self, progress: Callable[[int], None]) -> "PieceReport | None":
        """The piece's report; None: the file must be read as one."""
        from allelake.ingest.inspection.pieces import scan_piece

        return scan_piece(self.survey, self.piece, _adding(progress))


@dataclass(frozen=True)
class LookTask:
    """Looks at a small piece of a file, for places close together to cut it at."""

    survey: "Survey"
    piece: "Piece"

    @property
    def what(self) -> str:
        """What the worker is at."""
        return f"inspecting {self.survey.path}"

    def run(self, progress: Callable[[int], None]) -> "PieceReport | None":
        """The piece's report; None: it is not plain."""
        from allelake.ingest.inspection.pieces import LOOK_CUT_BYTES, scan_piece

        return scan_piece(self.survey, self.piece, cut_bytes=LOOK_CUT_BYTES)


@dataclass(frozen=True)
class PartTask:
    """Reads, encodes and writes a part; progress is in records."""

    spec: BatchSpec
    part: Part
    staging: Path

    @property
    def what(self) -> str:
        """What the worker is at."""
        names = ", ".join(str(item.path) for item in self.part.inputs)
        return f"reading part {self.part.number} ({names})"

    def run(self, progress: Callable[[int], None]) -> PartSummary:
        """The part's summary."""
        from allelake.ingest.part import run_part

        return run_part(self.spec, self.part, self.staging, progress)


@dataclass(frozen=True)
class DigestTask:
    """The sha256 of a file; progress is in bytes."""

    path: Path

    @property
    def what(self) -> str:
        """What the worker is at."""
        return f"taking the digest of {self.path}"

    def run(self, progress: Callable[[int], None]) -> str:
        """The digest in hexadecimal digits."""
        digest, done = hashlib.sha256(), 0
        with self.path.open("rb") as file:
            while piece := file.read(_DIGEST_BYTES):
                digest.update(piece)
                done += len(piece)
                progress(done)
        return digest.hexdigest()


def _size_of(path: Path) -> int:
    """0 where there is no file: whoever reads it says so."""
    return path.stat().st_size if path.is_file() else 0


def _adding(progress: Callable[[int], None]) -> Callable[[int], None]:
    """Tells of the sum of what it is told of."""
    done = 0

    def add(more: int) -> None:
        nonlocal done
        done += more
        progress(done)

    return add
