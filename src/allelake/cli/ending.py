"""How a command ends: its exit code, and what is said of an error."""

import errno
import os
import re
import sys
from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

from allelake.errors import AllelakeError, CheckFailed, LakeError

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# As shells have it: 128 and the signal's number.
INTERRUPTED = 130
BROKEN_PIPE = 141

_DAMAGE = re.compile(r"[Pp]arquet|[Tt]hrift|end of stream|[Cc]orrupt")
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_NO_PERMISSION = (errno.EACCES, errno.EPERM, errno.EROFS)


def ends_tidily(command: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """The command, with errors that the caller can mend printed in one paragraph on stderr.

    Any other exception is a bug, and keeps its traceback.
    """

    @wraps(command)
    def wrapped(*positional: Parameters.args, **named: Parameters.kwargs) -> Result:
        try:
            result = command(*positional, **named)
            sys.stdout.flush()
        except AllelakeError as error:
            end_with(error)
        except KeyboardInterrupt:
            print("allelake: stopped", file=sys.stderr)
            raise SystemExit(INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever read us has enough. Python would complain when it flushes at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            raise SystemExit(BROKEN_PIPE) from None
        except (OSError, ValueError) as error:
            told = _of_system(error)
            if told is None:
                raise
            end_with(told)
        return result

    return wrapped


def end_with(error: AllelakeError) -> NoReturn:
    """Prints the error and leaves with its code."""
    if not isinstance(error, CheckFailed):
        warn(str(error))
    raise SystemExit(error.exit_code)


def warn(message: str) -> None:
    """One message on stderr."""
    print(f"allelake: {message}", file=sys.stderr)


def _of_system(error: OSError | ValueError) -> LakeError | None:
    """What the disk refused, or a file of the lake that is none; None for all else."""
    if isinstance(error, OSError) and error.errno is not None:
        where = f"{error.filename}: " if error.filename else ""
        if error.errno in _NO_SPACE:
            return LakeError(f"{where}the disk is full. Free some space and run it again.")
        if error.errno in _NO_PERMISSION:
            advice = "Ask for permission, or use a folder that is yours."
            return LakeError(f"{where}{error.strerror}. {advice}")
        return None
    # pyarrow's ArrowInvalid is a ValueError, and its OSError has no number. Not imported for this.
    is_arrow = isinstance(error, OSError) or type(error).__module__ == "pyarrow.lib"
    if is_arrow and _DAMAGE.search(str(error)):
        what = str(error).rstrip(".")
        return LakeError(f"A file of the lake cannot be read: {what}. `allelake check` tells more.")
    return None
