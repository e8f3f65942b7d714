"""Whether stored results are of people who are there, and stored frequencies what is counted."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allelake.warehouse.check.finding import Finding
from allelake.warehouse.info import LakeInfo
from allelake.warehouse.results.derived import is_derived, result_of
from allelake.warehouse.small_tables import read_small_tables
from allelake.warehouse.snapshots import StoredFile

if TYPE_CHECKING:
    from allelake.warehouse.strata.state import Opened


def check_results(info: LakeInfo, files: Sequence[StoredFile]) -> list[Finding]:
    """What contradicts itself in stored results. The files must be whole."""
    tables = read_small_tables(info.path, files)
    rows = tables["results"].to_pylist()
    gone = set(tables["removals"]["sample_number"].to_pylist())
    findings = [*_form(rows, files), *_removed(rows, gone)]
    if not findings and any(row["kind"] == "frequencies" for row in rows):
        findings += _counted_anew(info, files, tables, rows)
    return findings


def _form(rows: Sequence[Mapping[str, Any]], files: Sequence[StoredFile]) -> Iterator[Finding]:
    """Files of results that nobody knows, or of tables that a result has not."""
    tables = {row["result"]: row["tables"] for row in rows}
    for file in files:
        if is_derived(file) and file.table not in tables.get(result_of(file), ()):
            yield Finding(
                "error",
                file.path,
                "It belongs to no stored result.",
                f"result {result_of(file)}, table {file.table}",
                "a row of results that names it",
            )
    names = [(row["kind"], row["name"]) for row in rows]
    for kind, name in sorted(set(names)):
        if names.count((kind, name)) > 1:
            found = f"{names.count((kind, name))} results"
            yield Finding("error", "results", f"Stored twice: {kind} {name!r}.", found, "one")


def _removed(rows: Sequence[Mapping[str, Any]], gone: set[int]) -> Iterator[Finding]:
    for row in rows:
        still = gone.intersection(row["sample_numbers"])
        if still:
            yield Finding(
                "error",
                f"results, {row['kind']} {row['name']!r}",
                "It has samples that were withdrawn or replaced.",
                f"{len(still):,} of them",
                "none: a commit takes them out",
            )


def _counted_anew(
    info: LakeInfo,
    files: Sequence[StoredFile],
    tables: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
) -> Iterator[Finding]:
    """Stored frequencies that are not what the genotypes say."""
    from allelake.warehouse.strata.keep import KIND
    from allelake.warehouse.strata.state import Opened, State

    state = State(info, files, tables)
    with (
        tempfile.TemporaryDirectory(prefix="allelake-check-") as spill,
        Opened(state, Path(spill)) as opened,
    ):
        for row in rows:
            if row["kind"] == KIND:
                yield from _one_counted_anew(row, opened, Path(spill))


def _one_counted_anew(row: Mapping[str, Any], opened: "Opened", spill: Path) -> Iterator[Finding]:
    from allelake.warehouse.strata.keep import side_of, terms_of
    from allelake.warehouse.strata.update import Update

    terms = terms_of(row)
    side = side_of(opened, row["cohort"], terms)
    where = f"frequencies {row['name']!r}"
    if sorted(side.people) != row["sample_numbers"]:
        found = f"{len(row['sample_numbers']):,} samples"
        expected = f"{len(side.people):,} samples, those of {row['cohort']}"
        yield Finding("error", where, "It counts others.", found, expected)
        return
    update = Update(terms, None, side, {}, spill)
    counts = [f for f in opened.state.files if f.table == "stratum_counts"]
    for contig in opened.state.contigs:
        stored = [f for f in counts if f.contig == contig and result_of(f) == row["result"]]
        for place, found, expected in update.differences(contig, stored):
            what = "Stored counts are not those of the genotypes."
            yield Finding("error", f"{where}, {place}", what, found, expected)
