"""Functions over arrays that are compiled at their first call.

Importing this module costs a third of a second, and the first call of a compiled function some
seconds, once for each machine: modules that use it are imported only where there is much to read.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from numba import config, njit

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """The function as machine code that runs beside other threads.

    What was compiled is kept for other processes, beside the source or in the user's cache; where
    neither can be written, each process compiles anew. It is found again by the time of the
    function's own file: functions that call each other must stand in one file, or a change of the
    one would not reach the other.

    It is compiled also where the environment says that numba should not: the same text in Python
    would overflow otherwise.

    Processes that need a function at the same time do not all compile it: the others wait for the
    first.

    Integers wrap around and indices are not checked, as in C.
    """
    config.DISABLE_JIT = 0  # type: ignore[attr-defined]
    try:
        made: Any = njit(nogil=True, cache=True)(function)
        made.compile = _by_one_process(made, function)
    except RuntimeError:
        # numba's word for "no folder to keep it in"; anything else comes up again here.
        made = njit(nogil=True)(function)
    return cast("Callable[_P, _R]", made)


def _by_one_process(made: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function's compiler, which one process alone is in until the function is kept."""
    compile_it = made.compile
    folder = Path(made.stats.cache_path)
    code = function.__code__
    names = f"{Path(code.co_filename).stem}.{function.__qualname__}-{code.co_firstlineno}.*.nbi"

    def compile_once(signature: Any) -> Any:
        if any(folder.glob(names)):
            return compile_it(signature)
        with _lock.held(folder):
            # Loaded, if another process has compiled it meanwhile.
            return compile_it(signature)

    return compile_once


class _CompilerLock:
    """Taken again by whoever holds it: functions are compiled while others are that call them."""

    def __init__(self) -> None:
        self._threads = threading.RLock()
        self._depth = 0

    @contextmanager
    def held(self, folder: Path) -> Iterator[None]:
        """Waits for other processes; without a place for a lock everybody compiles at once."""
        with self._threads:
            if self._depth:
                yield
                return
            try:
                file = os.open(folder / ".compiling", os.O_RDWR | os.O_CREAT, 0o666)
            except OSError:
                yield
                return
            self._depth += 1
            try:
                fcntl.lockf(file, fcntl.LOCK_EX)
                yield
            finally:
                self._depth -= 1
                os.close(file)


_lock = _CompilerLock()
