"""Every malformed and every awkward file: refused with a message, or taken with a reason.

`found` goes through them once, as an ingest does.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from malformed.table import PAGE, reason_for, reasons
from malformed.verdicts import Verdict, count_records, verdicts

MALFORMED_FILES = 190


@pytest.fixture(scope="module")
def found(shared_data: Path) -> list[Verdict]:
    return verdicts(shared_data)


def test_all_files_are_told_of(found: list[Verdict]) -> None:
    assert sum(one.file.startswith("malformed/") for one in found) == MALFORMED_FILES
    assert sum(one.file.startswith("awkward/") for one in found) > 200


def test_none_ends_in_another_exception(found: list[Verdict]) -> None:
    assert [one for one in found if one.step == "crashed"] == []


def test_a_refusal_says_what_was_found_and_what_to_do(found: list[Verdict]) -> None:
    for one in found:
        if one.is_refused:
            assert len(one.said) > 30, one
            assert "Traceback" not in one.said


def test_what_is_taken_or_refused_against_its_kind_has_a_reason(found: list[Verdict]) -> None:
    for one in found:
        is_malformed = one.file.startswith("malformed/")
        if is_malformed != one.is_refused:
            assert reason_for(one.file, is_refused=one.is_refused), one


def test_every_reason_is_of_some_file(found: list[Verdict]) -> None:
    for verdict, patterns in reasons().items():
        told = {
            reason_for(one.file, is_refused=one.is_refused)
            for one in found
            if one.is_refused is (verdict == "refused")
        }
        assert set(patterns.values()) <= told


def test_no_record_is_lost_unseen(found: list[Verdict], shared_data: Path) -> None:
    for one in found:
        if one.is_refused or one.kept is None:
            continue
        counted = count_records(shared_data / one.file)
        assert counted == one.records == one.kept + (one.skipped or 0), one.file


def test_the_manual_has_this_very_table(shared_data: Path, tmp_path: Path) -> None:
    """In a process of its own: htslib says some things once a process."""
    program, made = Path(__file__).with_name("table.py"), tmp_path / "page.md"
    subprocess.run([sys.executable, program, shared_data, made], check=True)
    assert PAGE.read_text() == made.read_text(), "run: python tests/malformed/table.py DATA"
