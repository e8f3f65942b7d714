"""Names of people who are gone, in the texts of data files: INFO, FORMAT and identifiers."""

import duckdb
import pyarrow as pa

from allelake.warehouse.quoting import sql_identifier
from allelake.warehouse.results.derived import texts_of_results
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.tables import load_tables
from allelake.warehouse.withdrawal.names import GoneNames

# Declared columns whose texts come from a source file as they are; all others are from a list.
_FREE_TEXTS = ("id", "other_ids", "filters")
_FETCHED = 10_000


def free_texts(file: StoredFile) -> list[str]:
    """The columns of a data file that hold what somebody wrote."""
    if load_tables()[file.table].is_derived:
        return list(texts_of_results(load_tables()[file.table]))
    if file.table not in ("sites", "calls"):
        return []
    types = load_tables()[file.table].column_types(file.further_columns)
    return [
        name
        for name, of in types.items()
        if of in ("VARCHAR", "VARCHAR[]") and (name in _FREE_TEXTS or name in file.further_columns)
    ]


def has_names(
    connection: duckdb.DuckDBPyConnection, select: str, file: StoredFile, names: GoneNames
) -> bool:
    """Whether one of the names is in a text of the file, whose rows `select` gives."""
    types = load_tables()[file.table].column_types(file.further_columns)
    for name in free_texts(file) if names else ():
        quoted = sql_identifier(name)
        value = f"unnest({quoted})" if types[name] == "VARCHAR[]" else quoted
        condition, given = "list_contains($1, text)", [sorted(names.gone)]
        if names.rough_pattern:
            condition += " OR regexp_matches(text, $2, 'i')"
            given.append(names.rough_pattern)  # type: ignore[arg-type]
        found = connection.execute(
            f"SELECT DISTINCT text FROM (SELECT {value} AS text FROM ({select})) WHERE {condition}",
            given,
        )
        while rows := found.fetchmany(_FETCHED):
            if any(names.is_in(text) for (text,) in rows):
                return True
    return False


def without_names_in_texts(
    rows: pa.RecordBatch, file: StoredFile, names: GoneNames
) -> pa.RecordBatch:
    """The rows with the names taken out of their texts."""
    columns = {name: rows.column(name) for name in rows.schema.names}
    for name in free_texts(file) if names else ():
        column = columns[name]
        texts = column.flatten() if pa.types.is_list(column.type) else column
        if names.may_be_in(texts):
            told = [_redacted(value, names) for value in column.to_pylist()]
            columns[name] = pa.array(told, column.type)
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=rows.schema)


def _redacted(value: str | list[str | None] | None, names: GoneNames) -> object:
    if isinstance(value, list):
        return [_redacted(each, names) for each in value]
    return None if value is None else names.redacted(value)
