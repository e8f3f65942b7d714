"""A withdrawal or purge killed at any step: answers as before or after; the next completes it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from unit.warehouse.building import new_lake
from unit.warehouse.kill_commit import small_batch

SCRIPT = Path(__file__).with_name("kill_withdraw.py")
TESTS = Path(__file__).parents[2]
KILLED = 9

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["seen", "all"])
def outcomes(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kill")
    lake = new_lake(folder)
    small_batch(lake, 1)
    (folder / "scratch").mkdir()
    done = subprocess.run(
        [sys.executable, SCRIPT, lake, folder / "scratch", request.param],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, sys.path)])},
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line for line in said if "failed" in line] == []
    return said


def of(outcomes, scenario):
    return [line for line in outcomes if line["scenario"] == scenario]


def test_every_step_was_killed_before(outcomes):
    for scenario in ("withdraw", "purge"):
        lines = of(outcomes, scenario)
        assert {"rename", "replace", "unlink", "mkdir"} <= set(lines[0]["of"])
        seen = {step for step, name in enumerate(lines[0]["of"]) if name != "fsync"}
        assert seen < {line["step"] for line in lines}
        assert [line["status"] for line in lines] == [KILLED] * (len(lines) - 1) + [0]


def test_a_killed_withdrawal_happened_whole_or_not_at_all(outcomes):
    lines = of(outcomes, "withdraw")
    lines = [line for line in lines if "answers" in line]
    before, after = lines[0]["answers"], lines[-1]["answers"]
    assert (before[0], after[0]) == (60, 58)
    assert (before[2], after[2]) != (0, 0) and after[2] == 0
    for line in lines:
        is_committed = line["step"] > line["of"].index("replace")
        assert line["answers"] == (after if is_committed else before), line
        assert line["answers_after_next"] == after, line
        assert line["errors"] == [], line


def test_a_killed_purge_changes_no_answer_and_the_next_completes_it(outcomes):
    lines = [line for line in of(outcomes, "purge") if "answers" in line]
    assert len(lines) > 20
    after = of(outcomes, "withdraw")[-1]["answers"]
    for line in lines:
        assert line["answers"] == line["answers_after_next"] == after, line
        assert line["errors"] == line["findings"] == [], line
        assert line["traces"] == line["staging"] == [], line
        assert not line["left_to_purge"] and not line["unfinished"], line
