"""SQL text as a tree, by DuckDB's own parser and without running anything."""

import json
from collections.abc import Iterator
from typing import Any

from allelake.errors import QueryError

# A node of a parse tree, as DuckDB's json_serialize_sql writes it.
Tree = dict[str, Any]

# DuckDB's parser recurses on subqueries without a bound: 100,000 levels end the process.
LONGEST_TEXT = 100_000


def parse_selects(sql: str) -> list[Tree]:
    """Each SELECT of the text as a tree; anything that is no SELECT is refused by name.

    The root of a tree is a query node (SELECT_NODE, SET_OPERATION_NODE, ...).
    """
    import duckdb  # 80 ms: only where SQL is parsed

    if len(sql) > LONGEST_TEXT:
        raise QueryError(
            f"This SQL has {len(sql):,} characters; the most taken is {LONGEST_TEXT:,}."
        )
    if "\0" in sql:
        raise QueryError("This SQL holds a NUL character.")
    with duckdb.connect(":memory:") as connection:
        row = connection.execute("SELECT json_serialize_sql($1::VARCHAR)", [sql]).fetchall()[0]
    try:
        answer = json.loads(row[0])
    except RecursionError:
        raise QueryError("This SQL is nested too deeply to be checked.") from None
    if not answer["error"]:
        return [statement["node"] for statement in answer["statements"]]
    if answer["error_type"] == "not implemented":
        raise QueryError(_refusal(sql))
    raise QueryError(_syntax_error(answer, sql))


def as_sql(root: Tree) -> str:
    """The SQL text of one query node, as DuckDB writes it: no comments."""
    import duckdb

    document = {"error": False, "statements": [{"node": root, "named_param_map": []}]}
    with duckdb.connect(":memory:") as connection:
        row = connection.execute(
            "SELECT json_deserialize_sql($1::JSON)", [json.dumps(document)]
        ).fetchall()[0]
    return str(row[0])


def children(node: Any) -> Iterator[Any]:
    """The values right below one value of a parse tree."""
    if isinstance(node, dict):
        yield from node.values()
    elif isinstance(node, list):
        yield from node


def _refusal(sql: str) -> str:
    """Names the statement that is no SELECT."""
    kinds = {kind for kind in statement_kinds(sql) if kind != "SELECT"}
    if kinds == {"MULTI"}:
        return (
            "PIVOT without a fixed list of columns cannot be checked. "
            "Write PIVOT ... ON column IN ('a', 'b', ...), or GROUP BY."
        )
    named = ", ".join(sorted(kinds)) or "This statement"
    return f"{named} is not allowed: one SELECT is."


def statement_kinds(sql: str) -> list[str]:
    """The kind of each statement in the text: 'SELECT', 'COPY', 'SET', ..."""
    import duckdb

    try:
        return [statement.type.name for statement in duckdb.extract_statements(sql)]
    except ValueError:
        # The Python enum does not know every kind that the parser does (UPDATE EXTENSIONS).
        return []


def _syntax_error(answer: Tree, sql: str) -> str:
    message = str(answer["error_message"])
    position = answer.get("position")
    if position is None:
        return f"This SQL cannot be read: {message}"
    before = sql.encode()[: int(position)].decode(errors="ignore")
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n")
    return f"This SQL cannot be read at line {line}, column {column}: {message}"


def without_end(sql: str) -> str:
    """One statement's text without the semicolons after it, so that it can be nested.

    >>> without_end("SELECT ';' -- kept; ;\\n;; -- gone")
    "SELECT ';' -- kept; ;\\n"
    """
    import duckdb

    text = sql.encode()
    end = len(text)
    for offset, kind in reversed(duckdb.tokenize(sql)):
        if kind == duckdb.token_type.comment:
            continue
        if text[offset : offset + 1] != b";":
            break
        end = offset
    return text[:end].decode()
