"""Cohorts defined, replaced and dropped."""

from pathlib import Path

import pytest

import allelake
from allelake.errors import QueryError, UsageError
from allelake.ingest.people.import_people import import_people
from small_lakes import copy_of, lake_with_samples


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cohorts")
    people = folder / "people.tsv"
    people.write_text("sample_id\tsex\tpopulation\tage\ns1\tF\tnorth\t40\ns2\tM\tsouth\t20\n")
    path = lake_with_samples(folder / "a.lake", "s1", "s2")
    import_people(path, people)
    return path


@pytest.fixture
def lake(template: Path, tmp_path: Path) -> allelake.Lake:
    return allelake.open(copy_of(template, tmp_path))


@pytest.fixture(scope="module")
def untouched(template: Path) -> allelake.Lake:
    """For tests in which every change is refused."""
    return allelake.open(template)


def test_a_cohort_is_defined_listed_replaced_and_dropped(lake: allelake.Lake) -> None:
    before = lake.snapshot
    lake.define_cohort("north", where="population = 'north'")
    assert lake.snapshot == before + 1
    listed = {row["cohort"]: row["predicate"] for row in lake.cohorts()}
    assert listed == {"all": "true", "north": "population = 'north'"}
    lake.define_cohort("north", where="age > 30", replace=True)
    assert {row["predicate"] for row in lake.cohorts()} == {"true", "age > 30"}
    lake.drop_cohort("north")
    assert [row["cohort"] for row in lake.cohorts()] == ["all"]


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "-x", "é'", 'a"b', "a\nb", "x" * 101, "."])
def test_a_name_that_is_no_plain_word_is_refused(untouched: allelake.Lake, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be a cohort's name"):
        untouched.define_cohort(name, where="true")


@pytest.mark.parametrize("name", ["case-control_1.2+x", "北"])
def test_a_plain_word_of_any_script_is_a_name(lake: allelake.Lake, name: str) -> None:
    assert lake.define_cohort(name, where="sex = 'XX'").members == 1
    assert name in [row["cohort"] for row in lake.cohorts()]


def test_all_can_neither_be_defined_nor_dropped(untouched: allelake.Lake) -> None:
    with pytest.raises(UsageError, match="cohort of all samples"):
        untouched.define_cohort("ALL", where="true")
    with pytest.raises(UsageError, match="cannot be dropped"):
        untouched.drop_cohort("all")


def test_a_taken_name_needs_replace_and_a_twin_by_case_is_refused(lake: allelake.Lake) -> None:
    lake.define_cohort("north", where="true")
    with pytest.raises(UsageError, match="already"):
        lake.define_cohort("north", where="true")
    with pytest.raises(UsageError, match="by case alone"):
        lake.define_cohort("North", where="true", replace=True)


@pytest.mark.parametrize(
    ("predicate", "said"),
    [
        ("popluation = 'x'", "Did you mean 'population'"),
        ("population", "neither true nor false"),
        ("age + 1", "neither true nor false"),
        ("age > 'old'", "cannot be evaluated"),
        ("age in (select 1)", "subquery"),
    ],
)
def test_a_predicate_that_cannot_be_evaluated_is_refused_when_it_is_defined(
    untouched: allelake.Lake, predicate: str, said: str
) -> None:
    with pytest.raises(QueryError, match=said):
        untouched.define_cohort("x", where=predicate)


def test_names_that_are_not_in_the_lake_are_refused_unless_they_may_come_later(
    lake: allelake.Lake,
) -> None:
    with pytest.raises(QueryError, match="1 of 1 names are no samples of this lake: 's9'"):
        lake.define_cohort("listed", samples=["s9"])
    defined = lake.define_cohort("listed", samples=["s9", "s2", "s9"], allow_missing=True)
    assert defined.missing == ("s9",)
    assert defined.members == 1


def test_a_cohort_needs_a_predicate_or_a_list_and_not_both(untouched: allelake.Lake) -> None:
    for arguments in ({}, {"where": "true", "samples": ["s1"]}):
        with pytest.raises(UsageError, match="either"):
            untouched.define_cohort("x", **arguments)


def test_an_unknown_cohort_cannot_be_dropped_and_the_nearest_is_told(lake: allelake.Lake) -> None:
    lake.define_cohort("north", where="true")
    with pytest.raises(QueryError, match="Did you mean 'north'"):
        lake.drop_cohort("nroth")
