"""What views leave out of files that still hold people who were removed, until a purge.

The SQL is put around the SELECT of a view; a lake without removals has none of it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_changes
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from allelake.warehouse.derived import result_rows, results_with, stays_in, texts_of_results
from allelake.warehouse.names import REDACTED
from allelake.warehouse.quoting import sql_identifier, sql_literal
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.tables import load_tables

BLOCK = 1_024
# Of `bits`: those that counts come from. Where none is left, no row says the same.
COUNT_PLANES = ("alt1", "alt2", "short1", "short2")
PLANES = (*COUNT_PLANES, "haploid", "phased", "second")
SITE_KEY = ("contig", "position", "ref", "alt", "end_position", "sv_length", "batch")
SITE_SUMS = ("dp_n", "dp_sum", "dp_histogram", "gq_n", "gq_sum", "gq_histogram")
# What a row of sites has from one sample's record.
OF_RECORD = (
    *("id", "other_ids", "qual", "filters", "record_position", "record_ref", "record_alt"),
    "source_sample",
)
_ZERO = "'" + r"\x00" * 128 + "'::BLOB"

# INFO that counts people, or sums over their reads and genotypes: it cannot be told without them.
_COUNTS = r"ac|an|af|ns|mac|maf|mleac|mleaf|dp|dp4|mq0|ncc|nhet|nhom\w*|hom|het|hemi|hwe|hwp|exchet"
_OTHER = r"excesshet|inbreedingcoeff|haplotypescore|gq_mean|gq_stddev|gqmean|sac|ncount|samples"
OF_PEOPLE = re.compile(rf"info_(?:(?:.*_)?(?:{_COUNTS})(?:_.*)?|{_OTHER})")


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


def masked(table: str, select: str, further: Mapping[str, str], removed: Removed) -> str:
    """The SELECT of a view of this table without the people who were removed."""
    if removed.is_earlier:
        from allelake.warehouse.masks_people import masked_people, without_said

        if table in ("samples", "pedigree", "cohorts", "batches", "results"):
            return masked_people(table, select, further, removed)
        if table in ("sites", "calls"):
            select = without_said(select, further, removed)
        if load_tables()[table].is_derived:
            select = without_said(select, texts_of_results(load_tables()[table]), removed)
    if not removed.numbers:
        return select
    declared = load_tables()[table]
    if declared.is_derived:
        stay = stays_in(declared, removed.every_number, removed.results)
        return select if stay == "true" else f"SELECT * FROM (\n{select}\n) WHERE {stay}"
    if table in ("calls", "callable", "sample_counts", "cohort_members"):
        if table == "cohort_members" and not removed.is_earlier:
            return select
        return f"SELECT * FROM (\n{select}\n) WHERE {stays(removed)}"
    if table in ("bits", "ploidy"):
        return masked_planes(table, select, removed)
    if table != "sites":
        return select
    # Today's sites of per-sample batches were written anew when the people were removed.
    return masked_sites(select, further, removed if removed.is_earlier else joint_only(removed))


def joint_only(removed: Removed) -> Removed:
    """Those who are of joint batches."""
    joint = {b: of for b, of in removed.numbers.items() if b not in removed.per_sample}
    return Removed(joint)


def stays(removed: Removed, column: str = "sample_number") -> str:
    """SQL that is true of samples who stay, and of rows that are of no single sample."""
    return f"({column} IS NULL OR {column} NOT IN ({_listed(removed.every_number)}))"


def masked_planes(table: str, select: str, removed: Removed) -> str:
    """A SELECT with their bits cleared; a plane without a bit left is NULL."""
    names = PLANES if table == "bits" else ("haploid",)
    replaced = ", ".join(f"{_cleared(name, removed)} AS {name}" for name in names)
    text = f"SELECT * REPLACE ({replaced}) FROM (\n{select}\n)"
    return text if table == "bits" else f"SELECT * FROM (\n{text}\n) WHERE haploid IS NOT NULL"


def _cleared(plane: str, removed: Removed) -> str:
    cases = []
    for (batch, block), mask in kept_bits(removed).items():
        cases.append(
            f"WHEN batch = {batch} AND block = {block} "
            f"THEN nullif(({plane}::BIT & {mask})::BLOB, {_ZERO})"
        )
    return f"CASE {' '.join(cases)} ELSE {plane} END" if cases else plane


def kept_bits(removed: Removed) -> dict[tuple[int, int], str]:
    """For each batch and block with somebody to clear: the bits that stay, as SQL of type BIT."""
    masks: dict[tuple[int, int], bytearray] = {}
    for batch, numbers in removed.numbers.items():
        if batch in removed.per_sample:
            continue
        for number in numbers:
            mask = masks.setdefault((batch, number // BLOCK), bytearray(b"\xff" * (BLOCK // 8)))
            mask[number % BLOCK // 8] &= ~(128 >> number % 8)
    return {
        place: "'" + "".join(f"\\x{byte:02X}" for byte in mask) + "'::BLOB::BIT"
        for place, mask in masks.items()
    }


def masked_sites(select: str, further: Mapping[str, str], removed: Removed) -> str:
    """Rows of sites without sums over the people removed, and without what only they told.

    Where a per-sample batch is among them, the view `rare_calls` must be there, without their
    rows: a variant without any call was theirs alone, and its filters are those of who stays.
    """
    if not removed.numbers:
        return select
    changed = ", ".join(
        f"{sql} AS {sql_identifier(name)}" for name, sql in site_columns(further, removed).items()
    )
    if not removed.per_sample:
        return f"SELECT * REPLACE ({changed}) FROM (\n{select}\n)"
    batches = _listed(sorted(removed.per_sample))
    named = ", ".join(SITE_KEY)
    keys = " AND ".join(
        f"own.{name} {'IS NOT DISTINCT FROM' if name == 'sv_length' else '='} told.{name}"
        for name in SITE_KEY
    )
    return f"""SELECT * EXCLUDE (is_called, is_pass, is_unfiltered, first_filters)
REPLACE ({changed}) FROM (
SELECT own.*, told.is_called, told.is_pass, told.is_unfiltered, told.first_filters
FROM (
{select}
) AS own
LEFT JOIN (
SELECT {named}, true AS is_called, bool_or(len(filters) = 0) AS is_pass,
bool_or(filters IS NULL) AS is_unfiltered, arg_min(filters, sample_number) AS first_filters
FROM rare_calls WHERE batch IN ({batches}) GROUP BY {named}
) AS told ON {keys}
) WHERE is_called OR {stays(removed, "source_sample")}"""


def site_columns(further: Mapping[str, str], removed: Removed) -> dict[str, str]:
    """The columns of sites that change where somebody was removed, as SQL over the row."""
    touched = f"batch IN ({_listed(sorted(removed.numbers))})"
    columns = {name: _null_if(touched, name) for name in SITE_SUMS}
    for name in further:
        if OF_PEOPLE.fullmatch(name):
            columns[name] = _null_if(touched, name)
    if removed.per_sample:
        theirs = f"source_sample IN ({_listed(removed.every_number)})"
        for name in (*OF_RECORD, *(name for name in further if name not in columns)):
            columns[name] = _null_if(theirs, name)
        # [] where a record that stays is PASS, else NULL where one has '.', else the first one's.
        columns["filters"] = (
            f"CASE WHEN batch IN ({_listed(sorted(removed.per_sample))}) AND is_called "
            "THEN CASE WHEN is_pass THEN [] WHEN is_unfiltered THEN NULL ELSE first_filters END "
            f"ELSE {_null_if(theirs, 'filters')} END"
        )
    return columns


def _null_if(condition: str, column: str) -> str:
    quoted = sql_identifier(column)
    return f"CASE WHEN {condition} THEN NULL ELSE {quoted} END"


def declared_and_further(table: str, further: Mapping[str, str]) -> dict[str, str]:
    """Each column of a view of this table with its SQL type."""
    return load_tables()[table].column_types(further)


def redacted_literal() -> str:
    """What stands for a name, as an SQL literal."""
    return sql_literal(REDACTED)


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)
