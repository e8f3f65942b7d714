"""Whom a file of frequencies counts: everybody, and groups; and which may be grpmax."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allelake.errors import QueryError, UsageError
from allelake.export.session import Session
from allelake.export.small_cells import REST, SmallCells
from allelake.export.statements import statement
from allelake.queries.ask import call


@dataclass(frozen=True)
class Counted:
    """Which frequencies: counted now in a cohort and the groups of one attribute, or `stored`.

    `left_out`: groups that are no candidates for grpmax and fafmax. `small_cells`: how small counts
    are hidden; None shows them all.
    """

    cohort: str
    by: str | None
    stored: str | None
    policy: str
    ploidy: str
    filter: str
    left_out: tuple[str, ...] = ()
    small_cells: SmallCells | None = None


@dataclass(frozen=True)
class Strata:
    """`all` and the groups of a file, which of them may be grpmax, and how many samples groups have
    that the file leaves out since they are small, or would tell of small ones."""

    names: tuple[str, ...]
    candidates: tuple[str, ...]
    joined: bool = False


def strata_of(session: Session, counted: Counted) -> Strata:
    """The strata of a file; an unknown cohort, attribute or name is a QueryError."""
    if counted.stored is not None:
        return _stored(session, counted, counted.stored)
    return _now(session, counted)


def _now(session: Session, counted: Counted) -> Strata:
    rules = counted.policy, counted.ploidy, counted.filter
    session.rows(f"FROM {call('checked_question', counted.cohort, *rules)}")
    if counted.by is not None:
        session.rows(f"FROM {call('checked_attribute', counted.by)}")
        session.rows(f"FROM {call('known_groups', counted.by, list(counted.left_out))}")
    values = {"by": counted.by or "", "cohort": counted.cohort}
    sizes = dict(session.rows(statement("groups"), values))
    groups = [value for value in sizes if value is not None]
    if counted.by is not None and not groups:
        raise QueryError(
            f"Nobody in the cohort {counted.cohort!r} has a value of {counted.by!r}, so there are "
            "no groups to tell apart. `allelake samples import` adds attributes."
        )
    shown = _shown(counted, {group: sizes[group] for group in groups}, sizes.get(None, 0))
    candidates = [group for group in shown if group not in counted.left_out]
    return Strata(("all", *shown), tuple(candidates), len(shown) < len(groups))


def _shown(counted: Counted, sizes: Mapping[str, int], others: int) -> list[str]:
    """The groups that are large enough to be in the file."""
    if counted.small_cells is None:
        return list(sizes)
    alone = counted.small_cells.stand_alone({**sizes, REST: others}, counted.small_cells.rule.least)
    if alone is None or not (sizes or others):
        raise QueryError(
            "There are too few people for frequencies where small counts are hidden: "
            f"{counted.small_cells.rule.sentence()} Ask for a larger cohort."
        )
    return [group for group in sizes if group in alone]


def _stored(session: Session, counted: Counted, name: str) -> Strata:
    # Tells in words which names and policies there are.
    call_of_it = call("stored_group_max", name, counted.policy, list(counted.left_out))
    session.rows(f"FROM {call_of_it} LIMIT 0")
    rows = session.rows(statement("stored_strata"), {"name": name})
    if not rows:
        stored = session.rows("SELECT name FROM results WHERE kind = 'frequencies' ORDER BY ALL")
        known = ", ".join(row[0] for row in stored) or "none"
        raise QueryError(
            f"No frequencies named {name!r} are stored; there are: {known}. "
            "`allelake materialize LAKE --by ATTRIBUTES` stores them."
        )
    first, stored_left_out = rows[0][3], rows[0][4]
    left_out = counted.left_out or tuple(stored_left_out or ())
    sizes = {stratum: samples for stratum, _, samples, *_ in rows if stratum != "all"}
    shown = list(sizes)
    if counted.small_cells is not None:
        _refuse_crossed(name, [row[1] for row in rows])
        total = next(row[2] for row in rows if row[0] == "all")
        shown = _shown(counted, sizes, total - sum(sizes.values()))
    of_first = {stratum for stratum, attributes, *_ in rows if attributes == [first]}
    candidates = [s for s in shown if s in of_first and s not in left_out]
    return Strata(("all", *shown), tuple(candidates), len(shown) < len(sizes))


def _refuse_crossed(name: str, attributes: Sequence[Sequence[str]]) -> None:
    if len({attribute for each in attributes for attribute in each or ()}) > 1:
        raise UsageError(
            f"The frequencies {name!r} are of several attributes, whose groups tell of small ones "
            "together. Small counts are hidden in groups of one attribute: ask by that attribute, "
            "or store frequencies by it alone."
        )
