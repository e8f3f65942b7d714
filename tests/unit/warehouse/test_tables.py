"""The table declarations, and what is made of them."""

import doctest

import duckdb
import pyarrow as pa
import pytest

from allelake.warehouse import quoting, tables
from allelake.warehouse.quoting import path_component, sql_identifier, sql_literal
from allelake.warehouse.tables import arrow_type, common_type, load_tables, sql_type

DECLARED = load_tables()


def test_every_table_of_the_design_is_declared():
    assert {name for name, table in DECLARED.items() if not table.is_derived} == {
        "batches",
        "bits",
        "callable",
        "calls",
        "cohort_members",
        "cohorts",
        "pedigree",
        "ploidy",
        "removals",
        "results",
        "sample_counts",
        "samples",
        "sites",
    }


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_a_table_s_columns_are_typed_explained_and_sortable(name):
    table = DECLARED[name]
    columns = {column.name: column for column in table.columns}
    assert set(table.sort) <= set(columns)
    assert set(table.partition) <= set(columns)
    for column in table.columns:
        assert column.meaning.endswith("."), column.name
        assert column.nullable or column.unknown.startswith(("never unknown", "0:")), column.name
        assert sql_type(arrow_type(column.type)) == column.type
        # Readers of Parquet disagree about unsigned integers.
        assert not column.type.startswith("U")


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_duckdb_and_arrow_see_the_declared_types(name):
    table = DECLARED[name]
    with duckdb.connect() as connection:
        connection.execute(table.ddl())
        described = connection.execute(
            f"SELECT column_name, is_nullable FROM duckdb_columns() WHERE table_name = '{name}'"
        ).fetchall()
        assert described == [(column.name, column.nullable) for column in table.columns]
        rows = connection.sql(table.empty_select()).to_arrow_table()
    assert rows.schema.names == table.arrow_schema().names
    assert rows.num_rows == 0
    assert [f.nullable for f in table.arrow_schema()] == [c.nullable for c in table.columns]


def test_further_columns_come_last_and_may_be_unknown():
    schema = DECLARED["sites"].arrow_schema({"info_x": "FLOAT[]"})
    assert schema.names[-1] == "info_x"
    assert schema.field("info_x").nullable


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("INTEGER", "INTEGER", "INTEGER"),
        ("INTEGER", "BIGINT", "BIGINT"),
        ("INTEGER", "FLOAT", "DOUBLE"),
        ("FLOAT", "DOUBLE", "DOUBLE"),
        ("INTEGER", "VARCHAR", "VARCHAR"),
        ("BOOLEAN", "INTEGER", "VARCHAR"),
        ("INTEGER[]", "FLOAT", "DOUBLE[]"),
        ("DATE", "TIMESTAMP", "VARCHAR"),
    ],
)
def test_columns_typed_differently_take_a_type_that_holds_both(one, other, common):
    assert common_type(one, other) == common
    assert common_type(other, one) == common


def test_arrow_types_of_imports_become_sql_types():
    assert sql_type(pa.large_string()) == "VARCHAR"
    assert sql_type(pa.dictionary(pa.int32(), pa.string())) == "VARCHAR"
    assert sql_type(pa.timestamp("ns")) == "TIMESTAMP"
    assert sql_type(pa.null()) == "VARCHAR"
    with pytest.raises(TypeError, match="duration"):
        sql_type(pa.duration("s"))


@pytest.mark.parametrize(
    "name", ["a'b", 'a"b', "a;--", "a\\b", "é", "select", "a\nb", "x) OR (1=1", "🧬"]
)
def test_no_name_leaves_its_quotes(name):
    with duckdb.connect() as connection:
        relation = connection.execute(f"SELECT {sql_literal(name)} AS {sql_identifier(name)}")
        assert relation.description[0][0] == name
        assert relation.fetchall() == [(name,)]


@pytest.mark.parametrize("name", ["a/b", "..", ".", "~", "a b", "é", "%2F", "a\\b", "C:", "*?"])
def test_a_path_component_is_letters_digits_and_percents(name):
    encoded = path_component(name)
    assert encoded.replace("%", "").replace("_", "").replace("-", "").isalnum()
    assert encoded.isascii()


def test_different_names_have_different_paths():
    names = ["a b", "a%20b", "A B", "a_b", "a-b", "."]
    assert len({path_component(name) for name in names}) == len(names)


@pytest.mark.parametrize("module", [tables, quoting])
def test_the_examples_in_the_docstrings_are_true(module):
    assert doctest.testmod(module).failed == 0
