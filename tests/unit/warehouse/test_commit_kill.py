"""A writer killed at any step leaves the lake as before or as after, and the next one cleans up."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from unit.warehouse.building import new_lake
from unit.warehouse.kill_commit import LAST_STEPS, PEOPLE, STEPS, VARIANTS, small_batch

SCRIPT = Path(__file__).with_name("kill_commit.py")
TESTS = Path(__file__).parents[2]
KILLED = 9


def killed(folder: Path, which: str) -> list[dict[str, object]]:
    lake = new_lake(folder)
    small_batch(lake, 1)
    (folder / "scratch").mkdir()
    done = subprocess.run(
        [sys.executable, SCRIPT, lake, folder / "scratch", which],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, sys.path)])},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line for line in said if "failed" in line] == []
    return said


@pytest.fixture(
    scope="module",
    params=[pytest.param(which, marks=pytest.mark.slow) for which in ("seen", "all")],
)
def outcomes(request, tmp_path_factory):
    return killed(tmp_path_factory.mktemp("kill"), request.param)


def test_killed_before_any_of_its_last_steps_a_commit_happened_whole_or_not_at_all(tmp_path):
    lines = of(killed(tmp_path, "last"), "commit")
    assert [line["status"] for line in lines] == [KILLED] * LAST_STEPS + [0]
    commit = lines[0]["of"].index("replace")
    assert lines[0]["step"] < commit < lines[-2]["step"]
    assert_whole_or_not_at_all(lines)
    assert_cleaned_up(lines)


def of(outcomes, scenario):
    return [line for line in outcomes if line["scenario"] == scenario]


def test_a_commit_takes_every_kind_of_step_and_was_killed_before_each(outcomes):
    lines = of(outcomes, "commit")
    assert set(lines[0]["of"]) == set(STEPS)
    seen = {step for step, name in enumerate(lines[0]["of"]) if name != "fsync"}
    assert seen < {line["step"] for line in lines}
    assert [line["status"] for line in lines] == [KILLED] * (len(lines) - 1) + [0]


def test_after_a_kill_the_lake_answers_as_before_or_as_after_and_never_in_between(outcomes):
    lines = of(outcomes, "commit")
    assert len([line for line in lines if "snapshot" in line]) > 10
    assert_whole_or_not_at_all(lines)


def assert_whole_or_not_at_all(lines):
    before, after = [[1, VARIANTS]], [[1, VARIANTS], [2, VARIANTS]]
    for line in lines:
        if "snapshot" not in line:
            continue
        # The first replace is the catalog's: the commit. The second is lake.sql's.
        is_committed = line["step"] > line["of"].index("replace")
        assert line["snapshot"] == (3 if is_committed else 2), line
        assert line["sites"] == (after if is_committed else before), line
        assert line["people"] == (2 * PEOPLE if is_committed else PEOPLE), line


def test_a_kill_at_a_random_moment_leaves_one_of_two_answers(outcomes):
    lines = of(outcomes, "random")
    assert lines
    for line in lines:
        expected = {2: [[1, VARIANTS]], 3: [[1, VARIANTS], [2, VARIANTS]]}
        assert line["sites"] == expected[line["snapshot"]], line


def test_the_next_commit_succeeds_and_cleans_up_after_any_kill(outcomes):
    assert_cleaned_up(outcomes)


def assert_cleaned_up(lines):
    for line in lines:
        if "snapshot" not in line:
            continue
        assert line["next_snapshot"] == line["snapshot"] + 1, line
        assert line["sites_after_next"] == line["sites"], line
        assert line["orphans"] == [] and line["staging"] == [], line
        assert line["findings_after_next"] == [], line


def test_a_writer_killed_while_it_cleans_up_after_another_changes_nothing(outcomes):
    looked = [line for line in of(outcomes, "recovery") if "snapshot" in line]
    assert len(looked) > 5
    for line in looked:
        assert line["snapshot"] == 2, line
        assert line["sites"] == [[1, VARIANTS]], line
