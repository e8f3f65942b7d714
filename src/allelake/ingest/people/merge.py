"""What a file says of people, laid over what the lake has of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from allelake.counted import counted
from allelake.errors import InputError
from allelake.ingest.people.imported import ImportReport, People
from allelake.warehouse.tables import load_tables, sql_type

Row = dict[str, Any]

# Says of a participant's samples which one counts; all other attributes are the person's.
PREFERRED = "preferred"


def attribute_types(tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """The SQL type of each imported attribute that the lake has."""
    found: dict[str, str] = {}
    for name in ("samples", "pedigree"):
        declared = {column.name for column in load_tables()[name].columns}
        schema = tables[name].schema
        found |= {f.name: sql_type(f.type) for f in schema if f.name not in declared}
    return found


def merge_people(
    people: People, tables: Mapping[str, pa.Table]
) -> tuple[dict[str, pa.Table], ImportReport]:
    """The tables `samples` and `pedigree` as they would be, and the report of the change."""
    samples = tables["samples"].to_pylist()
    found = _samples_of(people, samples)
    if people.participants is not None:
        for numbers, participant in zip(found, people.participants, strict=True):
            for number in numbers:
                samples[number]["participant_id"] = participant
    _set_preferred(people, samples, found)
    participants = _participants(people, samples, found)
    before = {row["participant_id"]: row for row in tables["pedigree"].to_pylist()}
    pedigree = {name: dict(row) for name, row in before.items()}
    _lay_over(people, participants, pedigree)
    _refuse_own_parents(people, pedigree.values())
    types = attribute_types(tables) | {name: of for name, (of, _) in people.attributes.items()}
    of_people = {name: of for name, of in types.items() if name != PREFERRED}
    pedigree_table = _table("pedigree", list(pedigree.values()), of_people)
    samples_table = with_metadata(_table("samples", samples, types), pedigree_table)
    report = _report(people, tables, samples, found, participants, before, pedigree)
    return {"samples": samples_table, "pedigree": pedigree_table}, report


def with_metadata(samples: pa.Table, pedigree: pa.Table) -> pa.Table:
    """The samples with sex and attributes as `pedigree` has them of their participants.

    A sample whose participant is not in `pedigree` keeps what it has. An ingest calls this too, so
    that people imported before their genotypes come are known when they do.
    """
    people = {row["participant_id"]: row for row in pedigree.to_pylist()}
    declared = {column.name for column in load_tables()["pedigree"].columns}
    types = {f.name: sql_type(f.type) for f in pedigree.schema if f.name not in declared}
    rows = samples.to_pylist()
    for row in rows:
        person = people.get(row["participant_id"])
        if person is not None:
            row.update({name: person[name] for name in ("sex", *types)})
    declared = {column.name for column in load_tables()["samples"].columns}
    further = {f.name: sql_type(f.type) for f in samples.schema if f.name not in declared}
    return _table("samples", rows, further | types)


def _table(name: str, rows: Sequence[Row], further: Mapping[str, str]) -> pa.Table:
    schema = load_tables()[name].arrow_schema(further)
    columns = [pa.array([row.get(f.name) for row in rows], type=f.type) for f in schema]
    table = pa.Table.from_arrays(columns, schema=schema)
    return table.sort_by([(key, "ascending") for key in load_tables()[name].sort])


def _samples_of(people: People, samples: Sequence[Row]) -> list[list[int]]:
    """For each person of the file the rows of `samples` that are theirs.

    A file's samples are found by sample_id, its participants by participant_id; where that finds
    nothing, the other way round.
    """
    by_sample = {row["sample_id"]: [n] for n, row in enumerate(samples)}
    by_participant: dict[str, list[int]] = {}
    for n, row in enumerate(samples):
        by_participant.setdefault(row["participant_id"], []).append(n)
    first, second = by_sample, by_participant
    if not people.by_sample:
        first, second = second, first
    return [[] if k is None else first.get(k) or second.get(k) or [] for k in people.keys]


def _set_preferred(people: People, samples: list[Row], found: Sequence[Sequence[int]]) -> None:
    """Marks samples as the file says; an empty value leaves what is there."""
    if PREFERRED not in people.attributes:
        return
    of, values = people.attributes[PREFERRED]
    if of != "BOOLEAN" or not people.by_sample:
        what = f"it is {of}" if of != "BOOLEAN" else "the file names participants, not samples"
        raise InputError(
            f"{people.path}: the column {PREFERRED} says which sample of a participant counts, "
            f"true or false for each sample; {what}. Correct it, or give it another name."
        )
    for numbers, value in zip(found, values, strict=True):
        for number in numbers:
            samples[number][PREFERRED] = (
                value if value is not None else samples[number].get(PREFERRED)
            )


def _participants(
    people: People, samples: Sequence[Row], found: Sequence[Sequence[int]]
) -> list[str]:
    """Who each row of the file is: as it says, else as the lake knows its samples."""
    if people.participants is not None:
        return people.participants
    return [
        samples[numbers[0]]["participant_id"] if numbers else str(key)
        for key, numbers in zip(people.keys, found, strict=True)
    ]


def _lay_over(people: People, participants: Sequence[str], pedigree: dict[str, Row]) -> None:
    """Puts the file's values over those of `pedigree`; an empty value leaves what is there.

    Several rows of one participant (several samples) must agree in every value they give.
    """
    values: dict[str, Sequence[Any]] = dict(people.pedigree)
    values |= {name: column for name, (_, column) in people.attributes.items() if name != PREFERRED}
    for name, column in values.items():
        said: dict[str, Any] = {}
        for participant, value in zip(participants, column, strict=True):
            if value is None:
                continue
            if said.setdefault(participant, value) != value:
                raise InputError(
                    f"{people.path}: rows of one participant differ in {name}. A lake keeps one "
                    "value per person; give each participant one row, or leave the column out."
                )
        for participant, value in said.items():
            pedigree.setdefault(participant, {"participant_id": participant})[name] = value
    for participant in participants:
        pedigree.setdefault(participant, {"participant_id": participant})


def _refuse_own_parents(people: People, pedigree: Any) -> None:
    for row in pedigree:
        if row["participant_id"] in (row.get("father_id"), row.get("mother_id")):
            raise InputError(
                f"{people.path}: {row['participant_id']!r} is named as their own parent. "
                "Correct the file."
            )


def _report(
    people: People,
    tables: Mapping[str, pa.Table],
    samples: Sequence[Row],
    found: Sequence[Sequence[int]],
    participants: Sequence[str],
    before: Mapping[str, Row],
    pedigree: Mapping[str, Row],
) -> ImportReport:
    known = {number for numbers in found for number in numbers}
    sexes = people.pedigree.get("sex", [])
    existing = attribute_types(tables)
    return ImportReport(
        path=people.path,
        kind=people.kind,
        people=len(people.keys),
        columns=people.columns,
        samples_matched=len(known),
        sexes={sex: sexes.count(sex) for sex in ("XX", "XY") if sexes.count(sex)},
        odd_sexes=people.odd_sexes,
        changed_values=_changed(before, pedigree),
        added_columns=tuple(name for name in people.attributes if name not in existing),
        people_without_genotypes=tuple(
            name for name, numbers in zip(participants, found, strict=True) if not numbers
        ),
        genotypes_without_people=tuple(
            row["sample_id"] for row in samples if row["participant_id"] not in pedigree
        ),
        notes=(*people.notes, *_later(people, found)),
    )


def _later(people: People, found: Sequence[Sequence[int]]) -> list[str]:
    """What to do where samples that are yet to come belong to a participant of another name.

    `pedigree` keeps participants only, so an ingest would take the sample's name for the person's.
    """
    absent = sum(not numbers for numbers in found)
    if absent and PREFERRED in people.attributes:
        told = counted(absent, "sample is", "samples are")
        return [
            f"{told} not in the lake yet: what the file says of them in "
            f"{PREFERRED} is not kept; import it again when they are"
        ]
    waiting = sum(
        key is not None and not numbers and key != participant
        for key, participant, numbers in zip(
            people.keys, people.participants or (), found, strict=bool(people.participants)
        )
    )
    if not waiting:
        return []
    told = counted(waiting, "sample is", "samples are")
    return [f"{told} not in the lake yet; import the file again when they are"]


def _changed(before: Mapping[str, Row], after: Mapping[str, Row]) -> dict[str, int]:
    """Per column, for how many people a value the lake had was replaced by another."""
    counts: dict[str, int] = {}
    for participant, row in before.items():
        for name, value in row.items():
            if value is not None and after[participant].get(name) != value:
                counts[name] = counts.get(name, 0) + 1
    return counts
