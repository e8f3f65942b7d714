"""Old snapshots go, the current one stays, and everybody is told."""

import json
from datetime import timedelta

import pytest

import allelake
from allelake.errors import LakeError, QueryError


def test_the_plan_tells_what_would_go_and_changes_nothing(run, own_lake) -> None:
    ended = run("vacuum", own_lake, "--grace", "0s", "--plan")
    assert ended.code == 0, ended.err
    assert "Would go: 3 snapshots" in ended.out
    assert "Nothing was changed" in ended.out
    assert allelake.open(own_lake, as_of=2).snapshot == 2


def test_snapshots_within_the_grace_stay(run, own_lake) -> None:
    assert "Gone: 0 snapshots, 0 manifests, 0 data files" in run("vacuum", own_lake).out
    assert allelake.open(own_lake, as_of=1).snapshot == 1


def test_the_newest_stay_and_answer_as_before(run, own_lake) -> None:
    before = run("frequency", own_lake, "--as-of", "3", "--format", "csv").out
    said = json.loads(
        run("vacuum", own_lake, "--keep", "2", "--grace", "0s", "--format", "json").out
    )
    assert (said["kept"], said["dropped"]) == ([3, 4], [1, 2])
    assert said["bytes_freed"] > 0
    assert run("frequency", own_lake, "--as-of", "3", "--format", "csv").out == before
    assert run("check", own_lake).out == "The lake is sound.\n"


def test_a_vacuumed_snapshot_is_told_as_such_by_number_and_by_date(run, own_lake) -> None:
    with allelake.open(own_lake) as lake:
        time = lake.history()[1].time
        lake.vacuum(grace=timedelta(0))
    for as_of in ("2", 2):
        with pytest.raises(QueryError, match=r"snapshot 2 of .* was vacuumed on .*oldest.* is .*4"):
            allelake.open(own_lake, as_of=as_of)
    assert run("frequency", own_lake, "--as-of", "2").code == 5
    listed = json.loads(run("snapshots", own_lake, "--format", "json").out)["snapshots"]
    assert [each["state"] for each in listed] == ["vacuumed"] * 3 + ["current"]
    assert listed[1]["time"] == time


def test_a_session_on_a_vacuumed_snapshot_is_told_at_its_next_question(own_lake, files) -> None:
    with allelake.open(own_lake, as_of=2) as old, allelake.open(own_lake) as lake:
        lake.import_samples(files.people)
        lake.vacuum(grace=timedelta(0))
        with pytest.raises(LakeError, match=r"vacuumed.*Open it again"):
            old.samples().to_dicts()
        with pytest.raises(QueryError, match="vacuumed"):
            old.refresh()


@pytest.mark.parametrize("grace", ["7", "d", "7 days", "-1d", ""])
def test_a_grace_that_is_no_time_is_refused(run, own_lake, grace) -> None:
    ended = run("vacuum", own_lake, f"--grace={grace}")
    assert ended.code == 2
    assert "is no time" in ended.err


def test_a_lake_that_is_none_is_told(run, tmp_path) -> None:
    assert run("vacuum", tmp_path).code == 3
    assert run("compact", tmp_path).code == 3
    assert run("snapshots", tmp_path).code == 3
