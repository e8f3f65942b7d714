"""Cohorts defined and dropped: each is a commit."""

import getpass
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from allelake.errors import QueryError, UsageError
from allelake.nearest import did_you_mean, nearest
from allelake.warehouse.cohorts.kin import KIN_COLUMNS, with_kin
from allelake.warehouse.cohorts.predicate import check_predicate, predicate_columns
from allelake.warehouse.commit import begin
from allelake.warehouse.small_tables import EVERYBODY, evaluate_cohorts
from allelake.warehouse.tables import load_tables

LONGEST_NAME = 100
# How many unknown names a message lists.
SHOWN_NAMES = 5


@dataclass(frozen=True)
class DefinedCohort:
    """A committed cohort: `members` samples of the lake; `missing` names are not in it yet."""

    name: str
    members: int
    missing: tuple[str, ...]
    snapshot: int


def define_cohort(
    lake: Path,
    name: str,
    *,
    where: str | None = None,
    samples: Sequence[str] | None = None,
    replace: bool = False,
    allow_missing: bool = False,
) -> DefinedCohort:
    """Commits a cohort: by predicate, which follows new samples, or by a fixed list of names."""
    if (where is None) == (samples is None):
        raise UsageError("Define a cohort either by a predicate or by a list of samples.")
    _refuse_name(name)
    predicate = check_predicate(where) if where is not None else None
    with begin(lake) as transaction:
        cohorts = transaction.tables["cohorts"]
        known = cohorts.column("cohort").to_pylist()
        _refuse_taken(name, known, replace)
        people = transaction.tables["samples"]
        row = {
            "cohort": name,
            "predicate": predicate,
            "sample_ids": None if samples is None else list(dict.fromkeys(samples)),
            "created_by": _user(),
            "created_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        }
        kept = cohorts.filter(pa.array([each != name for each in known], pa.bool_()))
        schema = load_tables()["cohorts"].arrow_schema()
        added = pa.Table.from_pylist([row], schema=schema)
        asked = with_kin(transaction.tables, added, transaction.unrelated_files())
        if predicate is not None:
            _check_live(predicate, asked)
        missing = _missing(samples or (), people, allow_missing)
        transaction.tables["cohorts"] = pa.concat_tables([kept.cast(schema), added])
        members = evaluate_cohorts(people, added, asked).num_rows
        detail = {"cohort": name, "predicate": predicate, "members": members}
        snapshot = transaction.commit("cohort define", detail)
    return DefinedCohort(name, members, missing, snapshot.number)


def drop_cohort(lake: Path, name: str) -> int:
    """Commits the lake without the cohort; the number of the snapshot."""
    if name == EVERYBODY:
        raise UsageError(f"The cohort {EVERYBODY!r} always exists and cannot be dropped.")
    with begin(lake) as transaction:
        cohorts = transaction.tables["cohorts"]
        known = cohorts.column("cohort").to_pylist()
        if name not in known:
            raise QueryError(f"There is no cohort {name!r}. {did_you_mean(name, known)}")
        kept = cohorts.filter(pa.array([each != name for each in known], pa.bool_()))
        transaction.tables["cohorts"] = kept
        return transaction.commit("cohort drop", {"cohort": name}).number


def _refuse_name(name: str) -> None:
    if name.casefold() == EVERYBODY:
        raise UsageError(f"{name!r} is the cohort of all samples; choose another name.")
    if len(name) > LONGEST_NAME or not re.fullmatch(r"\w[\w.+-]*", name):
        raise UsageError(
            f"{name!r} cannot be a cohort's name: letters, digits, _ . + and - are taken, the "
            f"first one a letter, digit or _, and no more than {LONGEST_NAME}."
        )


def _refuse_taken(name: str, known: Sequence[str], replace: bool) -> None:
    if name in known and not replace:
        raise UsageError(f"There is a cohort {name!r} already. --replace defines it anew.")
    twin = next((k for k in known if k.casefold() == name.casefold() and k != name), None)
    if twin is not None:
        raise UsageError(f"{name!r} differs from the cohort {twin!r} by case alone.")


def _check_live(predicate: str, samples: pa.Table) -> None:
    """Refuses a predicate that names no column of `samples`, or is not true or false."""
    columns = {column.casefold() for column in samples.column_names}
    for column in predicate_columns(predicate):
        if column.casefold() not in columns:
            hint = did_you_mean(column, [*samples.column_names, *KIN_COLUMNS])
            raise QueryError(
                f"samples has no column {column!r}. {hint} `allelake samples import` adds columns."
            )
    config: dict[str, Any] = {"threads": 1, "python_enable_replacements": False}
    with duckdb.connect(":memory:", config=config) as connection:
        connection.register("samples", samples)
        connection.execute("SET enable_external_access = false")
        try:
            described = connection.execute(f"DESCRIBE SELECT (\n{predicate}\n) FROM samples")
            of = described.fetchall()[0][1]
            if of != "BOOLEAN":
                raise QueryError(
                    f"The predicate {predicate!r} is {of}, neither true nor false. "
                    "Compare it with something."
                )
            connection.execute(f"SELECT count(*) FROM samples WHERE (\n{predicate}\n)").fetchall()
        except duckdb.Error as error:
            why = str(error).splitlines()[0]
            raise QueryError(f"The predicate {predicate!r} cannot be evaluated: {why}") from None


def _missing(names: Sequence[str], samples: pa.Table, allow_missing: bool) -> tuple[str, ...]:
    """The names that no sample of the lake bears; refused unless they are allowed."""
    known = samples.column("sample_id").to_pylist()
    taken = set(known)
    missing = tuple(name for name in dict.fromkeys(names) if name not in taken)
    if missing and not allow_missing:
        shown = []
        for name in missing[:SHOWN_NAMES]:
            near = nearest(name, known)
            shown.append(f"{name!r}" + (f" (nearest: {near!r})" if near else ""))
        more = f" and {len(missing) - len(shown):,} more" if len(missing) > len(shown) else ""
        raise QueryError(
            f"{len(missing):,} of {len(names):,} names are no samples of this lake: "
            f"{', '.join(shown)}{more}. Correct the list, or take them as samples that may come "
            "later with --allow-missing."
        )
    return missing


def _user() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container's user may have no name.
        return None
