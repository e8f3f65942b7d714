"""`samples import`: what a file says of people, in the tables `pedigree` and `samples`."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from allelake.errors import InputError
from allelake.ingest.people.column_names import PeopleColumn, Role, name_columns
from allelake.ingest.people.column_types import READERS, Value, infer_type, sex_of
from allelake.ingest.people.file import PeopleFile, read_people
from allelake.ingest.people.imported import ImportedColumn, ImportReport, People
from allelake.warehouse.quoting import refuse_hostile_name

if TYPE_CHECKING:
    import pyarrow as pa

# What PED files write for a parent who is not in the study.
_NO_PARENT = frozenset({"0", "-9", "None", "none"})
# Where the values of a column with a role go.
_DECLARED: Mapping[Role, str] = {
    "sample": "sample_id",
    "participant": "participant_id",
    "family": "family_id",
    "father": "father_id",
    "mother": "mother_id",
    "sex": "sex",
}


def read_people_file(
    path: Path, id_column: str | None = None, known_types: Mapping[str, str] | None = None
) -> People:
    """The file's people with typed attributes.

    `known_types` are the SQL types of the lake's attributes: a column of that name keeps its type,
    or is refused with both types shown.
    """
    file = read_people(path, has_header=id_column is not None)
    columns, notes = name_columns(file.header, id_column, str(path))
    roles = {column.role: column for column in columns if column.role is not None}
    key = roles.get("sample") or roles["participant"]
    has_both = {"sample", "participant"} <= set(roles)
    attributes: dict[str, tuple[str, list[Value | None]]] = {}
    imported = []
    for column in columns:
        missing = _texts(file, column).count(None)
        if column.role is not None:
            name, of = _DECLARED[column.role], "VARCHAR"
        elif missing < len(file.rows):
            name = column.name
            of, values = _typed(file, column, (known_types or {}).get(name))
            attributes[name] = (of, values)
        else:
            # Nothing tells its type, and a wrong one would stand in the way of the next import.
            notes.append(f"column {column.original!r} is left out: it is empty for everybody")
            continue
        imported.append(ImportedColumn(column.original, name, of, column.role, missing))
    return People(
        path=path,
        kind=file.kind,
        keys=_names(file, key, may_lack=has_both),
        by_sample="sample" in roles,
        participants=_participants(file, roles["participant"]) if has_both else None,
        pedigree=_pedigree(file, roles),
        attributes=attributes,
        columns=tuple(imported),
        odd_sexes=_odd_sexes(file, roles),
        notes=tuple(notes),
    )


def _texts(file: PeopleFile, column: PeopleColumn) -> list[str | None]:
    return [row[column.index] for row in file.rows]


def _names(
    file: PeopleFile, column: PeopleColumn, is_key: bool = True, may_lack: bool = False
) -> list[str | None]:
    """The names in an id column: none hostile, as a key none twice, missing only if they may."""
    seen: dict[str, int] = {}
    names = _texts(file, column)
    for number, name in zip(file.lines, names, strict=True):
        where = f"{file.path}, line {number}"
        if name is None:
            if not may_lack:
                raise InputError(f"{where}: {column.original} is empty. Every row needs a name.")
            continue
        refuse_hostile_name(name, column.original, where)
        if is_key and name in seen:
            raise InputError(
                f"{where}: {column.original} {name!r} is there already, at line {seen[name]}. "
                "Keep one row for each."
            )
        seen[name] = number
    return names


def _participants(file: PeopleFile, column: PeopleColumn) -> list[str]:
    """Who each row is about; several may be about one person."""
    return [name for name in _names(file, column, is_key=False) if name is not None]


def _pedigree(file: PeopleFile, roles: Mapping[Role, PeopleColumn]) -> dict[str, list[str | None]]:
    """The declared columns of `pedigree` that the file has."""
    found: dict[str, list[str | None]] = {}
    if "family" in roles:
        found["family_id"] = _texts(file, roles["family"])
    for role in ("father", "mother"):
        if role in roles:
            texts = _texts(file, roles[role])
            found[f"{role}_id"] = [None if text in _NO_PARENT else text for text in texts]
    if "sex" in roles:
        found["sex"] = [sex_of(text) for text in _texts(file, roles["sex"])]
    return found


def _odd_sexes(file: PeopleFile, roles: Mapping[Role, PeopleColumn]) -> dict[str, int]:
    """How often each spelling of sex that means neither XX nor XY is there."""
    counts: dict[str, int] = {}
    if "sex" in roles:
        for text in _texts(file, roles["sex"]):
            if sex_of(text) is None:
                counts[text or "empty"] = counts.get(text or "empty", 0) + 1
    return counts


def _typed(
    file: PeopleFile, column: PeopleColumn, known: str | None
) -> tuple[str, list[Value | None]]:
    """An attribute's type and values; the lake's type where it has the attribute already."""
    texts = _texts(file, column)
    of = _own_type(file, column, texts)
    if known is not None and of != known:
        of = _reconciled(file, column, texts, of, known)
    read = READERS[of]
    return of, [None if text is None else read(text) for text in texts]


def _own_type(file: PeopleFile, column: PeopleColumn, texts: list[str | None]) -> str:
    if file.types is not None:
        declared = file.types[column.index]
        read = READERS[declared]
        for number, text in zip(file.lines, texts, strict=True):
            if text is not None and read(text) is None:
                raise InputError(
                    f"{file.path}, row {number}: column {column.original!r} holds a value that is "
                    f"no {declared} a lake can keep (infinite, or too large)."
                )
        return declared
    # Numbers that name things (an id of a family, a doctor, a plate) are no quantities.
    return "VARCHAR" if column.name.endswith("_id") else infer_type(texts)


def _reconciled(
    file: PeopleFile, column: PeopleColumn, texts: list[str | None], of: str, known: str
) -> str:
    """The lake's type for the column if every value of the file fits it."""
    read = READERS.get(known)
    for number, text in zip(file.lines, texts, strict=True):
        if text is not None and (read is None or read(text) is None):
            raise InputError(
                f"{file.path}, line {number}: column {column.original!r} is {of} in this file, and "
                f"{column.name} is {known} in the lake; this value does not fit. Correct it, or "
                "import the column under another name."
            )
    return known


def import_people(
    lake: Path, path: Path, id_column: str | None = None, plan_only: bool = False
) -> ImportReport:
    """Reads the file and commits what it says of people, or with `plan_only` only tells it.

    A value the file gives replaces the one the lake has; an empty one leaves it; people and
    columns that are not in the file stay.
    """
    from allelake.ingest.people.merge import attribute_types, merge_people
    from allelake.warehouse.commit import begin
    from allelake.warehouse.small_tables import read_small_tables
    from allelake.warehouse.snapshots import files_for_readers

    if plan_only:
        before = read_small_tables(lake, files_for_readers(lake))
        people = read_people_file(path, id_column, attribute_types(before))
        return merge_people(people, before)[1]
    with begin(lake) as transaction:
        people = read_people_file(path, id_column, attribute_types(transaction.tables))
        tables, report = merge_people(people, transaction.tables)
        if not _differs(tables, transaction.tables):
            return report
        transaction.tables.update(tables)
        for name, original in _originals(report).items():
            for table in ("samples", "pedigree"):
                comments = transaction.column_comments.setdefault(table, {})
                comments[name] = f"Imported from {path.name}, column {original!r}."
        detail = {"file": path.name, "people": report.people, "columns": _originals(report)}
        snapshot = transaction.commit("samples import", detail)
        return replace(report, snapshot=snapshot.number)


def _differs(tables: Mapping[str, "pa.Table"], before: Mapping[str, "pa.Table"]) -> bool:
    return any(not table.equals(before[name]) for name, table in tables.items())


def _originals(report: ImportReport) -> dict[str, str]:
    return {column.name: column.original for column in report.columns if column.role is None}
