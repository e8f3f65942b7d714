"""Stored frequencies made true by the commit that changes what they count."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from allelake.errors import QueryError
from allelake.warehouse.parquet import TableWriter
from allelake.warehouse.results.derived import result_of
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.strata.groups import members_of, sizes, strata_of
from allelake.warehouse.strata.state import Opened, State
from allelake.warehouse.strata.stored import strata_rows
from allelake.warehouse.strata.update import Side, Terms, Update, difference
from allelake.warehouse.withdrawal.removals import table_like

KIND = "frequencies"
TABLES = ("strata", "stratum_counts")


@dataclass(frozen=True)
class Kept:
    """What a commit changes of stored results: their table, files in staging to add, and the
    paths of live files that go."""

    results: pa.Table
    added: list[StagedFile]
    gone: list[str]


def keep_true(before: State, after: State, staging: Path, number: int) -> Kept:
    """What a commit, the snapshot `number`, has to change of stored frequencies.

    Those that were stored before are brought to what `after` says.
    """
    added: list[StagedFile] = []
    gone: list[str] = []
    rows = []
    old = {row["result"] for row in before.tables["results"].to_pylist()}
    with Opened(before, staging / "spill") as then, Opened(after, staging / "spill") as now:
        for row in after.tables["results"].to_pylist():
            if row["kind"] == KIND and row["result"] in old:
                new, files, paths = _kept(row, then, now, staging, number)
                row = {**row, **new}
                added += files
                gone += paths
            rows.append(row)
    return Kept(table_like(after.tables["results"], rows), added, gone)


def terms_of(row: Mapping[str, Any]) -> Terms:
    """What the stored frequencies of a row of `results` are counted by."""
    said = json.loads(row["settings"])
    return Terms(tuple(said["by"]), tuple(said["policies"]), said["ploidy"])


def _kept(
    row: Mapping[str, Any], then: Opened, now: Opened, staging: Path, number: int
) -> tuple[dict[str, Any], list[StagedFile], list[str]]:
    cohort, result, terms = row["cohort"], row["result"], terms_of(row)
    before, after = then.state, now.state
    if cohort not in after.tables["cohorts"]["cohort"].to_pylist():
        raise QueryError(
            f"The stored frequencies {row['name']!r} are those of the cohort {cohort!r}. Drop them "
            f"first: allelake materialize LAKE --drop --name {row['name']}. Nothing was changed."
        )
    sides = (side_of(then, cohort, terms), _after(row, now, terms))
    changed = difference(*sides)
    is_moved = bool(changed.left or changed.came) or sides[0].strata != sides[1].strata
    own = [f for f in before.files if f.table in TABLES and result_of(f) == result]
    stored = _by_contig(own)
    contigs = sorted({*after.contigs, *stored})
    # A merge writes sites anew, and changes none of them.
    may_differ = not before.tables["batches"].equals(after.tables["batches"])
    touched = [
        contig
        for contig in contigs
        if is_moved or (may_differ and _sites(before, contig) != _sites(after, contig))
    ]
    if not touched:
        return {}, [], []
    way = _Way(terms, sides, stored, _extended(before, after), staging)
    files = [file for contig in touched if (file := way.write(contig, result, number))]
    gone = [file.path for contig in touched for file in stored.get(contig, ())]
    if is_moved:
        gone += [file.path for file in own if file.table == "strata"]
        files.append(strata_file(staging, number, sides[1], terms, result))
    told = {"snapshot": number, "sample_numbers": sorted(sides[1].people)}
    return told, files, gone


def _after(row: Mapping[str, Any], now: Opened, terms: Terms) -> Side:
    try:
        return side_of(now, row["cohort"], terms)
    except QueryError as error:
        raise QueryError(
            f"The stored frequencies {row['name']!r} cannot be kept true by this change. {error} "
            f"Or drop them first: allelake materialize LAKE --drop --name {row['name']}. "
            "Nothing was changed."
        ) from error


@dataclass(frozen=True)
class _Way:
    """From one side to the other, by parts, or anew on contigs where parts do not tell."""

    terms: Terms
    sides: tuple[Side, Side]
    stored: Mapping[str, Sequence[StoredFile]]
    anew: set[str]
    staging: Path

    def write(self, contig: str, result: int, number: int) -> StagedFile | None:
        """The contig's counts as a file; None where it has no variants any more."""
        before, after = self.sides
        if contig not in after.opened.state.contigs:
            return None
        if contig in self.anew:
            update = Update(self.terms, None, after, {}, self.staging)
        else:
            update = Update(self.terms, before, after, self.stored, self.staging)
        return update.write(contig, result, number)


def side_of(opened: Opened, cohort: str, terms: Terms) -> Side:
    """A state with the people of a cohort and their strata."""
    people = members_of(opened.state.tables, cohort, terms.by)
    return Side(opened, people, strata_of(people, terms.by))


def strata_file(staging: Path, number: int, side: Side, terms: Terms, result: int) -> StagedFile:
    """The file of `strata` of a result, in staging."""
    writer = TableWriter("strata", staging, batch=result, part=number)
    writer.write(strata_rows(side.strata, sizes(side.strata, side.people, terms.by), result))
    return writer.close()


def _by_contig(files: Iterable[StoredFile]) -> dict[str, list[StoredFile]]:
    found: dict[str, list[StoredFile]] = {}
    for file in files:
        if file.contig is not None:
            found.setdefault(file.contig, []).append(file)
    return found


def _sites(state: State, contig: str) -> list[tuple[str, str]]:
    """What tells the variants of a contig: its files of sites, and who is left out of them."""
    own = (f for f in state.files if f.table == "sites" and f.contig == contig)
    return sorted((file.path, file.sha256) for file in own)


def _extended(before: State, after: State) -> set[str]:
    """Contigs on which a batch has records that had none before."""
    old = {row["batch"]: set(row["contigs"]) for row in _batches(before)}
    return {
        contig
        for row in _batches(after)
        if row["batch"] in old
        for contig in set(row["contigs"]) - old[row["batch"]]
    }


def _batches(state: State) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = state.tables["batches"].select(["batch", "contigs"]).to_pylist()
    return rows
