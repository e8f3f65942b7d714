"""What an import does to a lake."""

from pathlib import Path

import pytest

import allelake
from allelake.errors import InputError, QueryError
from allelake.ingest.people.import_people import import_people
from allelake.ingest.people.imported import ImportReport
from allelake.warehouse.cohorts.define import define_cohort


def imported(lake: Path, text: str, **options: bool) -> ImportReport:
    path = lake.parent / "people.tsv"
    path.write_text(text)
    return import_people(lake, path, **options)


def rows(lake: Path, sql: str) -> list[tuple[object, ...]]:
    with allelake.open(lake) as opened:
        return [tuple(row.values()) for row in opened.sql(sql)]


def test_samples_and_pedigree_get_what_the_file_says(lake: Path) -> None:
    report = imported(lake, "sample_id\tsex\tpopulation\tage\ns1\tF\tnorth\t41\nzz\tM\tsouth\t7\n")
    assert report.samples_matched == 1
    assert report.people_without_genotypes == ("zz",)
    assert report.genotypes_without_people == ("s2", "s3")
    assert rows(lake, "SELECT sample_id, sex, population, age FROM samples ORDER BY 1") == [
        ("s1", "XX", "north", 41),
        ("s2", None, None, None),
        ("s3", None, None, None),
    ]
    assert rows(lake, "SELECT participant_id, sex, population, age FROM pedigree ORDER BY 1") == [
        ("s1", "XX", "north", 41),
        ("zz", "XY", "south", 7),
    ]


def test_a_second_import_updates_adds_columns_and_keeps_the_absent(lake: Path) -> None:
    imported(lake, "sample_id\tsex\tage\ns1\tF\t41\ns2\tM\t30\n")
    report = imported(lake, "sample_id\tsex\tage\tsite\ns1\t0\t42\tHK\ns3\tM\t\tHK\n")
    assert report.changed_values == {"age": 1}
    assert report.added_columns == ("site",)
    # An empty or unknown value is no value: the sex of s1 stays.
    assert rows(lake, "SELECT sample_id, sex, age, site FROM samples ORDER BY 1") == [
        ("s1", "XX", 42, "HK"),
        ("s2", "XY", 30, None),
        ("s3", "XY", None, "HK"),
    ]


def test_importing_the_same_again_changes_nothing(lake: Path) -> None:
    text = "sample_id\tsex\tage\ns1\tF\t41\n"
    first = imported(lake, text)
    assert first.snapshot is not None
    assert imported(lake, text).snapshot is None
    with allelake.open(lake) as opened:
        assert opened.snapshot == first.snapshot


def test_a_plan_changes_nothing(lake: Path) -> None:
    report = imported(lake, "sample_id\tage\ns1\t41\n", plan_only=True)
    assert report.samples_matched == 1
    assert report.snapshot is None
    assert rows(lake, "SELECT count(*) FROM pedigree") == [(0,)]


def test_a_type_that_contradicts_the_lake_is_refused_with_both_shown(lake: Path) -> None:
    imported(lake, "sample_id\tage\ns1\t41\n")
    with pytest.raises(InputError, match=r"line 3: .*VARCHAR in this file.*BIGINT in the lake"):
        imported(lake, "sample_id\tage\ns1\t41\ns2\told\n")


def test_an_import_that_would_break_a_cohort_is_refused_and_names_it(lake: Path) -> None:
    imported(lake, "sample_id\tlabel\ns1\ta1\ns2\t\n")
    define_cohort(lake, "numbered", where="right(label, 1)::INTEGER > 0")
    with pytest.raises(QueryError, match="'numbered'"):
        imported(lake, "sample_id\tlabel\ns2\tab\n")
    assert rows(lake, "SELECT label FROM samples ORDER BY sample_id") == [("a1",), (None,), (None,)]


def test_several_samples_of_one_participant_share_what_is_known(lake: Path) -> None:
    text = "sample_id\tparticipant_id\tage\ns1\tp1\t41\ns2\tp1\t41\n\tp9\t5\nlate\tp8\t6\n"
    report = imported(lake, text)
    assert report.people_without_genotypes == ("p9", "p8")
    # Only a sample of the lake can be tied to its participant.
    assert report.notes == ("1 sample is not in the lake yet; import the file again when they are",)
    assert rows(lake, "SELECT sample_id, participant_id, age FROM samples ORDER BY 1") == [
        ("s1", "p1", 41),
        ("s2", "p1", 41),
        ("s3", "s3", None),
    ]
    # Later files may speak of the participant, or of one of the samples.
    imported(lake, "participant_id\tsite\np1\tHK\n")
    imported(lake, "sample_id\tcolour\ns2\tred\n")
    assert rows(lake, "SELECT sample_id, site, colour FROM samples ORDER BY 1") == [
        ("s1", "HK", "red"),
        ("s2", "HK", "red"),
        ("s3", None, None),
    ]
    with pytest.raises(InputError, match="differ in age"):
        imported(lake, "sample_id\tparticipant_id\tage\ns1\tp1\t41\ns2\tp1\t42\n")


def test_nobody_is_their_own_parent(lake: Path) -> None:
    with pytest.raises(InputError, match="'s1' is named as their own parent"):
        imported(lake, "sample_id\tfather\ns1\ts1\n")


def test_a_hostile_attribute_reaches_sql_as_a_name(lake: Path) -> None:
    imported(lake, "sample_id\tx\"; drop view samples --\ns1\t'; select 1 --\n")
    assert rows(lake, "SELECT x_drop_view_samples FROM samples WHERE sample_id = 's1'") == [
        ("'; select 1 --",)
    ]


def test_the_original_name_of_a_column_is_its_comment(lake: Path) -> None:
    imported(lake, "sample_id\tSecond Order\ns1\tx\n")
    define_cohort(lake, "ordered", where="second_order = 'x'")
    comment = "SELECT DISTINCT comment FROM duckdb_columns() WHERE column_name = 'second_order'"
    assert rows(lake, comment) == [("Imported from people.tsv, column 'Second Order'.",)]
