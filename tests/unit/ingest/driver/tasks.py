"""Things a worker may be asked to do in a test."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from allelake.errors import InputError


@dataclass(frozen=True)
class Double:
    """Answers with twice its number, after some progress."""

    number: int
    what: str = "doubling"

    def run(self, progress: Callable[[int], None]) -> int:
        progress(self.number)
        print("printed into the middle of the answers")
        return 2 * self.number


@dataclass(frozen=True)
class Refuse:
    """A file that is refused."""

    what: str = "refusing"

    def run(self, progress: Callable[[int], None]) -> None:
        raise InputError("chr1:5: not like this")


@dataclass(frozen=True)
class Fail:
    """A bug."""

    what: str = "failing"

    def run(self, progress: Callable[[int], None]) -> None:
        raise KeyError("a bug")


@dataclass(frozen=True)
class Die:
    """Ends its process: by a signal, or by itself."""

    by: int | None
    what: str = "reading part 7 (x.vcf)"

    def run(self, progress: Callable[[int], None]) -> None:
        if self.by is None:
            sys.stderr.write("last words\n")
            sys.stderr.flush()
            os._exit(3)
        os.kill(os.getpid(), self.by)


@dataclass(frozen=True)
class Linger:
    """Says who it is, and stays."""

    what: str = "lingering"

    def run(self, progress: Callable[[int], None]) -> None:
        progress(os.getpid())
        time.sleep(60)


SIGKILL, SIGSEGV = signal.SIGKILL, signal.SIGSEGV


@dataclass
class WhereUnpacked:
    """Answers with the name of the thread that unpacked it."""

    what: str = "being unpacked"
    thread: str = ""

    def __setstate__(self, state: dict[str, str]) -> None:
        self.__dict__.update(state, thread=threading.current_thread().name)

    def run(self, progress: Callable[[int], None]) -> str:
        return self.thread
