"""Samples and participants taken out of the small tables: what a withdrawal and --replace do."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import pyarrow as pa

from allelake.warehouse.withdrawal.names import REDACTED, GoneNames

RemovalKind = Literal["withdrawn", "replaced"]


def with_removed(
    tables: Mapping[str, pa.Table],
    sample_numbers: Iterable[int],
    *,
    kind: RemovalKind,
    reason: str | None = None,
    names: Iterable[str] = (),
    at: datetime | None = None,
) -> dict[str, pa.Table]:
    """The small tables as they are once these samples are gone; only those that change.

    `names`: participants who leave with every trace of their name (pedigree, also as somebody's
    parent, fixed lists, predicates, names of input files); for 'replaced' there are none, since
    the person stays. The names of the samples removed go with them. `cohort_members` is not among
    the tables: a commit makes it anew. Numbers that are no samples of `tables` are ignored.
    """
    numbers = set(sample_numbers)
    rows = [row for row in tables["samples"].to_pylist() if row["sample_number"] in numbers]
    gone = set(names)
    if kind == "withdrawn":
        own = {row["sample_id"] for row in rows}
        gone |= own - _names_of_others(tables["samples"], numbers)
    out = GoneNames(gone, people_in(tables) - gone)
    removals = _without_in_reasons(tables["removals"], out)
    changed = {
        "samples": _without_samples(tables["samples"], numbers, out),
        "batches": _without_in_batches(tables["batches"], tables["samples"], numbers, out),
        "removals": _noted(removals, rows, kind, reason, at or datetime.now(UTC)),
    }
    if "results" in tables:
        changed["results"] = _without_in_results(tables["results"], numbers, out)
    if gone:
        changed["pedigree"] = without_in_pedigree(tables["pedigree"], out)
        changed["cohorts"] = without_in_cohorts(tables["cohorts"], out)
    return {name: table for name, table in changed.items() if not table.equals(tables[name])}


def people_in(tables: Mapping[str, pa.Table]) -> set[str]:
    """Everybody's names in `samples` and `pedigree`, parents' among them."""
    columns = {
        "samples": ("sample_id", "participant_id"),
        "pedigree": ("participant_id", "father_id", "mother_id"),
    }
    found = {
        name
        for table, of in columns.items()
        for column in of
        for name in tables[table].column(column).to_pylist()
    }
    return found - {None}


def _names_of_others(samples: pa.Table, numbers: Collection[int]) -> set[str]:
    """Names that samples who stay bear too: a sample may be named as another's participant.

    A row of `pedigree` without samples is no other: an import that gave a sample's participant
    another name leaves the row of the first one behind.
    """
    kept = [row for row in samples.to_pylist() if row["sample_number"] not in numbers]
    return {name for row in kept for name in (row["sample_id"], row["participant_id"])}


def _without_samples(samples: pa.Table, numbers: Collection[int], out: GoneNames) -> pa.Table:
    kept = [row for row in samples.to_pylist() if row["sample_number"] not in numbers]
    own = ("sample_id", "participant_id")
    return table_like(samples, [_blanked(row, out, own) for row in kept])


def without_in_pedigree(pedigree: pa.Table, out: GoneNames) -> pa.Table:
    """The people who stay; whoever is gone is nobody's parent, sibling or family any more."""
    kept = [row for row in pedigree.to_pylist() if row["participant_id"] not in out.gone]
    return table_like(pedigree, [_blanked(row, out, ("participant_id",)) for row in kept])


def _blanked(row: dict[str, Any], out: GoneNames, keys: Sequence[str]) -> dict[str, Any]:
    """The row without values that are a name of somebody who is gone; names in a text go too."""
    texts = {k: v for k, v in row.items() if k not in keys and isinstance(v, str)}
    changed = {k: None if v in out.gone else out.redacted(v) for k, v in texts.items()}
    return {**row, **changed}


def without_in_cohorts(cohorts: pa.Table, out: GoneNames) -> pa.Table:
    """The cohorts without these names in fixed lists, or in a text that a predicate compares."""
    rows = cohorts.to_pylist()
    for row in rows:
        if row["sample_ids"] is not None:
            row["sample_ids"] = [name for name in row["sample_ids"] if name not in out.gone]
        if row["predicate"] is not None:
            row["predicate"] = out.redacted_predicate(row["predicate"])
    return table_like(cohorts, rows)


def _without_in_reasons(removals: pa.Table, out: GoneNames) -> pa.Table:
    """Earlier removals whose reasons name whoever goes now."""
    rows = removals.to_pylist()
    told = [{**row, "reason": row["reason"] and out.redacted(row["reason"])} for row in rows]
    return table_like(removals, told)


def _without_in_results(results: pa.Table, numbers: Collection[int], out: GoneNames) -> pa.Table:
    """Stored results without them; whether one still holds is for the commit to say."""
    rows = results.to_pylist()
    told = [
        {
            **row,
            "sample_numbers": [n for n in row["sample_numbers"] if n not in numbers],
            "name": out.redacted(row["name"]),
            "cohort": row["cohort"] and out.redacted(row["cohort"]),
            "settings": out.redacted(row["settings"]),
            "stale_reason": row["stale_reason"] and out.redacted(row["stale_reason"]),
        }
        for row in rows
    ]
    return table_like(results, told)


def _without_in_batches(
    batches: pa.Table, samples: pa.Table, numbers: Collection[int], out: GoneNames
) -> pa.Table:
    left: dict[int, list[str]] = {}
    lost: dict[int, int] = {}
    for number, batch, name in zip(
        *(samples.column(c).to_pylist() for c in ("sample_number", "batch", "sample_id")),
        strict=True,
    ):
        if number in numbers:
            lost[batch] = lost.get(batch, 0) + 1
        else:
            left.setdefault(batch, []).append(name)
    rows = batches.to_pylist()
    for row in rows:
        row["samples"] -= lost.get(row["batch"], 0)
        if out and row["batch"] in lost:
            staying = left.get(row["batch"], [])
            row["inputs"] = [_input(row["kind"], each, out, staying) for each in row["inputs"]]
        if out:
            row["warnings"] = [
                {**each, "message": out.redacted(each["message"])} for each in row["warnings"]
            ]
    return table_like(batches, rows)


def _input(
    kind: str, said: dict[str, Any], out: GoneNames, staying: Sequence[str]
) -> dict[str, Any]:
    """An input without its name, if that may be the name of a file of somebody who is gone.

    A lake does not keep which file held which sample. A per-sample file keeps its name only if
    the name has that of a sample that stays; its digest stays, so that the file is not taken again.
    """
    name = said["name"]
    is_theirs = out.is_in(name) or any(_stands_in(name, each) for each in out.gone)
    if kind == "per_sample" and not any(_stands_in(name, each) for each in staying):
        is_theirs = True
    return {**said, "name": REDACTED} if is_theirs else said


def _stands_in(file: str, name: str) -> bool:
    """Whether the file is called by this name, however short: s2.vcf, not s22.vcf."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", file) is not None


def _noted(
    removals: pa.Table,
    rows: Sequence[Mapping[str, Any]],
    kind: RemovalKind,
    reason: str | None,
    at: datetime,
) -> pa.Table:
    noted = [
        {
            "sample_number": row["sample_number"],
            "batch": row["batch"],
            "kind": kind,
            "reason": reason,
            "removed_at": at.replace(tzinfo=None, microsecond=0),
            "purged_at": None,
        }
        for row in rows
    ]
    listed = sorted(removals.to_pylist() + noted, key=lambda row: row["sample_number"])
    return table_like(removals, listed)


def table_like(before: pa.Table, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The rows as a table of the same columns and types."""
    columns = [pa.array([row[f.name] for row in rows], type=f.type) for f in before.schema]
    return pa.Table.from_arrays(columns, schema=before.schema)
