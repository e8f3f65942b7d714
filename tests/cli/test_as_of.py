"""Every command that asks can ask an earlier snapshot."""

import json
from datetime import UTC, date, datetime

import pytest

import allelake
from allelake.errors import QueryError, UsageError

# The snapshots of the lake: 1 init, 2 ingest, 3 import of people, 4 the cohort north.
ASKING = [
    ("frequency",),
    ("carriers",),
    ("summary",),
    ("sql", "FROM lake_info"),
    ("samples", "list"),
    ("cohort", "list"),
    ("cohort", "show", "all"),
    ("files",),
]


def arguments_of(asking, lake):
    is_grouped = asking[0] in ("samples", "cohort")
    words = 2 if is_grouped else 1
    return [*asking[:words], lake, *asking[words:]]


@pytest.mark.parametrize("asking", ASKING, ids=" ".join)
def test_a_question_is_answered_from_the_snapshot_that_was_named(run, lake, asking) -> None:
    ended = run(*arguments_of(asking, lake), "--as-of", "2")
    assert ended.code == 0, ended.err
    assert "snapshot 2" in ended.out


def test_a_cohort_that_came_later_is_not_known_then(run, lake) -> None:
    assert run("frequency", lake, "--cohort", "north").code == 0
    ended = run("frequency", lake, "--cohort", "north", "--as-of", "3")
    assert ended.code == 5
    assert "north" in ended.err


def test_rows_are_those_of_then(run, lake) -> None:
    sql = "SELECT count(*) AS people, count(sex) AS sexes FROM samples"
    answers = {
        n: json.loads(run("sql", lake, sql, "--as-of", n, "--format", "json").out) for n in "123"
    }
    assert [answers[n]["rows"] for n in "123"] == [
        [{"people": 0, "sexes": 0}],
        [{"people": 6, "sexes": 0}],
        [{"people": 6, "sexes": 5}],
    ]
    assert answers["2"]["snapshot"] == 2


def test_the_current_snapshot_as_of_its_number_answers_as_ever(run, lake) -> None:
    asked = ("frequency", lake, "--format", "csv")
    assert run(*asked, "--as-of", "4").out == run(*asked).out


def test_a_date_is_the_end_of_that_day_and_a_moment_is_in_utc(lake) -> None:
    with allelake.open(lake) as opened:
        time = opened.sql("SELECT snapshot_time FROM lake_info").head(1)[0][0]
    assert allelake.open(lake, as_of=date(9999, 1, 1)).snapshot == 4
    assert allelake.open(lake, as_of=f"{time:%Y-%m-%d}").snapshot == 4
    assert allelake.open(lake, as_of=time.isoformat()).snapshot == 4
    assert allelake.open(lake, as_of=time.replace(tzinfo=UTC)).snapshot == 4


@pytest.mark.parametrize("moment", ["2020-01-01", "2020-01-01 10:00", datetime(2020, 1, 1)])
def test_before_the_first_snapshot_there_is_nothing_to_open(lake, moment) -> None:
    with pytest.raises(QueryError, match="was made after 2020-01-01"):
        allelake.open(lake, as_of=moment)


@pytest.mark.parametrize("number", [0, 5, "-1", "77"])
def test_an_unknown_number_is_told_with_those_that_there_are(lake, number) -> None:
    with pytest.raises(QueryError, match=f"has no snapshot {int(number)}; it has 1 to 4"):
        allelake.open(lake, as_of=number)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "4.5", ""])
def test_what_is_no_number_and_no_date_is_refused_with_examples(run, lake, text) -> None:
    ended = run("frequency", lake, "--as-of", text)
    assert ended.code == 2
    assert "is no snapshot's number and no date" in ended.err


def test_an_earlier_snapshot_cannot_be_changed(own_lake, files) -> None:
    with allelake.open(own_lake, as_of=3) as opened:
        changes = [
            lambda: opened.ingest([files.chr22]),
            lambda: opened.import_samples(files.people),
            lambda: opened.define_cohort("c", where="true"),
            lambda: opened.drop_cohort("north"),
        ]
        for change in changes:
            with pytest.raises(UsageError, match="opened as of 3"):
                change()
        assert opened.refresh() == 3
    assert allelake.open(own_lake).snapshot == 4


def test_a_connection_of_an_earlier_snapshot_is_on_that_one(lake) -> None:
    with allelake.open(lake, as_of=2) as opened:
        assert opened.connect().sql("SELECT snapshot FROM lake_info").fetchall() == [(2,)]


def test_an_earlier_snapshot_reads_its_files_and_no_others(lake) -> None:
    with allelake.open(lake, as_of=2) as opened, pytest.raises(QueryError):
        opened.sql("FROM read_text('lake.toml')")
    with allelake.open(lake, as_of=1) as opened:
        assert opened.allele_frequency().count() == 0


def test_a_purged_snapshot_says_when_it_was_redacted_and_today_does_not(run, own_lake) -> None:
    run("withdraw", own_lake, "s2", "--reason", "asked to", "--yes")
    asked = ("frequency", own_lake, "--as-of", "3")
    assert "redacted" not in run(*asked).out
    assert "redacted" not in json.loads(run(*asked, "-f", "json").out)
    assert run("purge", own_lake).code == 0
    with allelake.open(own_lake) as opened:
        time = [each.time for each in opened.history()][-1]
    first = run(*asked).out.splitlines()[0]
    assert f"snapshot 3, redacted {time[:10]}" in first
    assert json.loads(run(*asked, "-f", "json").out)["redacted"].startswith(time[:10])
    assert "redacted" not in run("frequency", own_lake).out
