"""A lake as of an earlier snapshot: which one is meant, and its views with today's macros."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from allelake.errors import QueryError, UsageError
from allelake.warehouse.catalog.views import catalog_parts
from allelake.warehouse.info import LakeInfo
from allelake.warehouse.snapshots import (
    Snapshot,
    StoredFile,
    catalog_number,
    current_snapshot,
    live_files,
    read_snapshot,
    snapshot_numbers,
)
from allelake.warehouse.upkeep.vacuumed import read_vacuumed
from allelake.warehouse.withdrawal.removed import removal_rows, removed_as_of

# A snapshot's number, or a moment: text as `--as-of` takes it, a date, or a date with a time.
AsOf = int | str | date

_TIME = "%Y-%m-%d %H:%M:%S"


def snapshot_as_of(lake: Path, as_of: AsOf) -> Snapshot:
    """The snapshot of that number, or the last one at or before that moment (UTC).

    A day alone means its end. Raises QueryError for a number that the lake does not have, for a
    moment before its first snapshot, and for a snapshot that was vacuumed.
    """
    if isinstance(as_of, bool):
        raise UsageError(f"a snapshot's number or a date is needed, not {as_of}")
    asked = as_of if isinstance(as_of, int) else _number_or_moment(as_of)
    current = catalog_number(lake)
    kept = [number for number in snapshot_numbers(lake) if number <= current]
    number = asked if isinstance(asked, int) else _last_at(lake, asked, kept)
    if number not in kept:
        raise QueryError(_why_not(lake, number, kept, current))
    return read_snapshot(lake, number)


@dataclass(frozen=True)
class Earlier:
    """An earlier snapshot as today shows it: its files, the statements, and what they read."""

    snapshot: Snapshot
    files: list[StoredFile]
    statements: list[str]
    reads: list[str]


def earlier(info: LakeInfo, as_of: AsOf) -> Earlier:
    """The snapshot that is meant, through today's macros and without today's withdrawn people.

    Raises what `snapshot_as_of` raises.
    """
    snapshot = snapshot_as_of(info.path, as_of)
    files = live_files(info.path, snapshot)
    today = live_files(info.path, current_snapshot(info.path))
    removed = removed_as_of(info.path, files, today)
    statements = catalog_parts(info, snapshot, files, removed).statements()
    further = removed.files if removed else []
    return Earlier(snapshot, files, statements, [*(file.path for file in files), *further])


def removed_between(
    lake: Path, before: Iterable[StoredFile], after: Iterable[StoredFile]
) -> list[tuple[str, int]]:
    """Kind ('withdrawn', 'replaced') and number of the samples that left between two snapshots."""
    gone = {row["sample_number"] for row in removal_rows(lake, before)}
    later = removal_rows(lake, after)
    return [
        (row["kind"], row["sample_number"]) for row in later if row["sample_number"] not in gone
    ]


def moment_of(text: str) -> datetime:
    """A date, or a date and a time, as text (ISO 8601); UTC unless it says otherwise."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return _end_of(date.fromisoformat(text))
        return _utc(datetime.fromisoformat(text))
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no snapshot's number and no date. Give a number (42), a date "
            "(2026-03-31) or a date and time in UTC ('2026-03-31 14:00'); `allelake snapshots` "
            "lists them."
        ) from error


def _number_or_moment(as_of: str | date) -> int | datetime:
    if isinstance(as_of, datetime):
        return _utc(as_of)
    if isinstance(as_of, date):
        return _end_of(as_of)
    text = as_of.strip()
    return int(text) if re.fullmatch(r"[+-]?\d{1,9}", text) else moment_of(text)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), UTC)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _last_at(lake: Path, moment: datetime, kept: list[int]) -> int:
    """The number of the last snapshot at or before the moment, vacuumed ones among them."""
    times = {number: gone.time for number, gone in read_vacuumed(lake).items()}
    limit = moment.strftime(_TIME)
    # From the newest back: the few that are later are read, and one more.
    for number in sorted({*kept, *times}, reverse=True):
        at = read_snapshot(lake, number).time if number in kept else times[number]
        if at <= limit:
            return number
    raise QueryError(
        f"{lake}: was made after {limit} UTC; its first snapshot is of {at} UTC. "
        "`allelake snapshots` lists them."
    )


def _why_not(lake: Path, number: int, kept: list[int], current: int) -> str:
    gone = read_vacuumed(lake).get(number)
    listed = "`allelake snapshots` lists them."
    if gone is not None:
        return (
            f"{lake}: snapshot {number} of {gone.time} UTC was vacuumed on {gone.vacuumed_at} UTC; "
            f"its files are gone. The oldest that is kept is snapshot {kept[0]}. {listed}"
        )
    if 1 <= number <= current:
        return f"{lake}: the file of snapshot {number} is missing. Run `allelake check`."
    return f"{lake}: has no snapshot {number}; it has 1 to {current}. {listed}"
