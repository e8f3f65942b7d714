"""A lake opened at a snapshot: the connection, and which files it is to read."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from allelake.errors import LakeError
from allelake.queries.connect import Limits, open_lake, restrict
from allelake.queries.trouble import tidy_errors
from allelake.warehouse.info import allelake_version
from allelake.warehouse.snapshots import (
    Snapshot,
    StoredFile,
    current_snapshot,
    live_files,
    read_snapshot,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from allelake.warehouse.catalog.as_of import AsOf
    from allelake.warehouse.info import LakeInfo

_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Opened:
    """A connection on a snapshot, its files, and the paths that its views read."""

    connection: "DuckDBPyConnection"
    snapshot: Snapshot
    files: list[StoredFile]
    reads: list[str]


class Opening:
    """A lake at one snapshot, of which nothing but its own files can be read.

    The current one is opened when it is first asked: many a lake is opened to be changed only, and
    moves on with each change. If others committed meanwhile it is opened as an earlier one is:
    without people who have withdrawn since, which is neither that snapshot nor the next. Who reads
    beside writers is to see one of those two, and calls `settle`.
    """

    def __init__(self, info: "LakeInfo", limits: Limits, as_of: "AsOf | None") -> None:
        self._info, self._limits = info, limits
        self._opened: Opened | None = None
        self._is_closed = False
        if as_of is None:
            self.number = _patiently(lambda: current_snapshot(info.path).number)
        else:
            self._opened = self._open(lambda: open_at(info, limits, as_of))
            self.number = self._opened.snapshot.number

    @property
    def opened(self) -> Opened:
        """The connection and its files."""
        if self._is_closed:
            raise LakeError(
                f"{self._info.path}: this opening of the lake was closed. Open it again."
            )
        if self._opened is None:
            self._opened = self._open(self._as_pinned)
        return self._opened

    def settle(self) -> None:
        """Opens it now, at the current snapshot."""
        if self._opened is None:
            self._opened = self._open(lambda: open_at(self._info, self._limits))
            self.number = self._opened.snapshot.number

    def close(self) -> None:
        """Frees what DuckDB holds."""
        self._is_closed = True
        if self._opened is not None:
            self._opened.connection.close()

    def _open(self, how: Callable[[], Opened]) -> Opened:
        opened = _patiently(how)
        restrict(opened.connection, self._info.path, opened.reads)
        return opened

    def _as_pinned(self) -> Opened:
        opened = open_at(self._info, self._limits)
        if opened.snapshot.number == self.number:
            return opened
        opened.connection.close()
        return _open_earlier(self._info, self._limits, self.number)


def _patiently(read: Callable[[], _Read]) -> _Read:
    """What `read` returns. Between two of its reads a commit and a purge or vacuum may have come:
    the next try sees the lake after them."""
    for _ in range(2):
        with suppress(LakeError):
            return read()
    return read()


def open_at(info: "LakeInfo", limits: Limits, as_of: "AsOf | None" = None) -> Opened:
    """The lake at its current snapshot, or at the one that `as_of` means."""
    if as_of is not None:
        return _open_earlier(info, limits, as_of)
    connection = open_lake(info.path, limits)
    with tidy_errors():
        rows = connection.execute("SELECT snapshot FROM lake_info").fetchall()
    snapshot = read_snapshot(info.path, int(rows[0][0]))
    # A purge is at work, or was interrupted: the catalog still reads the files that are to go, and
    # the snapshot names those that stay. Or the catalog has the macros of another version, which
    # may count what this one has mended.
    if snapshot.redacted is not None or snapshot.allelake_version != allelake_version():
        connection.close()
        return _open_earlier(info, limits, snapshot.number)
    files = live_files(info.path, snapshot)
    return Opened(connection, snapshot, files, [file.path for file in files])


def _open_earlier(info: "LakeInfo", limits: Limits, as_of: "AsOf") -> Opened:
    from allelake.warehouse.catalog.as_of import earlier

    found = earlier(info, as_of)
    connection = open_lake(info.path, limits, found.statements)
    return Opened(connection, found.snapshot, found.files, found.reads)
