"""The expression over `samples` that defines a cohort: what it may hold."""

import re
from typing import Any

from allelake.errors import QueryError
from allelake.warehouse.cohorts.parse import Tree, as_sql, children, parse_selects

# (class, type) of every kind of expression a predicate may hold; None allows every type.
ALLOWED: dict[str, frozenset[str] | None] = {
    "COMPARISON": None,
    "CONJUNCTION": None,
    "BETWEEN": None,
    "CONSTANT": None,
    "COLUMN_REF": None,
    "CAST": None,
    "TYPE": None,
    "COLLATE": None,
    "FUNCTION": None,
    "OPERATOR": frozenset(
        {
            "OPERATOR_NOT",
            "OPERATOR_IS_NULL",
            "OPERATOR_IS_NOT_NULL",
            "OPERATOR_COALESCE",
            "COMPARE_IN",
            "COMPARE_NOT_IN",
        }
    ),
}

# Operators are functions to the parser. All of these are pure: the same row, the same answer.
_PURE = """
    + - * / // % || ~~ !~~ ~~* !~~* ~~~ like_escape not_like_escape ilike_escape not_ilike_escape
    abs ceil floor round lower upper trim ltrim rtrim length left right substring substr replace
    starts_with ends_with prefix suffix contains regexp_matches regexp_full_match regexp_extract
    nullif greatest least year month day date_diff datediff date_trunc
"""
ALLOWED_FUNCTIONS = frozenset(_PURE.split())

_PLACE = re.compile(r" at line [0-9]+, column [0-9]+")

# What each refused kind is called in a message.
NAMES = {
    "SUBQUERY": "a subquery",
    "WINDOW": "a window function",
    "LAMBDA": "a lambda",
    "STAR": "*",
    "PARAMETER": "a parameter",
    "CASE": "CASE",
    "POSITIONAL_REFERENCE": "a positional reference (#1)",
    "DEFAULT": "DEFAULT",
}


def check_predicate(sql: str) -> str:
    """The predicate as it may be stored: one expression over the columns of `samples`.

    Comparisons, AND, OR, NOT, IN with a list, BETWEEN, IS NULL, LIKE, arithmetic, casts and a
    short list of pure functions. Whether the columns exist is for the caller to ask
    (`predicate_columns`).

    >>> check_predicate("population = 'CHS' and sex = 'XX'")
    "population = 'CHS' and sex = 'XX'"
    """
    root = _expression(sql)
    _check(root["select_list"][0])
    text = sql.strip().removesuffix(";")
    if "--" in text or "/*" in text:
        # A comment would swallow what is written after the predicate where it is used.
        return as_sql(root).removeprefix("SELECT ")
    return text


def predicate_columns(sql: str) -> tuple[str, ...]:
    """The columns a predicate names, in order of appearance, as written.

    >>> predicate_columns("age >= 40 and (sex = 'XX' or age is null)")
    ('age', 'sex')
    """
    found: dict[str, None] = {}
    stack: list[Any] = [_expression(sql)["select_list"][0]]
    while stack:
        node = stack.pop()
        if isinstance(node, dict) and node.get("class") == "COLUMN_REF":
            found.setdefault(".".join(node["column_names"]))
        stack.extend(reversed(list(children(node))))
    return tuple(found)


def _expression(sql: str) -> Tree:
    """The parse tree of SELECT <predicate>, which must be one expression and nothing else."""
    sql = sql.strip().removesuffix(";")
    if not sql:
        raise QueryError("The predicate is empty. Example: population = 'CHS' and sex = 'XX'")
    # Alone as well as in parentheses: "a) or (b" would be an expression in parentheses only.
    roots = []
    for text in (f"SELECT {sql}\n", f"SELECT (\n{sql}\n)"):
        found = _parsed(text, sql)
        if len(found) != 1 or not _is_one_expression(found[0]):
            raise QueryError(
                "A predicate is one expression over the columns of samples, "
                f"such as population = 'CHS' and sex = 'XX'. Found: {sql}"
            )
        roots.append(found[0])
    return roots[0]


def _parsed(text: str, predicate: str) -> list[Tree]:
    try:
        return parse_selects(text)
    except QueryError as error:
        # The place in the text that was put around the predicate would mislead.
        why = _PLACE.sub("", str(error))
        raise QueryError(f"The predicate {predicate!r} cannot be taken. {why}") from None


def _is_one_expression(root: Tree) -> bool:
    if root["type"] != "SELECT_NODE" or len(root["select_list"]) != 1:
        return False
    empty = ("where_clause", "having", "qualify", "sample")
    lists = ("modifiers", "group_expressions", "group_sets")
    return (
        root["from_table"]["type"] == "EMPTY"
        and not root["cte_map"]["map"]
        and not any(root[key] for key in (*empty, *lists))
        and root["aggregate_handling"] == "STANDARD_HANDLING"
        and not root["select_list"][0]["alias"]
    )


def _check(node: Any) -> None:
    """Raises QueryError at the first expression that is not allowed."""
    if isinstance(node, dict) and "class" in node:
        _check_kind(node)
        if node["class"] == "FUNCTION":
            _check_function(node)
        if node["class"] == "COLUMN_REF" and len(node["column_names"]) != 1:
            written = ".".join(node["column_names"])
            raise QueryError(f"{written}: name columns of samples without their table.")
    for child in children(node):
        _check(child)


def _check_kind(node: Tree) -> None:
    kind, detail = node["class"], node["type"]
    allowed = ALLOWED.get(kind, frozenset())
    if allowed is not None and detail not in allowed:
        named = NAMES.get(kind, f"{kind.lower()} ({detail.lower()})")
        raise QueryError(f"A predicate may not hold {named}; it is one expression over samples.")


def _check_function(node: Tree) -> None:
    name = str(node["function_name"])
    if name.lower() not in ALLOWED_FUNCTIONS or node["schema"] or node["catalog"]:
        raise QueryError(
            f"A predicate may not call {name}(). Allowed: "
            + ", ".join(sorted(f for f in ALLOWED_FUNCTIONS if f[0].isalpha()))
            + "."
        )
    if node["filter"] or node["distinct"] or node["order_bys"]["orders"]:
        raise QueryError(f"A predicate may not aggregate: {name}().")
