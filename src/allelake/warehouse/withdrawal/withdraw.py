"""A participant's withdrawal: from its commit on no answer has them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from allelake.errors import QueryError, UsageError
from allelake.nearest import nearest
from allelake.warehouse.commit import begin
from allelake.warehouse.snapshots import current_snapshot
from allelake.warehouse.withdrawal.names import GoneNames
from allelake.warehouse.withdrawal.purge_history import gone_names, read_history
from allelake.warehouse.withdrawal.removals import people_in
from allelake.warehouse.withdrawal.remove import remove

# How many unknown names a message lists.
_SHOWN_NAMES = 5


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal did. `snapshot` is None where all had withdrawn already (`before`)."""

    participants: int
    before: int
    samples: int
    batches: tuple[int, ...]
    snapshot: int | None


def withdraw(lake: Path, participants: Sequence[str], reason: str) -> Withdrawal:
    """Commits the lake without these participants, whatever it has of them.

    Their rows and bits stay in files that no answer reads until `purge`. Raises QueryError for a
    participant that the lake does not know; then nothing is changed.
    """
    asked = list(dict.fromkeys(participants))
    _refuse_reason(reason, asked)
    with begin(lake) as transaction:
        before = _withdrawn_before(lake, asked, transaction.tables)
        asked = [name for name in asked if name not in before]
        _refuse_unknown(asked, transaction.tables)
        if not asked:
            return Withdrawal(0, len(before), 0, (), None)
        staying = people_in(transaction.tables) - set(asked)
        _refuse_named_cohorts(asked, transaction.tables["cohorts"], staying)
        samples = transaction.tables["samples"]
        numbers = [
            row["sample_number"]
            for row in samples.to_pylist()
            if row["participant_id"] in set(asked)
        ]
        batches = remove(transaction, numbers, kind="withdrawn", reason=reason, names=asked)
        detail = {
            "participants": len(asked),
            "samples": sorted(numbers),
            "batches": list(batches),
            "reason": reason,
        }
        snapshot = transaction.commit("withdraw", detail)
    return Withdrawal(len(asked), len(before), len(numbers), batches, snapshot.number)


def participants_known(tables: Mapping[str, pa.Table]) -> set[str]:
    """Whoever the lake names: with genotypes, in the pedigree, or as somebody's parent.

    The name of a sample is none: an import that gave its participant another name leaves a row
    of the pedigree behind, and withdrawing that would leave the genotypes.
    """
    samples = tables["samples"]
    of_people = {
        name
        for column in ("participant_id", "father_id", "mother_id")
        for name in tables["pedigree"].column(column).to_pylist()
        if name is not None
    }
    of_samples = set(samples.column("sample_id").to_pylist())
    return set(samples.column("participant_id").to_pylist()) | (of_people - of_samples)


def _withdrawn_before(lake: Path, asked: Sequence[str], tables: Mapping[str, pa.Table]) -> set[str]:
    """Of these names those that only earlier snapshots have: until a purge their files tell."""
    unknown = set(asked) - participants_known(tables)
    if not unknown:
        return set()
    history = read_history(lake, current_snapshot(lake).number)
    owners = set(tables["samples"].column("sample_id").to_pylist())
    return (unknown & gone_names(lake, history, ())) - owners


def _refuse_reason(reason: str, asked: Sequence[str]) -> None:
    if not reason.strip():
        raise UsageError(
            "Give a reason: --reason 'consent withdrawn'. It is kept with the numbers."
        )
    for name in asked:
        stands = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", reason, re.IGNORECASE)
        if stands or GoneNames([name]).is_in(reason):
            raise UsageError(
                "The reason holds the name of a participant who withdraws, and the reason stays. "
                "Write it without the name."
            )


def _refuse_unknown(asked: Sequence[str], tables: Mapping[str, pa.Table]) -> None:
    known = participants_known(tables)
    unknown = [name for name in asked if name not in known]
    if not unknown:
        return
    owners: dict[str, str] = {
        row["sample_id"]: row["participant_id"] for row in tables["samples"].to_pylist()
    }
    shown = []
    for name in unknown[:_SHOWN_NAMES]:
        near = nearest(name, known)
        if name in owners:
            hint = f" (a sample of participant {owners[name]!r}: name the participant)"
        else:
            hint = f" (nearest: {near!r})" if near else ""
        shown.append(f"{name!r}{hint}")
    more = f" and {len(unknown) - len(shown):,} more" if len(unknown) > len(shown) else ""
    raise QueryError(
        f"{len(unknown):,} of {len(asked):,} names are no participants of this lake: "
        f"{', '.join(shown)}{more}. Nothing was changed. They may be mistyped, or have been "
        "withdrawn already: `allelake verify-withdrawal` tells whether anything is left of them."
    )


def _refuse_named_cohorts(asked: Sequence[str], cohorts: pa.Table, staying: set[str]) -> None:
    """A cohort's name is its owner's to change, and would stay in what analysts have written."""
    for cohort in cohorts.column("cohort").to_pylist():
        for name in asked:
            stands = re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", cohort, re.I)
            if stands or GoneNames([name], staying).is_in(cohort):
                raise UsageError(
                    f"The cohort {cohort!r} bears the name of a participant who withdraws. "
                    "`allelake cohort drop` it first, then withdraw again. Nothing was changed."
                )
