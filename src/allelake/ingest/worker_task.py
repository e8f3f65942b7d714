"""What the workers of an ingest are asked to do; each task travels to its process pickled."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from allelake.ingest.spec import BatchSpec, FileReport, Part, PartSummary

_DIGEST_BYTES = 1 << 20


class Task(Protocol):
    """Something a worker can do. It imports what it needs only when it runs."""

    @property
    def what(self) -> str:
        """What the worker is at, for a message about its death."""

    def run(self, progress: Callable[[int], None]) -> object:
        """Does it. `progress` is told how much is done so far."""


@dataclass(frozen=True)
class InspectTask:
    """Reads a file once, whole; progress is in bytes."""

    path: Path
    strict: bool

    @property
    def what(self) -> str:
        """What the worker is at."""
        return f"inspecting {self.path}"

    def run(self, progress: Callable[[int], None]) -> FileReport:
        """The file's report."""
        from allelake.ingest.inspection.whole_file import inspect_file

        done = 0

        def add(more: int) -> None:
            nonlocal done
            done += more
            progress(done)

        return inspect_file(self.path, strict=self.strict, progress=add)


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
