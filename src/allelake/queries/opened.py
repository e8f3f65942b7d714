"""A lake opened at a snapshot: the connection, and which files it is to read."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allelake.queries.connect import Limits, open_lake
from allelake.queries.trouble import tidy_errors
from allelake.warehouse.snapshots import Snapshot, StoredFile, live_files, read_snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from allelake.warehouse.as_of import AsOf
    from allelake.warehouse.info import LakeInfo


@dataclass(frozen=True)
class Opened:
    """A connection on a snapshot, its files, and the paths that its views read."""

    connection: "DuckDBPyConnection"
    snapshot: Snapshot
    files: list[StoredFile]
    reads: list[str]


def open_at(info: "LakeInfo", limits: Limits, as_of: "AsOf | None" = None) -> Opened:
    """The lake at its current snapshot, or at the one that `as_of` means."""
    if as_of is not None:
        return _open_earlier(info, limits, as_of)
    connection = open_lake(info.path, limits)
    with tidy_errors():
        rows = connection.execute("SELECT snapshot FROM lake_info").fetchall()
    snapshot = read_snapshot(info.path, int(rows[0][0]))
    if snapshot.redacted is not None:
        # A purge is at work, or was interrupted: the catalog still reads the files that are to
        # go, and the snapshot names those that stay.
        connection.close()
        return _open_earlier(info, limits, snapshot.number)
    files = live_files(info.path, snapshot)
    return Opened(connection, snapshot, files, [file.path for file in files])


def _open_earlier(info: "LakeInfo", limits: Limits, as_of: "AsOf") -> Opened:
    from allelake.warehouse.as_of import earlier

    found = earlier(info, as_of)
    connection = open_lake(info.path, limits, found.statements)
    return Opened(connection, found.snapshot, found.files, found.reads)
