"""Frequencies by group as a stored result: made, dropped, and made true by each commit."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from allelake.errors import QueryError, UsageError
from allelake.nearest import did_you_mean
from allelake.warehouse.commit import Transaction, begin
from allelake.warehouse.results.stored import begin_result, drop_result
from allelake.warehouse.strata.keep import KIND, TABLES, side_of, strata_file
from allelake.warehouse.strata.state import Opened, State
from allelake.warehouse.strata.update import Side, Terms, Update

POLICIES = ("raw", "raw_blocks", "adj@1")
# More attributes make more crossings than anybody reads.
_MOST_ATTRIBUTES = 3
_NO_ATTRIBUTES = ("sample_number", "sample_id", "participant_id")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Materialised:
    """What a materialise stored: how many strata, and rows of `stratum_counts`."""

    name: str
    cohort: str
    strata: tuple[str, ...]
    samples: int
    rows: int
    snapshot: int


def materialise(
    lake: Path,
    by: Sequence[str],
    *,
    cohort: str = "all",
    name: str | None = None,
    policies: Sequence[str] = ("raw",),
    ploidy: str = "as_called",
    leave_out: Sequence[str] = (),
    progress: Progress | None = None,
) -> Materialised:
    """Counts a cohort by group at every variant, and commits the counts as stored frequencies.

    `by`: attributes of samples; strata are all, each value, and each crossing of values. They are
    kept true by every later commit. `leave_out`: values of the first attribute that are no
    candidates for grpmax and fafmax. The same name again replaces what was stored.
    """
    terms = Terms(tuple(by), tuple(policies), ploidy)
    name = cohort if name is None else name
    with begin(lake) as transaction, ExitStack() as stack:
        tables = transaction.tables
        _check(terms, cohort, tables)
        state = State(transaction.info, transaction.live_files, tables)
        opened = stack.enter_context(Opened(state, transaction.staging / "spill"))
        side = _checked_side(opened, cohort, terms, leave_out)
        settings = _settings(terms, leave_out)
        result = begin_result(
            transaction,
            KIND,
            name,
            TABLES,
            cohort=cohort,
            settings=settings,
            sample_numbers=side.people,
        )
        rows = _store(transaction, side, terms, result, progress)
        names = tuple(stratum.name for stratum in side.strata)
        detail = {"name": name, "cohort": cohort, **settings, "strata": len(names)}
        snapshot = transaction.commit("materialize", detail)
    return Materialised(name, cohort, names, len(side.people), rows, snapshot.number)


def _settings(terms: Terms, leave_out: Sequence[str]) -> dict[str, object]:
    return {
        "by": list(terms.by),
        "policies": list(terms.policies),
        "ploidy": terms.ploidy,
        "leave_out": list(leave_out),
    }


def _store(
    transaction: Transaction,
    side: Side,
    terms: Terms,
    result: int,
    progress: Progress | None,
) -> int:
    """Counts all, contig by contig, into files of the result; how many rows they have."""
    staging, number = transaction.staging, transaction.number
    update = Update(terms, None, side, {}, staging)
    contigs = side.opened.state.contigs
    rows = 0
    for done, contig in enumerate(contigs, 1):
        file = update.write(contig, result, number)
        if file is not None:
            transaction.store([file])
            rows += file.rows
        if progress is not None:
            progress(done, len(contigs))
    transaction.store([strata_file(staging, number, side, terms, result)])
    return rows


def drop_materialised(lake: Path, name: str) -> int:
    """Commits the lake without these stored frequencies; the number of the snapshot."""
    with begin(lake) as transaction:
        drop_result(transaction, KIND, name)
        return transaction.commit("materialize drop", {"name": name}).number


def _check(terms: Terms, cohort: str, tables: Mapping[str, pa.Table]) -> None:
    known = tables["cohorts"]["cohort"].to_pylist()
    if cohort not in known:
        raise QueryError(f"There is no cohort {cohort!r}. {did_you_mean(cohort, known)}")
    attributes = [c for c in tables["samples"].column_names if c not in _NO_ATTRIBUTES]
    for name in terms.by:
        if name not in attributes:
            hint = did_you_mean(name, attributes)
            raise QueryError(f"There is no attribute of samples {name!r}. {hint}")
    if not terms.by:
        raise UsageError("Name an attribute of samples to count by, such as population.")
    if len(set(terms.by)) < len(terms.by) or len(terms.by) > _MOST_ATTRIBUTES:
        raise UsageError(
            f"Frequencies are stored by up to {_MOST_ATTRIBUTES} different attributes, not by "
            f"{', '.join(terms.by)}."
        )
    for policy in terms.policies:
        if policy not in POLICIES:
            raise UsageError(f"There is no policy {policy!r}. {did_you_mean(policy, POLICIES)}")
    if not terms.policies or len(set(terms.policies)) < len(terms.policies):
        raise UsageError("Give at least one policy, each once.")
    if terms.ploidy not in ("as_called", "by_sex"):
        raise UsageError(f"The rule of ploidy is as_called or by_sex, not {terms.ploidy!r}.")
    if "adj@1" in terms.policies and True not in tables["batches"]["has_adj"].to_pylist():
        raise QueryError(
            "The policy adj@1 needs GQ, DP and AD, and no batch of this lake has all three. "
            "Materialize with --policy raw."
        )


def _checked_side(opened: Opened, cohort: str, terms: Terms, leave_out: Sequence[str]) -> Side:
    """The people to count; QueryError for nobody, and for groups to leave out that are none."""
    side = side_of(opened, cohort, terms)
    if not side.people:
        raise QueryError(f"Nobody is in the cohort {cohort!r}, so that there is nothing to count.")
    first = terms.by[:1]
    groups = [each.values[0] for each in side.strata if each.attributes == first]
    for value in leave_out:
        if value not in groups:
            raise QueryError(
                f"There is no group {value!r} to leave out. {did_you_mean(value, groups)}"
            )
    return side
