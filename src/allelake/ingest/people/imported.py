"""What a file says of people, and what an import of it did."""

from dataclasses import dataclass, field
from pathlib import Path

from allelake.ingest.people.column_names import Role
from allelake.ingest.people.column_types import Value


@dataclass(frozen=True)
class ImportedColumn:
    """What became of one column: its name and type in the lake, how many people lack a value."""

    original: str
    name: str
    type: str
    role: Role | None
    missing: int


@dataclass(frozen=True)
class People:
    """The file, read: per row the values of each column, as columns of equal length.

    `keys` are the names to find samples by (None: a participant without a sample), `participants`
    who they are if the file says so; `pedigree` holds the declared columns of that table,
    `attributes` all others with their SQL types. `odd_sexes` counts spellings taken as unknown.
    """

    path: Path
    kind: str
    keys: list[str | None]
    by_sample: bool
    participants: list[str] | None
    pedigree: dict[str, list[str | None]]
    attributes: dict[str, tuple[str, list[Value | None]]]
    columns: tuple[ImportedColumn, ...]
    odd_sexes: dict[str, int]
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class ImportReport:
    """What an import did, in counts; the lists of names are for whoever asks for them."""

    path: Path
    kind: str
    people: int
    columns: tuple[ImportedColumn, ...]
    samples_matched: int
    sexes: dict[str, int]
    odd_sexes: dict[str, int]
    changed_values: dict[str, int]
    added_columns: tuple[str, ...]
    people_without_genotypes: tuple[str, ...]
    genotypes_without_people: tuple[str, ...]
    notes: tuple[str, ...]
    snapshot: int | None = None
