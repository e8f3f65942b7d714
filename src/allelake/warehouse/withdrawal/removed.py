"""Who was removed from a lake and is still in its files, by its own small tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_changes
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from allelake.warehouse.results.derived import result_rows, results_with
from allelake.warehouse.snapshots import StoredFile


@dataclass(frozen=True)
class Removed:
    """The samples that views leave out, by batch; `per_sample` are those batches of that kind.

    Where an earlier snapshot is shown, its small tables still have the people: `own_people` and
    `people_today` are then the files of `samples` and `pedigree` of that snapshot and of today.
    """

    numbers: Mapping[int, tuple[int, ...]]
    per_sample: frozenset[int] = frozenset()
    own_people: tuple[StoredFile, ...] = ()
    people_today: tuple[StoredFile, ...] = ()
    # Results that were computed from one of them.
    results: frozenset[int] = frozenset()

    @property
    def is_earlier(self) -> bool:
        """Whether an earlier snapshot is shown."""
        return bool(self.own_people)

    @property
    def every_number(self) -> list[int]:
        """All sample numbers."""
        return sorted(number for of_batch in self.numbers.values() for number in of_batch)

    @property
    def files(self) -> list[str]:
        """Paths that the views read beyond the snapshot's own files."""
        return [file.path for file in self.people_today]


def removed_now(lake: Path, files: Iterable[StoredFile]) -> Removed | None:
    """Who is removed and not purged, by these files' own `removals`; None for nobody."""
    files = list(files)
    found = _removed(_waiting(lake, files), batch_kinds(lake, files))
    return _with_results(found, lake, files) if found else None


def removed_of(tables: Mapping[str, pa.Table]) -> Removed | None:
    """Who is removed and not purged, by small tables that are held whole."""
    rows = [row for row in tables["removals"].to_pylist() if row["purged_at"] is None]
    batches = tables["batches"]
    kinds = zip(batches["batch"].to_pylist(), batches["kind"].to_pylist(), strict=True)
    return _removed(rows, dict(kinds))


def removed_as_of(
    lake: Path, files: Iterable[StoredFile], today: Iterable[StoredFile]
) -> Removed | None:
    """Who views of an earlier snapshot's `files` leave out; `today`: the current live files.

    Who has withdrawn since is left out of the past too; who was replaced since is not. None if
    nobody ever withdrew.
    """
    files, today = list(files), list(today)
    own = {row["sample_number"]: row for row in _waiting(lake, files)}
    purged = {row["sample_number"] for row in removal_rows(lake, today) if row["purged_at"]}
    later = [row for row in _waiting(lake, today) if row["kind"] == "withdrawn"]
    own = {n: row for n, row in own.items() if n not in purged}
    own |= {row["sample_number"]: row for row in later}
    then_people, now_people = _people(files), _people(today)
    # Whoever has no genotypes left no number behind; only the names of then can tell.
    if not own and not people_names(lake, then_people) - people_names(lake, now_people):
        return None
    found = _removed(list(own.values()), batch_kinds(lake, files)) or Removed({})
    shown = Removed(found.numbers, found.per_sample, then_people, now_people)
    return _with_results(shown, lake, files)


def _with_results(removed: Removed, lake: Path, files: Sequence[StoredFile]) -> Removed:
    hidden = results_with(result_rows(lake, files), removed.every_number)
    return with_changes(removed, results=hidden)


def people_names(lake: Path, files: Iterable[StoredFile]) -> set[str]:
    """Everybody's names in these files of `samples` and `pedigree`, parents' among them."""
    names: set[str] = set()
    for file in files:
        rows = pq.read_table(lake / file.path, partitioning=None)
        for column in ("sample_id", "participant_id", "father_id", "mother_id"):
            if column in rows.column_names and file.table in ("samples", "pedigree"):
                names.update(rows.column(column).to_pylist())
    return names - {None}


def _people(files: Iterable[StoredFile]) -> tuple[StoredFile, ...]:
    return tuple(file for file in files if file.table in ("samples", "pedigree"))


def removal_rows(lake: Path, files: Iterable[StoredFile]) -> list[dict[str, Any]]:
    """The rows of `removals` in these files."""
    return [
        row
        for file in files
        if file.table == "removals"
        for row in pq.read_table(lake / file.path, partitioning=None).to_pylist()
    ]


def _waiting(lake: Path, files: Sequence[StoredFile]) -> list[dict[str, Any]]:
    return [row for row in removal_rows(lake, files) if row["purged_at"] is None]


def batch_kinds(lake: Path, files: Sequence[StoredFile]) -> dict[int, str]:
    """`kind` of each batch."""
    return {
        row["batch"]: row["kind"]
        for file in files
        if file.table == "batches"
        for row in pq.read_table(
            lake / file.path, columns=["batch", "kind"], partitioning=None
        ).to_pylist()
    }


def _removed(rows: Sequence[Mapping[str, Any]], kinds: Mapping[int, str]) -> Removed | None:
    if not rows:
        return None
    numbers: dict[int, list[int]] = {}
    for row in rows:
        numbers.setdefault(row["batch"], []).append(row["sample_number"])
    return Removed(
        {batch: tuple(sorted(of)) for batch, of in sorted(numbers.items())},
        frozenset(batch for batch in numbers if kinds.get(batch) == "per_sample"),
    )
