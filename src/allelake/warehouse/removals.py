"""Samples and participants taken out of the small tables: what a withdrawal and --replace do."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import pyarrow as pa

RemovalKind = Literal["withdrawn", "replaced"]
# What stands where a name was. No sample can bear it: names of samples are never in brackets.
REDACTED = "[redacted]"

# A name this short occurs in other words and numbers by chance: only a whole text is taken as it.
_SHORTEST_IN_TEXT = 4


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
    changed = {
        "samples": _without_samples(tables["samples"], numbers, gone),
        "batches": _without_in_batches(tables["batches"], tables["samples"], numbers, gone),
        "removals": _noted(tables["removals"], rows, kind, reason, at or datetime.now(UTC)),
    }
    if gone:
        changed["pedigree"] = without_in_pedigree(tables["pedigree"], gone)
        changed["cohorts"] = without_in_cohorts(tables["cohorts"], gone)
    return {name: table for name, table in changed.items() if not table.equals(tables[name])}


def _names_of_others(samples: pa.Table, numbers: Collection[int]) -> set[str]:
    """Names that samples who stay bear too: a sample may be named as another's participant.

    A row of `pedigree` without samples is no other: an import that gave a sample's participant
    another name leaves the row of the first one behind.
    """
    kept = [row for row in samples.to_pylist() if row["sample_number"] not in numbers]
    return {name for row in kept for name in (row["sample_id"], row["participant_id"])}


def _without_samples(samples: pa.Table, numbers: Collection[int], gone: set[str]) -> pa.Table:
    kept = [row for row in samples.to_pylist() if row["sample_number"] not in numbers]
    own = ("sample_id", "participant_id")
    return table_like(samples, [_blanked(row, gone, own) for row in kept])


def without_in_pedigree(pedigree: pa.Table, gone: set[str]) -> pa.Table:
    """The people who stay; whoever is gone is nobody's parent, sibling or family any more."""
    kept = [row for row in pedigree.to_pylist() if row["participant_id"] not in gone]
    return table_like(pedigree, [_blanked(row, gone, ("participant_id",)) for row in kept])


def _blanked(row: dict[str, Any], gone: set[str], keys: Sequence[str]) -> dict[str, Any]:
    """The row without values that are the name of somebody who is gone."""
    return {
        name: None if name not in keys and isinstance(value, str) and value in gone else value
        for name, value in row.items()
    }


def without_in_cohorts(cohorts: pa.Table, gone: set[str]) -> pa.Table:
    """The cohorts without these names in fixed lists, or as a text that a predicate compares."""
    rows = cohorts.to_pylist()
    for row in rows:
        if row["sample_ids"] is not None:
            row["sample_ids"] = [name for name in row["sample_ids"] if name not in gone]
        if row["predicate"] is not None:
            row["predicate"] = without_names(row["predicate"], gone)
    return table_like(cohorts, rows)


def _without_in_batches(
    batches: pa.Table, samples: pa.Table, numbers: Collection[int], gone: set[str]
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
        if gone and row["batch"] in lost:
            staying = left.get(row["batch"], [])
            row["inputs"] = [_input(row["kind"], each, gone, staying) for each in row["inputs"]]
        if gone:
            row["warnings"] = [
                {**each, "message": without_names(each["message"], gone)}
                for each in row["warnings"]
            ]
    return table_like(batches, rows)


def _input(
    kind: str, said: dict[str, Any], gone: set[str], staying: Sequence[str]
) -> dict[str, Any]:
    """An input without its name, if that may be the name of a file of somebody who is gone.

    A lake does not keep which file held which sample. A per-sample file keeps its name only if
    the name has that of a sample that stays; its digest stays, so that the file is not taken again.
    """
    name = said["name"]
    is_theirs = without_names(name, gone) != name or (
        kind == "per_sample" and not any(each in name for each in staying)
    )
    return {**said, "name": REDACTED} if is_theirs else said


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


def without_names(text: str, gone: Iterable[str]) -> str:
    """The text with the names of people who are gone taken out, where they stand by themselves.

    >>> without_names("sample_id = 'NA12878' or sample_id = 'NA128'", {"NA12878"})
    "sample_id = '[redacted]' or sample_id = 'NA128'"
    """
    for name in gone:
        text = name_pattern(name)(text)
    return text


def name_pattern(name: str) -> Callable[[str], str]:
    """A function that puts REDACTED in place of this name in a text.

    A short name counts only as the whole text or as an SQL literal.
    """
    literal = "'" + name.replace("'", "''") + "'"
    found = re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])")

    def redact(text: str) -> str:
        if text == name:
            return REDACTED
        text = text.replace(literal, f"'{REDACTED}'")
        return found.sub(REDACTED, text) if len(name) >= _SHORTEST_IN_TEXT else text

    return redact


def table_like(before: pa.Table, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The rows as a table of the same columns and types."""
    columns = [pa.array([row[f.name] for row in rows], type=f.type) for f in before.schema]
    return pa.Table.from_arrays(columns, schema=before.schema)
