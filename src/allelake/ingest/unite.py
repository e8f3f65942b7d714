"""The files of many parts of a per-sample batch made one per table, tier and contig."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from allelake.ingest.spec import BatchSpec, PartSummary
from allelake.ingest.worker_task import Task
from allelake.warehouse.stored import StagedFile


@dataclass(frozen=True)
class UniteTask:
    """Merges staged files of one table, tier and contig; progress is in rows.

    Its result is a tuple of StagedFile, which stand for `files`; those are removed.
    """

    spec: BatchSpec
    files: tuple[StagedFile, ...]
    staging: Path

    @property
    def what(self) -> str:
        """What the worker is at."""
        return f"uniting {len(self.files)} files of {self.files[0].table}"

    def run(self, progress: Callable[[int], None]) -> tuple[StagedFile, ...]:
        """The files that stand for them."""
        raise NotImplementedError


def unite_tasks(spec: BatchSpec, summaries: Sequence[PartSummary], staging: Path) -> list[Task]:
    """A task for each table, tier and contig of a per_sample batch of which parts wrote several.

    Files of a group that has only one stay as they are: see `alone`. The bytes that come of it
    depend on the parts alone, not on when they ended.
    """
    raise NotImplementedError


def alone(summaries: Sequence[PartSummary]) -> list[StagedFile]:
    """The files that no task unites: all that the batch has beside the results of `unite_tasks`."""
    raise NotImplementedError
