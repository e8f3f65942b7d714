"""What the predicate of a cohort may hold."""

import pytest

from allelake.errors import QueryError
from allelake.warehouse.cohorts.predicate import check_predicate, predicate_columns

TAKEN = [
    "population = 'CHS' and sex = 'XX'",
    "age >= 40",
    "age between 40 and 60 or age is null",
    "not (population in ('CHS', 'CHB')) and population is not null",
    "population like 'C%' and population not like 'CE%' and name ilike '%x%'",
    "population ~ '^C'",
    "is_case",
    "true",
    "age + 1 > 2 * 3 - 4 / 2",
    "born::DATE > DATE '1980-01-01'",
    "lower(population) = 'chs'",
    "coalesce(age, 0) > 3",
    "starts_with(sample_id, 'HG')",
    "\"a column\" = 'it''s; select'",
    "年齢 > 3",
]

# The text, and what the refusal must name.
REFUSED = [
    ("", "empty"),
    ("   ", "empty"),
    ("sample_id in (select sample_id from samples)", "subquery"),
    ("exists (from samples)", "subquery"),
    ("age > (select 1)", "subquery"),
    ("age = any (select 1)", "subquery"),
    ("(select true)", "subquery"),
    ("read_text('/etc/passwd') = 'x'", "read_text"),
    ("READ_TEXT('/etc/passwd') = 'x'", "read_text"),
    ("getenv('HOME') = 'x'", "getenv"),
    ("'x'.getenv() = 'y'", "getenv"),
    ("main.lower(population) = 'x'", "lower"),
    ("nextval('s') > 1", "nextval"),
    ("random() > 0.5", "random"),
    ("count(*) > 1", "count_star"),
    ("sum(age) > 1", "sum"),
    ("max(age) filter (where true) > 1", "max"),
    ("lower(distinct population) = 'x'", "aggregate"),
    ("lower(population) filter (where true) = 'x'", "aggregate"),
    ("row_number() over () = 1", "window"),
    ("age = $1", "parameter"),
    ("age = ?", "parameter"),
    ("list_transform([1], lambda x: x) = [1]", "list_transform"),
    ("case when age > 1 then true end", "CASE"),
    ("*", "*"),
    ("#1 = 2", "positional"),
    ("samples.sex = 'XX'", "samples.sex"),
    ("age > 1, sex = 'XX'", "one expression"),
    ("age > 1 as old", "one expression"),
    ("age > 1 from samples", "one expression"),
    ("age > 1 limit 1", "one expression"),
    ("age > 1; drop table samples", "DROP"),
    ("age > 1; select 2", "one expression"),
    ("age > 1) or (1 = 1", "cannot be read"),
    ("age > 1 union select true", "one expression"),
    ("age >", "cannot be read"),
    ("age > 1 /*", ""),
]


@pytest.mark.parametrize("predicate", TAKEN)
def test_an_expression_over_samples_is_taken_as_it_is_written(predicate: str) -> None:
    assert check_predicate(predicate) == predicate


@pytest.mark.parametrize(("predicate", "named"), REFUSED, ids=[text for text, _ in REFUSED])
def test_anything_else_is_refused_and_named(predicate: str, named: str) -> None:
    with pytest.raises(QueryError) as refusal:
        check_predicate(predicate)
    assert named in str(refusal.value)


@pytest.mark.parametrize("predicate", ["age > 1 -- , sex", "age /* of consent */ > 1", "age > 1;"])
def test_a_comment_or_semicolon_does_not_reach_the_stored_predicate(predicate: str) -> None:
    """It would swallow the bracket behind it when the cohort is evaluated."""
    assert check_predicate(predicate).strip("()") == "age > 1"


def test_a_text_that_looks_like_a_comment_keeps_its_meaning() -> None:
    assert check_predicate("population = '--CHS'") == "(population = '--CHS')"


def test_the_columns_of_a_predicate_are_told_once_each_in_order() -> None:
    assert predicate_columns("b > 1 and (a = 2 or lower(c) = 'x') and b < 9") == ("b", "a", "c")
