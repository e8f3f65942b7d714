"""Functions over arrays that are compiled at their first call.

Importing this module costs a third of a second, and the first call of a compiled function some
seconds, once for each machine: modules that use it are imported only where there is much to read.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

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

    Integers wrap around and indices are not checked, as in C.
    """
    config.DISABLE_JIT = 0  # type: ignore[attr-defined]
    try:
        made = njit(nogil=True, cache=True)(function)
    except RuntimeError:
        # numba's word for "no folder to keep it in"; anything else comes up again here.
        made = njit(nogil=True)(function)
    return cast("Callable[_P, _R]", made)
