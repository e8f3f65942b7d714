"""SQL from a person: one SELECT of allow-listed kinds, over the lake's own relations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allelake.errors import QueryError
from allelake.nearest import did_you_mean
from allelake.warehouse.catalog.macros import load_macros
from allelake.warehouse.cohorts.parse import Tree, parse_selects, without_end

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Every kind of node a query may hold. What is not here is refused: DuckDB's parser knows queries
# that write files (COPY_QUERY_NODE inside WITH has the statement type SELECT).
QUERY_NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"})
TABLE_NODES = frozenset(
    {
        "BASE_TABLE",
        "SUBQUERY",
        "JOIN",
        "TABLE_FUNCTION",
        "EXPRESSION_LIST",
        "EMPTY",
        "PIVOT",
        "SHOW_REF",
    }
)
MODIFIERS = frozenset(
    {
        "ORDER_MODIFIER",
        "LIMIT_MODIFIER",
        "LIMIT_PERCENT_MODIFIER",
        "DISTINCT_MODIFIER",
        "ORDER_DEFAULT",
        "ASCENDING",
        "DESCENDING",
    }
)
EXPRESSIONS = frozenset(
    {
        "BETWEEN",
        "CASE",
        "CAST",
        "COLLATE",
        "COLUMN_REF",
        "COMPARISON",
        "CONJUNCTION",
        "CONSTANT",
        "FUNCTION",
        "LAMBDA",
        "OPERATOR",
        "PARAMETER",
        "POSITIONAL_REFERENCE",
        "STAR",
        "SUBQUERY",
        "TYPE",
        "WINDOW",
    }
)

# Table functions of DuckDB that make rows from their arguments or describe the catalog.
_TABLE_FUNCTIONS = """
range generate_series unnest repeat json_each json_tree
duckdb_columns duckdb_functions duckdb_views
"""
# Pure, or of this moment; the rest of what DuckDB calls volatile reads settings or writes.
_MOMENT = """
random uuid gen_random_uuid uuidv4 uuidv7 now today current_date current_time get_current_time
get_current_timestamp current_localtime current_localtimestamp transaction_timestamp
"""
# DuckDB's own SQL macros that are pure.
_MACROS = """
ago array_append array_pop_back array_pop_front array_prepend array_push_back array_push_front
array_reverse array_to_string array_to_string_comma_default date_add days_in_month fdiv fmod
generate_subscripts geomean geometric_mean if json json_group_array json_group_object
json_group_structure list_any_value list_append list_approx_count_distinct list_avg list_bit_and
list_bit_or list_bit_xor list_bool_and list_bool_or list_count list_entropy list_first
list_histogram list_kurtosis list_kurtosis_pop list_last list_mad list_max list_median list_min
list_mode list_prepend list_product list_reverse list_sem list_skewness list_stddev_pop
list_stddev_samp list_string_agg list_sum list_var_pop list_var_samp map_contains_entry
map_contains_value md5_number_lower md5_number_upper nullif split_part wavg weighted_avg
"""
# Constant by DuckDB's word, yet they bind SQL text or take raw aggregate states.
_DENIED = """
json_serialize_plan combine combine_aggr finalize to_aggregate_state variant_bytes_to_variant
"""
# Written as operators or syntax, so DuckDB does not list them under these names.
_SYNTAX = """
count_star list_value struct_pack row unnest map array_value -> ->> [] ~ !~ grouping
"""


@dataclass(frozen=True)
class Vocabulary:
    """The names a query may use, in lower case."""

    relations: frozenset[str]
    table_functions: frozenset[str]
    functions: frozenset[str]


def vocabulary(connection: "DuckDBPyConnection") -> Vocabulary:
    """What may be named in a lake opened by `connect.open_lake`, which attaches it as `lake`."""
    relations = connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE database_name = 'lake' AND NOT internal"
    ).fetchall()
    functions = connection.execute(
        "SELECT DISTINCT lower(function_name), database_name = 'lake', function_type, stability "
        "FROM duckdb_functions()"
    ).fetchall()
    own_tables = {name for name, own, kind, _ in functions if own and kind == "table_macro"}
    own = {name for name, own, kind, _ in functions if own and kind == "macro"}
    pure = {
        name
        for name, _, kind, stability in functions
        if kind in ("aggregate", "window", "scalar")
        and stability == "CONSISTENT"
        and not name.startswith(("__", "pg_"))
    }
    words = (own | pure | set((_MOMENT + _MACROS + _SYNTAX).split())) - set(_DENIED.split())
    return Vocabulary(
        relations=frozenset(str(name).lower() for (name,) in relations),
        table_functions=frozenset(own_tables | set(_TABLE_FUNCTIONS.split())),
        functions=frozenset(words),
    )


def check_select(sql: str, known: Vocabulary) -> str:
    """The one SELECT of a text; QueryError for anything but a SELECT over the lake's own relations.

    The text alone is judged: what a macro of the lake does inside is the lake's affair.
    """
    roots = parse_selects(sql)
    if not roots:
        raise QueryError("There is no query in this text.")
    if len(roots) > 1:
        raise QueryError(f"One SELECT at a time: this text holds {len(roots)} statements.")
    _Check(known).walk(roots[0], frozenset())
    return without_end(sql)


class _Check:
    """A walk over one parse tree; `names` are the names that WITH has given so far."""

    def __init__(self, known: Vocabulary) -> None:
        self.known = known

    def walk(self, node: Any, names: frozenset[str]) -> None:
        if isinstance(node, list):
            for item in node:
                self.walk(item, names)
        if not isinstance(node, dict):
            return
        self.check_kind(node)
        if "cte_map" in node:
            names = self.walk_with(node["cte_map"]["map"], names)
        if node.get("type") == "RECURSIVE_CTE_NODE":
            names = names | {str(node["cte_name"]).lower()}
        if node.get("type") == "BASE_TABLE":
            self.check_relation(node, names)
        if node.get("type") == "TABLE_FUNCTION":
            self.check_table_function(node["function"])
            # The function's own node is judged as a table's; only its arguments are expressions.
            self.walk(node["function"]["arguments"], names)
            node = {key: value for key, value in node.items() if key != "function"}
        elif node.get("class") in ("FUNCTION", "WINDOW"):
            self.check_function(node)
        elif node.get("type") == "SHOW_REF":
            self.check_show(node, names)
        for key, value in node.items():
            if key != "cte_map":
                self.walk(value, names)

    def walk_with(self, entries: list[Tree], names: frozenset[str]) -> frozenset[str]:
        """Checks the queries of WITH in order; each sees the names before it, as in DuckDB."""
        for entry in entries:
            self.walk(entry["value"], names)
            names = names | {str(entry["key"]).lower()}
        return names

    def check_kind(self, node: Mapping[str, Any]) -> None:
        kind = node.get("type")
        if "info_type" in node:
            raise QueryError("Writing or changing anything is not allowed: one SELECT is.")
        if not isinstance(kind, str):
            return
        if "class" in node:
            if node["class"] not in EXPRESSIONS:
                raise QueryError(f"{node['class']} is not allowed in a query here.")
        elif kind.endswith("_QUERY_NODE"):
            raise QueryError(f"{kind.removesuffix('_QUERY_NODE')} is not allowed: one SELECT is.")
        elif kind not in QUERY_NODES | TABLE_NODES | MODIFIERS:
            raise QueryError(f"{kind} is not allowed in a query here.")

    def check_relation(self, node: Tree, names: frozenset[str]) -> None:
        name = str(node["table_name"])
        place = (str(node["catalog_name"]).lower(), str(node["schema_name"]).lower())
        if node["at_clause"] is not None:
            raise QueryError("AT (VERSION ...) is not allowed: a lake is opened at one snapshot.")
        if place == ("", "") and name.lower() in names:
            return
        if place not in {("", ""), ("", "main"), ("", "lake"), ("lake", "main")}:
            raise QueryError(f"{'.'.join(p for p in place if p)}.{name} is not part of this lake.")
        if name.lower() in self.known.relations:
            return
        if any(character in name for character in "./\\:*"):
            raise QueryError(
                f"{name!r} is no table of this lake, and files cannot be read here. "
                "Tables: " + ", ".join(sorted(self.known.relations)) + "."
            )
        hint = did_you_mean(name, sorted(self.known.relations | names))
        raise QueryError(f"There is no table {name!r} in this lake. {hint}")

    def check_table_function(self, function: Tree) -> None:
        name = str(function["function_name"])
        self.check_place(function, name)
        if name.lower() not in self.known.table_functions:
            if name.lower() in {macro.name for macro in load_macros()}:
                raise QueryError(
                    f"{name}() is newer than this lake's catalog, which is of the lake's last "
                    "commit. The next commit brings it, such as an `ingest` or `cohort define`."
                )
            hint = did_you_mean(name, sorted(self.known.table_functions))
            raise QueryError(f"{name}() is no query of this lake, or not allowed here. {hint}")

    def check_function(self, node: Tree) -> None:
        name = str(node["function_name"])
        self.check_place(node, name)
        if name.lower() not in self.known.functions:
            written = name if node.get("is_operator") else f"{name}()"
            raise QueryError(f"{written} is not known, or not allowed here.")

    def check_place(self, node: Tree, name: str) -> None:
        place = (str(node["catalog"]).lower(), str(node["schema"]).lower())
        if place not in {("", ""), ("", "main"), ("", "lake"), ("lake", "main")}:
            raise QueryError(f"{'.'.join(p for p in place if p)}.{name}() is not allowed here.")

    def check_show(self, node: Tree, names: frozenset[str]) -> None:
        """DESCRIBE and SUMMARIZE of what may be read, and SHOW TABLES."""
        if node["show_type"] in ("DESCRIBE", "SUMMARY"):
            return
        name = str(node["table_name"]).strip('"').lower()
        special = {"tables", "__show_tables_expanded"}
        if node["show_type"] == "SHOW_SPECIAL" and name in special:
            return
        if node["show_type"] == "SHOW" and name in self.known.relations | names:
            return
        raise QueryError("Of SHOW only SHOW TABLES and SHOW <table> are allowed here.")
