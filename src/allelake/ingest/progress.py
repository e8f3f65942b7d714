"""How an ingest tells what it is doing, for a progress bar or a log."""

from typing import Protocol


class Observer(Protocol):
    """Is told the steps of an ingest, and how far the present one is.

    Steps come in this order: 'inspect' (counted in bytes of the files), 'read' (in records), for
    batches of many per-sample files 'unite' (in rows), and 'commit' (not counted). With `--plan`
    there is 'inspect' only. There is no 'read' for a large file that is read while it is inspected,
    and before all of them 'compile' (not counted) where that was never done on this machine.
    """

    def on_step(self, name: str) -> None:
        """A step begins."""

    def on_progress(self, done: int, total: int | None) -> None:
        """The present step is so far; `total` is None where nobody knows it."""


class Unobserved:
    """For whoever does not want to know."""

    def on_step(self, name: str) -> None:
        """Does nothing."""

    def on_progress(self, done: int, total: int | None) -> None:
        """Does nothing."""


class Tally:
    """Adds up the progress of tasks that run side by side."""

    def __init__(self, observer: Observer, total: int | None) -> None:
        self._observer = observer
        self._total = total
        self._done: dict[int, int] = {}
        self._sum = 0

    def note(self, task: int, done: int) -> None:
        """One task has come so far."""
        self._sum += done - self._done.get(task, 0)
        self._done[task] = done
        self._observer.on_progress(self._sum, self._total)
