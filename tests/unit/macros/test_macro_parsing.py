"""load_macros: .sql files taken apart, and put in an order in which each binds."""

import pytest

from allelake.warehouse.catalog.macros import (
    Described,
    MacroFileError,
    in_dependency_order,
    load_macros,
    parse_macro,
)

TEXT = """\
-- shout: a cohort's names,
-- louder.
--
--   in_cohort   a cohort's name
--   min_length  leave out shorter ones
--               (in letters)
--
-- One row per name:
--   louder      the name in capitals,
--               all of them
--
-- A remark that is no column:   really.
--
--   FROM shout('all')
--   WHERE louder > 'B';

CREATE OR REPLACE MACRO shout(
    in_cohort, -- a comment with a comma, and ) a parenthesis
    min_length := 0
) AS TABLE
-- CREATE OR REPLACE MACRO in a comment is none
SELECT upper(name) AS louder FROM names WHERE length(name) >= min_length;
"""


def test_a_header_is_taken_apart() -> None:
    macro = parse_macro("shout", "cohorts", TEXT)
    assert macro.summary == "a cohort's names, louder."
    assert macro.arguments == (
        Described("in_cohort", "a cohort's name", None),
        Described("min_length", "leave out shorter ones (in letters)", "0"),
    )
    assert macro.columns == (Described("louder", "the name in capitals, all of them"),)
    assert macro.example == "FROM shout('all')\nWHERE louder > 'B';"
    assert macro.is_table
    assert not macro.is_part
    assert macro.folder == "cohorts"


def test_help_is_the_whole_header_and_sql_the_statement_alone() -> None:
    macro = parse_macro("shout", "cohorts", TEXT)
    assert macro.help.startswith(
        "shout: a cohort's names,\nlouder.\n\n  in_cohort   a cohort's name"
    )
    assert macro.help.endswith("WHERE louder > 'B';")
    assert macro.sql.startswith("CREATE OR REPLACE MACRO shout(")
    assert macro.sql.endswith(">= min_length")


def test_a_part_is_known_by_its_folder() -> None:
    assert parse_macro("shout", "parts", TEXT).is_part


def test_a_macro_without_table_is_an_expression() -> None:
    macro = parse_macro("one", "parts", "-- one: 1.\n\nCREATE OR REPLACE MACRO one() AS 1;\n")
    assert (macro.is_table, macro.arguments, macro.example) == (False, (), "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("CREATE OR REPLACE MACRO one() AS 1;\n", "a header comment"),
        ("-- one: 1.\n\nCREATE OR REPLACE MACRO one() AS 1\n", "ends in ;"),
        ("-- one: 1.\n", "ends in ;"),
        ("-- one: 1.\n\nSELECT 1;\n", "exactly one CREATE OR REPLACE MACRO"),
        ("-- one: 1.\n\nCREATE MACRO one() AS 1;\n", "exactly one CREATE OR REPLACE MACRO"),
        (
            "-- one: 1.\n\nCREATE OR REPLACE MACRO one() AS 1;\n"
            "CREATE OR REPLACE MACRO two() AS 2;\n",
            "exactly one CREATE OR REPLACE MACRO",
        ),
        ("-- one: 1.\n\nCREATE OR REPLACE MACRO two() AS 1;\n", "of another name, two"),
        ("-- a number\n\nCREATE OR REPLACE MACRO one() AS 1;\n", "begin with 'one: '"),
    ],
)
def test_a_file_of_another_form_is_refused(text: str, says: str) -> None:
    with pytest.raises(MacroFileError, match=r"one\.sql") as error:
        parse_macro("one", "parts", text)
    assert says in str(error.value)


def test_macros_come_after_those_they_call() -> None:
    def macro(name: str, body: str):  # type: ignore[no-untyped-def]
        return parse_macro(
            name, "", f"-- {name}: x.\n\nCREATE OR REPLACE MACRO {name}() AS {body};"
        )

    named = [macro("a", "b() + c() + a_b()"), macro("b", "c()"), macro("c", "1 -- a()")]
    assert [each.name for each in in_dependency_order(named)] == ["c", "b", "a"]
    with pytest.raises(MacroFileError, match="in a circle"):
        in_dependency_order([macro("a", "b()"), macro("b", "a()")])


def test_the_shipped_macros_are_read_once() -> None:
    assert load_macros() is load_macros()
    assert {macro.folder for macro in load_macros()} == {
        "carriers", "cohorts", "frequency", "parts", "quality", "samples", "strata", "structure",
        "summary", "variants",
    }  # fmt: skip
