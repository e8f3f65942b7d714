"""The one writer of a lake: an operating system's lock on lake.lock, freed by the process's end."""

import fcntl
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from allelake.errors import LockedError
from allelake.warehouse.steps import os_failure

LOCK_FILE = "lake.lock"

# lockf locks belong to the process: a second writer in the same process would be let in.
_held_here: set[Path] = set()
_guard = threading.Lock()


@contextmanager
def hold_lock(lake: Path) -> Iterator[None]:
    """Holds the lake's lock; LockedError says who has it."""
    real = lake.resolve()
    with _guard:
        if real in _held_here:
            raise LockedError(
                f"{lake}: another writer of this very process ({_who()}) is at work. "
                "Wait until it is done."
            )
        _held_here.add(real)
    try:
        yield from _hold_file(lake)
    finally:
        with _guard:
            _held_here.discard(real)


def _hold_file(lake: Path) -> Iterator[None]:
    path = lake / LOCK_FILE
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise os_failure(error, "taking the writer's lock", path) from error
    try:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as error:
            holder = os.read(descriptor, 4096).decode("utf-8", "replace").strip()
            raise LockedError(
                f"{lake}: another writer is at work ({holder or 'it left no name'}). Wait until "
                "it is done; readers are not affected. If that process is dead the lock is free."
            ) from error
        except OSError as error:
            raise os_failure(error, "taking the writer's lock", path) from error
        _note_holder(descriptor, f"{_who()}\n")
        try:
            yield
        finally:
            _note_holder(descriptor, "")
    finally:
        os.close(descriptor)


def _note_holder(descriptor: int, text: str) -> None:
    """Who holds the lock, for the message of the next one; never a test of anything."""
    # On a full disk the lock holds all the same, and a commit that needs no space may succeed.
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)


def _who() -> str:
    # Further arguments may be names of people (withdraw), and a killed writer's text stays.
    command = " ".join(sys.argv[:2])[:500]
    return f"pid {os.getpid()} on {socket.gethostname()}: {command}"
