"""The tables as warehouse/*.toml declares them: Arrow schemas, SQL types and comments."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import pyarrow as pa

from allelake.files import shipped
from allelake.warehouse.quoting import sql_identifier, sql_literal

Encoding = Literal["plain", "dictionary", "delta"]

_SCALARS: dict[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "TINYINT": pa.int8(),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "FLOAT": pa.float32(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "BLOB": pa.binary(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}
_NUMBER_ORDER = ("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE")
_STRUCT_MEMBER = re.compile(r"\s*(\w+)\s+(.+)", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """One declared column. `unknown` says what a missing value looks like."""

    name: str
    type: str
    nullable: bool
    encoding: Encoding
    meaning: str
    unknown: str
    bloom_filter: bool = False
    unit: str | None = None
    range: str | None = None

    @property
    def help(self) -> str:
        """The meaning, and what a missing value looks like if there can be one."""
        if self.unknown.startswith("never unknown"):
            return self.meaning
        return f"{self.meaning} Unknown: {self.unknown}."


@dataclass(frozen=True)
class Table:
    """One declared table. `further_columns` is the prefix that columns beyond these must have.

    None: there are none. '': any name (imported metadata). `is_derived`: its rows are results
    that were computed from the lake, and bear their number in `result`; `sample_columns` hold
    sample numbers, and a row goes with any of them; `sums_people`: a row counts people together,
    so that none can be told without one of them.
    """

    name: str
    what: str
    partition: tuple[str, ...]
    sort: tuple[str, ...]
    columns: tuple[Column, ...]
    further_columns: str | None
    is_derived: bool = False
    sample_columns: tuple[str, ...] = ()
    sums_people: bool = False

    def column_types(self, further: Mapping[str, str] | None = None) -> dict[str, str]:
        """Each column's SQL type, further columns after the declared ones."""
        declared = {column.name: column.type for column in self.columns}
        return declared | dict(further or {})

    def arrow_schema(self, further: Mapping[str, str] | None = None) -> pa.Schema:
        """The Arrow schema; columns that are never unknown are non-null."""
        fields = [pa.field(c.name, arrow_type(c.type), c.nullable) for c in self.columns]
        extra = [pa.field(name, arrow_type(of), True) for name, of in (further or {}).items()]
        return pa.schema(fields + extra)

    def empty_select(self, further: Mapping[str, str] | None = None) -> str:
        """A SELECT with these columns and types and no row."""
        listed = (f"NULL::{of} AS {sql_identifier(name)}" for name, of in self._types(further))
        return f"SELECT {', '.join(listed)} WHERE false"

    def ddl(self, further: Mapping[str, str] | None = None) -> str:
        """CREATE TABLE for the same columns, NOT NULL where the declaration says so."""
        required = {column.name for column in self.columns if not column.nullable}
        listed = (
            f"    {sql_identifier(name)} {of}{' NOT NULL' if name in required else ''}"
            for name, of in self._types(further)
        )
        return f"CREATE TABLE {sql_identifier(self.name)} (\n" + ",\n".join(listed) + "\n);"

    def comments(self, relation: str | None = None) -> list[str]:
        """COMMENT ON statements for the view of this table and each declared column."""
        view = sql_identifier(relation or self.name)
        whole = f"COMMENT ON VIEW {view} IS {sql_literal(self.what)}"
        return [whole] + [
            f"COMMENT ON COLUMN {view}.{sql_identifier(column.name)} IS " + sql_literal(column.help)
            for column in self.columns
        ]

    def _types(self, further: Mapping[str, str] | None) -> list[tuple[str, str]]:
        return list(self.column_types(further).items())


def arrow_type(sql_type: str) -> pa.DataType:
    """The Arrow type of a declared SQL type, lists and structs included.

    >>> arrow_type("STRUCT(name VARCHAR, bytes BIGINT)[]")
    ListType(list<element: struct<name: string, bytes: int64>>)
    """
    written = sql_type.strip()
    if written.endswith("[]"):
        return pa.list_(pa.field("element", arrow_type(written[:-2])))
    if written.upper().startswith("STRUCT(") and written.endswith(")"):
        members = [_STRUCT_MEMBER.fullmatch(part) for part in _split_members(written[7:-1])]
        return pa.struct([pa.field(m[1], arrow_type(m[2])) for m in members if m])
    return _SCALARS[written.upper()]


def sql_type(of: pa.DataType) -> str:
    """The SQL type that an Arrow type is stored as.

    >>> sql_type(pa.list_(pa.int32()))
    'INTEGER[]'
    """
    if pa.types.is_list(of) or pa.types.is_large_list(of):
        return sql_type(of.value_type) + "[]"
    if pa.types.is_struct(of):
        return "STRUCT(" + ", ".join(f"{f.name} {sql_type(f.type)}" for f in of) + ")"
    if pa.types.is_large_string(of) or pa.types.is_string_view(of) or pa.types.is_null(of):
        return "VARCHAR"
    if pa.types.is_dictionary(of):
        return sql_type(of.value_type)
    if pa.types.is_timestamp(of):
        return "TIMESTAMP"
    for name, scalar in _SCALARS.items():
        if scalar.equals(of):
            return name
    raise TypeError(f"no column of a lake is of the Arrow type {of}")


def common_type(one: str, other: str) -> str:
    """The type that holds the values of both, for a column that batches typed differently.

    >>> common_type("INTEGER", "FLOAT"), common_type("BIGINT", "VARCHAR")
    ('DOUBLE', 'VARCHAR')
    """
    if one == other:
        return one
    if one.endswith("[]") or other.endswith("[]"):
        return common_type(one.removesuffix("[]"), other.removesuffix("[]")) + "[]"
    if one in _NUMBER_ORDER and other in _NUMBER_ORDER and "BOOLEAN" not in (one, other):
        wider = max(one, other, key=_NUMBER_ORDER.index)
        # A FLOAT has 24 bits of precision, an INTEGER 31.
        return "DOUBLE" if wider == "FLOAT" else wider
    return "VARCHAR"


@cache
def load_tables() -> dict[str, Table]:
    """Every table that warehouse/*.toml declares, by name."""
    files = sorted((f for f in shipped("warehouse").iterdir()), key=lambda f: f.name)
    declared = [tomllib.loads(f.read_text("utf-8")) for f in files if f.name.endswith(".toml")]
    return {table["name"]: _table(table) for table in declared}


def _table(declared: dict[str, Any]) -> Table:
    return Table(
        name=declared["name"],
        what=declared["what"],
        partition=tuple(declared["partition"]),
        sort=tuple(declared["sort"]),
        columns=tuple(Column(**column) for column in declared["column"]),
        further_columns=declared.get("further_columns"),
        is_derived=declared.get("derived", False),
        sample_columns=tuple(declared.get("sample_columns", ())),
        sums_people=declared.get("sums_people", False),
    )


def _split_members(members: str) -> list[str]:
    """The members of a STRUCT; commas inside brackets belong to an inner one."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(members):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(members[start:index])
            start = index + 1
    return [*parts, members[start:]]
