"""The macros of a catalog, bound once and kept: a database file with nothing of any lake in it.

Binding the macros is most of what a catalog costs, and in a lake of many files each of them binds
every view it names. They are bound here against views of no rows instead; a catalog is a copy of
the template with the lake's own views put in. Of tables without a file the template has the views.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from allelake.warehouse.catalog.asked_rows import whole_macros
from allelake.warehouse.catalog.cache import keep_template, kept_template
from allelake.warehouse.quoting import sql_identifier, sql_literal

# The newest file version that the DuckDB command line 1.5 reads; it has views and table macros.
_STORAGE_VERSION = "v1.2.0"

# Lakes differ in a handful of macros that stand in for others; a template is about half a MB.
_MOST_KEPT = 8
_templates: dict[tuple[str, ...], bytes] = {}


@dataclass(frozen=True)
class CatalogParts:
    """The statements of a catalog.

    `views` are those of one lake, with the macros asked_...() that hold its paths; `macros` name
    them. `empty_tables` are the views that are the same in every lake without a file of the table,
    and those that are so in any; `empty_views` gives all views of a lake without a file.
    """

    views: Sequence[str]
    macros: Sequence[str]
    empty_tables: Sequence[str]
    empty_views: Callable[[], Sequence[str]]

    def statements(self) -> list[str]:
        """All of a catalog, in an order in which each one binds."""
        return [*self.views, *self.macros]


# The first name that a statement on a view says: the view's.
_OF_VIEW = re.compile(
    r'(CREATE OR REPLACE VIEW|COMMENT ON VIEW|COMMENT ON COLUMN) ("(?:[^"]|"")+"|\w+)'
)


def not_in_template(views: Sequence[str], empty_tables: Sequence[str]) -> list[str]:
    """Of `views` those statements that a template with `empty_tables` lacks.

    A view that is made anew has lost its comments.

    >>> empty = ['CREATE OR REPLACE VIEW "a" AS SELECT 1', 'COMMENT ON VIEW "a" IS NULL']
    >>> not_in_template(empty, empty)
    []
    >>> not_in_template(['CREATE OR REPLACE VIEW "a" AS SELECT 2', empty[1]], empty)
    ['CREATE OR REPLACE VIEW "a" AS SELECT 2', 'COMMENT ON VIEW "a" IS NULL']
    """
    there = set(empty_tables)
    anew = set(views_made(statement for statement in views if statement not in there))
    return [
        statement
        for statement in views
        if statement not in there or ((found := _OF_VIEW.match(statement)) and found[2] in anew)
    ]


def views_made(statements: Iterable[str]) -> list[str]:
    """The views that these statements make, by the names as written.

    >>> views_made(['CREATE OR REPLACE VIEW "a" AS SELECT 2', 'COMMENT ON VIEW "b" IS NULL'])
    ['"a"']
    """
    found = map(_OF_VIEW.match, statements)
    return [made[2] for made in found if made and made[1].startswith("CREATE")]


def template(parts: CatalogParts) -> bytes:
    """A database file that holds the macros and the views that no lake differs in.

    Nothing of `parts.views` is in it. Errors are DuckDB's own.
    """
    key = (*parts.macros, *parts.empty_tables)
    if key not in _templates:
        if len(_templates) >= _MOST_KEPT:
            _templates.clear()
        made = kept_template(key)
        if made is None:
            made = _build(parts)
            keep_template(key, made)
        _templates[key] = made
    return _templates[key]


def _build(parts: CatalogParts) -> bytes:
    with (
        tempfile.TemporaryDirectory(prefix="allelake-catalog-") as folder,
        duckdb.connect(":memory:", config={"threads": 1}) as connection,
    ):
        path = Path(folder, "template.duckdb")
        stand_ins = _stand_ins(connection, parts.empty_views())
        connection.execute(
            f"ATTACH {sql_literal(str(path))} AS built (STORAGE_VERSION '{_STORAGE_VERSION}')"
        )
        connection.execute("USE built")
        connection.execute("BEGIN TRANSACTION")
        for name, select in stand_ins.items():
            connection.execute(f"CREATE VIEW {name} AS {select}")
        # Over those; a catalog puts its own in their place.
        for statement in whole_macros():
            connection.execute(statement)
        for statement in parts.macros:
            connection.execute(statement)
        for name in stand_ins:
            connection.execute(f"DROP VIEW {name}")
        for statement in parts.empty_tables:
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT built")
        connection.execute("USE memory")
        connection.execute("DETACH built")
        return path.read_bytes()


def _stand_ins(connection: duckdb.DuckDBPyConnection, empty_views: Sequence[str]) -> dict[str, str]:
    """For each view a SELECT of its columns without a row: quick to bind, and of no lake."""
    connection.execute("ATTACH ':memory:' AS empty")
    connection.execute("USE empty")
    for statement in empty_views:
        connection.execute(statement)
    columns = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = 'empty' AND NOT internal ORDER BY table_name, column_index"
    ).fetchall()
    connection.execute("USE memory")
    connection.execute("DETACH empty")
    selects: dict[str, list[str]] = {}
    for view, column, of in columns:
        selects.setdefault(sql_identifier(view), []).append(
            f"CAST(NULL AS {of}) AS {sql_identifier(column)}"
        )
    return {view: f"SELECT {', '.join(of)} LIMIT 0" for view, of in selects.items()}
