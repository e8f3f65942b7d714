"""Whether stored results still say what the lake has, after a commit."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from allelake.counted import counted
from allelake.warehouse.withdrawal.removals import table_like

Row = Mapping[str, Any]
Tables = Mapping[str, pa.Table]

# Results of these kinds are made true by each commit itself.
KEPT_TRUE = ("frequencies",)


def has_kept_true(tables: Tables) -> bool:
    """Whether a stored result is made true by each commit."""
    return any(kind in KEPT_TRUE for kind in tables["results"]["kind"].to_pylist())


def with_staleness(before: Tables, after: Tables, number: int) -> pa.Table:
    """The results of a commit, with those marked that hold no more: what it changed is the reason.

    A result that is stale already keeps its first reason; one that this commit made holds.
    """
    results = after["results"]
    old = {row["result"]: row for row in before["results"].to_pylist()}
    rows = results.to_pylist()
    if not any(row["result"] in old for row in rows):
        return results
    holding = [
        row
        for row in rows
        if row["result"] in old and row["stale_since"] is None and row["kind"] not in KEPT_TRUE
    ]
    for row in holding:
        _mark(row, number, _reasons(old[row["result"]], before, after))
    # What is made from results that are made from others: from one to the next.
    while any(_mark(row, number, _sources(row, rows, number)) for row in holding):
        pass
    return table_like(results, rows)


def _mark(row: dict[str, Any], number: int, reasons: Iterable[str]) -> bool:
    """Marks a result that holds no more, if there is a reason; whether it held before."""
    told = "; ".join(reasons) if row["stale_since"] is None else ""
    if told:
        row.update(stale_since=number, stale_reason=told)
    return bool(told)


def _sources(result: Row, rows: Sequence[Row], number: int) -> Iterator[str]:
    """What became, in this commit, of the results that this one was made from."""
    for source in json.loads(result["settings"]).get("made_from", ()):
        told = f"the {source['kind']} of {source['name']} it was made from"
        found = [
            row for row in rows if (row["kind"], row["name"]) == (source["kind"], source["name"])
        ]
        if not found:
            yield f"{told} was dropped"
        elif found[0]["snapshot"] != source["snapshot"]:
            yield f"{told} was made anew"
        elif found[0]["stale_since"] == number:
            yield f"{told} is stale"


def _reasons(result: Row, before: Tables, after: Tables) -> Iterator[str]:
    members = set(result["sample_numbers"])
    left = members - set(after["samples"]["sample_number"].to_pylist())
    if left:
        yield f"{counted(len(left), 'sample')} it was computed from left the lake"
    yield from _cohort_reasons(result, members - left, after)
    extended = _extended(before, after) & _batches_of(members, before)
    if extended:
        yield f"{counted(len(extended), 'batch', 'batches')} of its samples got more records"
    for attribute in json.loads(result["settings"]).get("attributes", ()):
        changed = _values(before, attribute).items() - _values(after, attribute).items()
        moved = {number for number, _ in changed} & (members - left)
        if moved:
            yield f"{attribute} of {counted(len(moved), 'sample')} changed"


def _cohort_reasons(result: Row, members: set[int], after: Tables) -> Iterator[str]:
    cohort = result["cohort"]
    if cohort is None:
        return
    if cohort not in after["cohorts"]["cohort"].to_pylist():
        yield f"its cohort {cohort} was dropped"
        return
    listed = after["cohort_members"].select(["cohort", "sample_number"]).to_pylist()
    now = {row["sample_number"] for row in listed if row["cohort"] == cohort}
    if now - members:
        yield f"{counted(len(now - members), 'sample')} came to its cohort {cohort}"
    if members - now:
        yield f"{counted(len(members - now), 'sample')} left its cohort {cohort}"


def _extended(before: Tables, after: Tables) -> set[int]:
    """Batches that have other records than before."""
    records = dict(_pairs(before["batches"], "batch", "records"))
    now = dict(_pairs(after["batches"], "batch", "records"))
    return {batch for batch in records if batch in now and now[batch] != records[batch]}


def _batches_of(members: set[int], tables: Tables) -> set[int]:
    pairs = _pairs(tables["samples"], "sample_number", "batch")
    return {batch for number, batch in pairs if number in members}


def _values(tables: Tables, attribute: str) -> dict[int, Any]:
    samples = tables["samples"]
    if attribute not in samples.column_names:
        return dict.fromkeys(samples["sample_number"].to_pylist())
    return dict(_pairs(samples, "sample_number", attribute))


def _pairs(rows: pa.Table, key: str, value: str) -> Iterator[tuple[int, Any]]:
    return zip(rows.column(key).to_pylist(), rows.column(value).to_pylist(), strict=True)
