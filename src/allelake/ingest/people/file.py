"""A file about people, as names of columns and rows of text: TSV, CSV, PED or Parquet."""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from allelake.errors import InputError
from allelake.ingest.people.column_names import role_of, snake_case

if TYPE_CHECKING:
    import pyarrow as pa

# PLINK's columns, in its order: a PED file without a header has these (the last may be left out).
PED_COLUMNS = ("family_id", "individual_id", "father_id", "mother_id", "sex", "phenotype")
# What sample sheets write for "not known". '0' is one only for parents, '-9' only in PED files.
MISSING = frozenset({"", ".", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null"})


@dataclass(frozen=True)
class PeopleFile:
    """What the file says: `rows[i][j]` is the text in column j, None where it is missing.

    `types` are the SQL types a Parquet file declares; None for text, where they are inferred.
    `lines[i]` is the line (Parquet: row) of `rows[i]`, from 1, for messages.
    """

    path: Path
    kind: str
    header: tuple[str, ...]
    rows: list[tuple[str | None, ...]]
    lines: list[int]
    types: tuple[str, ...] | None = None


def read_people(path: Path, has_header: bool = False) -> PeopleFile:
    """The file's rows; InputError if it is no table, with the line at fault.

    `has_header`: the first line names columns even where none of the names is a known one.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}.") from None
    if content[:4] == b"PAR1":
        return _read_parquet(path)
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError) as error:
            raise InputError(f"{path}: the gzip file is not whole: {error}.") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(f"{path}, line {line}: is not UTF-8. Save the file as UTF-8.") from None
    return _read_text(path, text, has_header)


def _read_text(path: Path, text: str, has_header: bool) -> PeopleFile:
    is_ped = path.name.removesuffix(".gz").endswith((".ped", ".fam"))
    delimiter, numbered = _split(path, text)
    if not numbered:
        raise InputError(f"{path}: is empty. A header line and a line per person are expected.")
    first = numbered[0][1]
    if has_header or _is_header(first, is_ped):
        names = (first[0].lstrip("#"), *first[1:])
        body = numbered[1:]
    elif is_ped and len(first) in (5, 6):
        names, body = PED_COLUMNS[: len(first)], numbered
    else:
        raise InputError(
            f"{path}: line {numbered[0][0]} names no column that holds people's names. Put a "
            "header line first with a column such as sample_id, or name the column with --id. "
            "A PED file without a header has five or six columns."
        )
    body = [(number, row) for number, row in body if not (is_ped and row[0].startswith("#"))]
    _refuse_ragged(path, names, body)
    kind = "PED" if is_ped else {"\t": "TSV", ",": "CSV"}.get(delimiter or "", "text")
    missing = MISSING | {"-9"} if is_ped else MISSING
    rows = [tuple(None if cell in missing else cell for cell in row) for _, row in body]
    return PeopleFile(path, kind, names, rows, [number for number, _ in body])


def _split(path: Path, text: str) -> tuple[str | None, list[tuple[int, list[str]]]]:
    """(delimiter or None for blanks, rows with their line numbers); empty lines are passed over."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = next((each for each in ("\t", ",", ";") if each in first), None)
    if delimiter is None:
        split = ((n, line.split()) for n, line in enumerate(text.splitlines(), 1))
        return None, [(number, row) for number, row in split if row]
    return delimiter, list(_delimited(path, text, delimiter))


def _delimited(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            stripped = [cell.strip() for cell in row]
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: {error}.") from None


def _is_header(row: Sequence[str], is_ped: bool) -> bool:
    """Whether a first line names columns: it starts with #, or names one that holds names.

    In a PED file `mom` may be somebody's name: there the second and the fifth column must be named.
    """
    if row[0].startswith("#") and len(row) > 1:
        return True
    roles = [role_of(snake_case(name)) for name in row]
    if is_ped and len(row) >= len(PED_COLUMNS):
        return roles[1] in ("sample", "participant") and roles[4] == "sex"
    return "sample" in roles or "participant" in roles


def _refuse_ragged(path: Path, names: Sequence[str], body: Iterable[tuple[int, list[str]]]) -> None:
    for number, row in body:
        if len(row) != len(names):
            raise InputError(
                f"{path}, line {number}: has {len(row)} columns, and {len(names)} are expected "
                f"({', '.join(names[:8])}{', ...' if len(names) > 8 else ''})."
            )


def _read_parquet(path: Path) -> PeopleFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, partitioning=None)
    except pa.ArrowException as error:
        raise InputError(f"{path}: the Parquet file cannot be read: {error}.") from None
    types = tuple(_parquet_type(path, field) for field in table.schema)
    columns = [_as_text(column, of) for column, of in zip(table.columns, types, strict=True)]
    rows = [
        tuple(None if cell in MISSING else cell for cell in row)
        for row in zip(*columns, strict=True)
    ]
    names = tuple(table.column_names)
    return PeopleFile(path, "Parquet", names, rows, list(range(1, len(rows) + 1)), types)


def _parquet_type(path: Path, field: "pa.Field") -> str:
    import pyarrow as pa

    of = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    tests = (
        (pa.types.is_boolean, "BOOLEAN"),
        (pa.types.is_integer, "BIGINT"),
        (pa.types.is_floating, "DOUBLE"),
        (pa.types.is_decimal, "DOUBLE"),
        (pa.types.is_date, "DATE"),
        (pa.types.is_timestamp, "TIMESTAMP"),
        (pa.types.is_string, "VARCHAR"),
        (pa.types.is_large_string, "VARCHAR"),
        (pa.types.is_string_view, "VARCHAR"),
        (pa.types.is_null, "VARCHAR"),
    )
    for is_of, sql_type in tests:
        if is_of(of):
            return sql_type
    raise InputError(
        f"{path}: column {field.name!r} is of type {field.type}; text, numbers, dates, times and "
        "true/false are taken. Leave the column out or convert it."
    )


def _as_text(column: "pa.ChunkedArray", sql_type: str) -> list[str | None]:
    """The column's values as text that `people_types` reads back to the same values."""
    import pyarrow as pa

    if sql_type == "TIMESTAMP":
        # Times with a zone are kept as UTC.
        column = column.cast(pa.timestamp("us"), safe=False)
    values = column.to_pylist()
    if sql_type == "BOOLEAN":
        return [None if value is None else str(value).lower() for value in values]
    if sql_type == "DOUBLE":
        return [None if value is None else repr(float(value)) for value in values]
    if sql_type == "TIMESTAMP":
        return [None if value is None else value.isoformat(" ") for value in values]
    return [None if value is None else str(value).strip() for value in values]
