"""Changes of every kind killed at any moment: the lake answers as before, or as after."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from unit.warehouse.kill_changes import SCENARIOS

SCRIPT = Path(__file__).with_name("kill_changes.py")
TESTS = Path(__file__).parents[2]
# An ingest's driver steps through a pool's threads: it is killed at random moments only.
IN_STEPS = [name for name in SCENARIOS if name != "ingest"]
EACH = 25


def killed(folder: Path, scenario: str, kills: int, how: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, SCRIPT, folder, scenario, str(kills), how],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, sys.path)])},
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-4_000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_before_or_after(lines: list[dict[str, object]], scenario: str) -> None:
    ends, *looked = lines
    before, after = ends["before"], ends["after"]
    if SCENARIOS[scenario].is_neutral:
        assert before["answers"] == after["answers"]
    for line in looked:
        assert "failed" not in line, line
        seen = {"snapshot": line["snapshot"], "answers": line["answers"]}
        assert seen in (before, after), line
        assert line["errors_when_killed"] == [], line
        assert line["orphans"] == [] and line["staging"] == [], line
        assert line["answers_after_again"] == after["answers"], line
        assert line["findings_after_again"] == [], line


@pytest.mark.parametrize(
    ("scenario", "how"),
    # Without the slow tests: every third step of one change.
    [("vacuum", "steps/3"), *(pytest.param(n, "steps", marks=pytest.mark.slow) for n in IN_STEPS)],
)
def test_killed_before_any_step_it_answers_as_before_or_after_and_the_next_run_completes(
    tmp_path: Path, scenario: str, how: str
) -> None:
    lines = killed(tmp_path, scenario, 0, how)
    assert len(lines) > 5
    assert_before_or_after(lines, scenario)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", list(SCENARIOS))
def test_killed_at_random_moments_it_answers_as_before_or_after(
    tmp_path: Path, scenario: str
) -> None:
    """Twenty-five of each change: more than a hundred kills."""
    lines = killed(tmp_path, scenario, EACH, "random")
    assert len(lines) == EACH + 1
    assert_before_or_after(lines, scenario)
