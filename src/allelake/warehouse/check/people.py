"""Whether the small tables agree: cohorts with their definitions, and nobody who was removed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from allelake.errors import AllelakeError
from allelake.warehouse.check.finding import Finding
from allelake.warehouse.cohorts.kin import with_kin
from allelake.warehouse.info import LakeInfo
from allelake.warehouse.small_tables import evaluate_cohorts, read_small_tables
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.withdrawal.names import REDACTED


def check_people(info: LakeInfo, files: Sequence[StoredFile]) -> list[Finding]:
    """What contradicts itself in the tables of people, as they lie in the files."""
    tables = read_small_tables(info.path, files)
    unrelated = [info.path / file.path for file in files if file.table == "unrelated"]
    return [*_members(tables, unrelated), *_removed(tables), *_redacted(tables)]


def _members(tables: Mapping[str, pa.Table], unrelated: Sequence[Path]) -> Iterator[Finding]:
    """Cohorts whose stored members are not those that their definition gives."""
    try:
        asked = with_kin(tables, tables["cohorts"], unrelated)
        anew = evaluate_cohorts(tables["samples"], tables["cohorts"], asked)
    except AllelakeError as error:
        yield Finding("error", "cohorts", "A definition fails.", str(error), "members")
        return
    if anew.equals(tables["cohort_members"]):
        return
    stored = set(map(tuple, _rows(tables["cohort_members"])))
    defined = set(map(tuple, _rows(anew)))
    for cohort in sorted({str(row[0]) for row in stored ^ defined}):
        found = sum(row[0] == cohort for row in stored)
        expected = sum(row[0] == cohort for row in defined)
        yield Finding(
            "error",
            f"cohort_members, cohort {cohort!r}",
            "Its members are not those that its definition gives.",
            f"{found:,} members",
            f"{expected:,} members by its definition, and the same ones",
        )


def _removed(tables: Mapping[str, pa.Table]) -> Iterator[Finding]:
    """Samples that were withdrawn or replaced and are in a table of people all the same.

    The views hide them; whoever reads the files does not see what the views do.
    """
    removals = tables["removals"]
    numbers = removals.column("sample_number").to_pylist()
    batches = set(tables["batches"].column("batch").to_pylist())
    for name in ("samples", "cohort_members"):
        still = set(numbers) & set(tables[name].column("sample_number").to_pylist())
        if still:
            yield Finding(
                "error",
                name,
                "It has samples that were withdrawn or replaced.",
                f"{len(still):,} of them, the first sample {min(still)}",
                "none: a commit takes them out",
            )
    for row in removals.to_pylist():
        if row["batch"] not in batches or row["kind"] not in ("withdrawn", "replaced"):
            yield Finding(
                "error",
                f"removals, sample {row['sample_number']}",
                "A removal is of a batch nobody knows, or of no kind.",
                f"kind {row['kind']!r}, batch {row['batch']}",
                "a batch of the lake, 'withdrawn' or 'replaced'",
            )


def _redacted(tables: Mapping[str, pa.Table]) -> Iterator[Finding]:
    """What stands where a name was is nobody's name."""
    places = {"samples": ("sample_id", "participant_id"), "pedigree": ("participant_id",)}
    for table, names in places.items():
        for name in names:
            count = tables[table].column(name).to_pylist().count(REDACTED)
            if count:
                yield Finding(
                    "error",
                    f"{table}, {name}",
                    "People who were withdrawn have left rows.",
                    f"{count:,} rows of {REDACTED}",
                    "no row",
                )


def _rows(table: pa.Table) -> Iterable[Iterable[object]]:
    return [row.values() for row in table.to_pylist()]
