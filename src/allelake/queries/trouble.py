"""DuckDB's errors as the caller should read them."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from allelake.errors import LakeError, QueryError

_PREFIX = re.compile(r"^(?:[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)* (?:Error|exception|Exception): )+")


# DuckDB's words, and ours after them: the catalog has to know the contigs while it binds.
_SUBQUERY = "Table function cannot contain subqueries"
_NO_SUBQUERY = (
    "An argument of a question cannot be a subquery. Ask for its value first: "
    "SET VARIABLE place = (SELECT ...); then FROM carriers(getvariable('place')). From Python, "
    "write the value into the question."
)
_UNREADABLE = "A file of the lake cannot be read: {}. `allelake check` tells more."
# A file that was cut or overwritten is "invalid input" to DuckDB, as a wrong argument is.
_DAMAGED = re.compile(r"\.parquet'? (?:is )?too small|No magic bytes found|parquet footer")
_GONE = ".parquet/**/*.parquet"
_NO_FILE = "No files found"
_FILE_GONE = (
    "A file of the snapshot that was opened is gone: since then the lake was vacuumed, or purged "
    "of somebody. Open it again; `allelake snapshots` lists what can be opened. If nobody did "
    "either, `allelake check` tells what is missing."
)


@contextmanager
def tidy_errors() -> Iterator[None]:
    """Turns DuckDB's errors inside the block into QueryError or LakeError, but for bugs."""
    import duckdb

    try:
        yield
    except (duckdb.InternalException, duckdb.FatalException):
        raise
    except RuntimeError as error:
        # What DuckDB makes of a signal that it sees before Python does.
        if str(error) != "Query interrupted":
            raise
        raise KeyboardInterrupt from None
    except duckdb.InterruptException:
        raise QueryError(
            "The query was stopped: it ran longer than allowed. "
            "Ask for a smaller region, or allow more time (--timeout)."
        ) from None
    except duckdb.OutOfMemoryException as error:
        raise QueryError(
            f"The query needs more memory than allowed: {tidy(str(error))} "
            "Ask for a smaller region, or allow more (--memory)."
        ) from None
    except duckdb.PermissionException as error:
        # A file that is gone is looked for as a folder, which is not allowed either.
        if _GONE in str(error):
            raise LakeError(_FILE_GONE) from None
        raise QueryError(
            f"Only the lake's own files can be read here. {tidy(str(error))}"
        ) from None
    except duckdb.IOException as error:
        if _NO_FILE in str(error) or os.strerror(errno.ENOENT) in str(error):
            raise LakeError(_FILE_GONE) from None
        raise LakeError(_UNREADABLE.format(tidy(str(error)).rstrip("."))) from None
    except duckdb.Error as error:
        if _DAMAGED.search(str(error)):
            raise LakeError(_UNREADABLE.format(tidy(str(error)).rstrip("."))) from None
        raise QueryError(tidy(str(error))) from None


def tidy(message: str) -> str:
    """DuckDB's message without its kind in front, and without advice that does not fit a lake.

    >>> tidy("Invalid Input Error: no cohort named 'chz'")
    "no cohort named 'chz'"
    """
    text = _PREFIX.sub("", message.strip())
    if text.startswith(_SUBQUERY):
        return _NO_SUBQUERY
    lines = [line.rstrip() for line in text.splitlines()]
    kept = [line for line in lines if not line.startswith("Extension Autoloading")]
    return re.sub(r"\n{2,}", "\n", "\n".join(kept))
