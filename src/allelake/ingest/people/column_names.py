"""The columns of a file about people: which role each has, and what it is called in the lake."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from allelake.errors import InputError
from allelake.nearest import did_you_mean
from allelake.warehouse.quoting import refuse_hostile_name

Role = Literal["sample", "participant", "family", "father", "mother", "sex"]

# The names that sample sheets and PED files use, best first: where a file has two names of one
# role the first takes it, and the other stays an attribute.
ROLES: Mapping[Role, tuple[str, ...]] = {
    "sample": ("sample_id", "sample", "sample_name", "samplename", "vcf_id", "iid"),
    "participant": (
        "participant_id",
        "participant",
        "individual_id",
        "individual",
        "person_id",
        "patient_id",
        "subject_id",
        "subject",
        "donor_id",
    ),
    "family": ("family_id", "family", "fid", "fam_id", "famid", "pedigree_id"),
    "father": ("father_id", "father", "paternal_id", "dad_id", "dad", "pat"),
    "mother": ("mother_id", "mother", "maternal_id", "mom_id", "mom", "mum_id", "mat"),
    "sex": ("sex", "sex_at_birth", "biological_sex", "genetic_sex", "gender"),
}
# Columns of `samples` and `pedigree` that an import never fills.
RESERVED = ("sample_number", "batch", "sample_id", "participant_id")
LONGEST_NAME = 100


@dataclass(frozen=True)
class PeopleColumn:
    """A column of the file: `name` is its column in the lake (for an attribute), or its role's."""

    index: int
    original: str
    name: str
    role: Role | None


def snake_case(name: str) -> str:
    """A name in lower case with underscores; letters of any script stay.

    >>> [snake_case(name) for name in ("Second Order", "FamilyID", "BMI (kg/m2)", "#Sex", "5mC")]
    ['second_order', 'family_id', 'bmi_kg_m2', 'sex', 'column_5m_c']
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name.strip())
    lowered = re.sub(r"[\W_]+", "_", spaced).strip("_").lower()
    return f"column_{lowered}" if lowered[:1].isdigit() else lowered


@cache
def role_of(name: str) -> Role | None:
    """The role that a snake_case name stands for, if any."""
    for role, names in ROLES.items():
        if name in names:
            return role
    return None


def name_columns(
    header: Sequence[str], id_column: str | None, where: str
) -> tuple[list[PeopleColumn], list[str]]:
    """The columns with roles and names, and a sentence for each one renamed.

    `id_column` is the column (as the file or the lake names it) that holds the samples' names.
    """
    for name in header:
        if name.strip():
            refuse_hostile_name(name, "column", where)
    plain = [snake_case(name) or f"column_{n}" for n, name in enumerate(header, 1)]
    if any(len(name) > LONGEST_NAME for name in plain):
        raise InputError(f"{where}: a column's name has more than {LONGEST_NAME} characters.")
    roles = _roles(header, plain, id_column, where)
    columns, notes = [], []
    for index, (original, name) in enumerate(zip(header, plain, strict=True)):
        role = roles.get(index)
        taken = name if role is not None else _free_name(name)
        if taken != name:
            notes.append(f"column {original!r} is called {taken} here: {name} has a meaning in SQL")
        columns.append(PeopleColumn(index, original, taken, role))
    _refuse_twins([c for c in columns if c.role is None], where)
    return columns, notes


def _roles(
    header: Sequence[str], plain: Sequence[str], id_column: str | None, where: str
) -> dict[int, Role]:
    roles: dict[int, Role] = {}
    if id_column is not None:
        roles[_named(header, plain, id_column, where)] = "sample"
    for role, names in ROLES.items():
        if role in roles.values():
            continue
        found = [n for name in names for n, each in enumerate(plain) if each == name]
        free = [n for n in found if n not in roles]
        if free:
            roles[free[0]] = role
    if not {"sample", "participant"} & set(roles.values()):
        raise InputError(
            f"{where}: no column is known to hold people's names. Its columns are "
            f"{', '.join(header)}. Name the right one with --id."
        )
    return roles


def _named(header: Sequence[str], plain: Sequence[str], name: str, where: str) -> int:
    for names in (header, plain):
        if name in names:
            return list(names).index(name)
    raise InputError(f"{where}: has no column {name!r}. {did_you_mean(name, header)}")


def _free_name(name: str) -> str:
    """The name an attribute gets: one that would clash with the lake or with SQL is changed."""
    if name in RESERVED:
        return f"imported_{name}"
    return f"{name}_" if name in _sql_keywords() else name


@cache
def _sql_keywords() -> frozenset[str]:
    """Words that SQL takes for its own, so that `--where "group = 1"` would not be understood."""
    import duckdb

    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(
            "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
        ).fetchall()
    return frozenset(str(row[0]) for row in rows)


def _refuse_twins(columns: Sequence[PeopleColumn], where: str) -> None:
    seen: dict[str, PeopleColumn] = {}
    for column in columns:
        # An attribute may not take the place of what the lake itself keeps of a person.
        first = seen.setdefault(column.name, column)
        if first is not column:
            raise InputError(
                f"{where}: columns {first.original!r} and {column.original!r} would both be called "
                f"{column.name}. Rename one of them."
            )
        if column.name in ("sex", "family_id", "father_id", "mother_id"):
            raise InputError(
                f"{where}: two columns hold {column.name}; the second is {column.original!r}. "
                "Rename or leave out one of them."
            )
