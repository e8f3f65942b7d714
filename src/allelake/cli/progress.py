"""A bar on stderr that tells how far a long command is; only in a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

# What each step is called, and what it counts: those of an ingest, and checking.
_STEPS = {
    "compile": ("compiling, once for this machine", ""),
    "inspect": ("reading the files through", "B"),
    "read": ("taking records in", "records"),
    "unite": ("joining the files' tables", "rows"),
    "commit": ("committing", ""),
    "checking": ("checking", "steps"),
    "exporting": ("exporting", "variants"),
}


class Bar:
    """Is told the steps and how far each is; silent where nobody looks at a terminal.

    It is the Observer of an ingest: the step 'inspect' counts bytes, 'read' counts records.
    """

    def __init__(self, progress: "Progress | None") -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def on_step(self, name: str) -> None:
        """A step begins."""
        if self._progress is None:
            return
        if self._task is not None:
            self._progress.remove_task(self._task)
        title, unit = _STEPS.get(name, (name, ""))
        self._task = self._progress.add_task(title, total=None, unit=unit)

    def on_progress(self, done: int, total: int | None) -> None:
        """The present step is so far."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=done, total=total)


@contextmanager
def progress_bar(step: str | None = None) -> Iterator[Bar]:
    """A bar until the end of the block, perhaps with its first step."""
    if not sys.stderr.isatty():
        yield Bar(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from allelake.cli.rate import RateColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        RateColumn(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = Bar(progress)
        if step is not None:
            bar.on_step(step)
        yield bar
