"""A purge beside other writers: after a vacuum, after an interruption, after a replacement."""

import os
import signal
from functools import partial
from pathlib import Path

import pytest

import allelake
from allelake.errors import LakeError
from allelake.warehouse.check.run import check_lake
from allelake.warehouse.commit import begin
from allelake.warehouse.snapshots import current_snapshot
from allelake.warehouse.upkeep.debris import orphans
from allelake.warehouse.upkeep.vacuum import vacuum
from allelake.warehouse.withdrawal.purge import purge
from allelake.warehouse.withdrawal.remove import remove
from allelake.warehouse.withdrawal.withdraw import withdraw
from unit.warehouse.building import add_batch_row, commit_batch, new_lake, sites_file
from unit.warehouse.kill_commit import run
from withdrawal_search import search

GONE, NUMBER = "person57", 57


def killed_before_the_catalog(lake: Path) -> None:
    """A purge that redacted every snapshot and died before its commit."""
    original = os.replace

    def until_the_catalog(source: Path, target: Path) -> None:
        if Path(target).name == "catalog.duckdb":
            os.kill(os.getpid(), signal.SIGKILL)
        original(source, target)

    os.replace = until_the_catalog  # type: ignore[assignment]
    purge(lake)


@pytest.fixture
def interrupted(one_batch):
    withdraw(one_batch, [GONE], "consent withdrawn")
    assert run(partial(killed_before_the_catalog, one_batch)) == signal.SIGKILL
    assert current_snapshot(one_batch).redacted is not None
    return one_batch


def errors(lake):
    return [str(finding) for finding in check_lake(lake) if finding.severity == "error"]


@pytest.mark.slow
def test_another_commit_after_an_interrupted_purge_keeps_the_lake_sound(interrupted):
    assert errors(interrupted) == []
    with begin(interrupted) as transaction:
        transaction.add([sites_file(transaction.staging, 2, [9])])
        add_batch_row(transaction, 2, 0, 1)
        transaction.commit("ingest", {})
    assert errors(interrupted) == []
    assert purge(interrupted) is not None
    assert search(interrupted, [GONE], [NUMBER]) == []
    assert check_lake(interrupted) == []
    assert purge(interrupted) is None


def test_a_writer_that_gives_up_after_an_interrupted_purge_removes_nothing_that_is_read(
    interrupted,
):
    with begin(interrupted):
        pass
    assert errors(interrupted) == []


@pytest.mark.slow
def test_a_vacuum_waits_for_an_interrupted_purge(interrupted):
    with pytest.raises(LakeError, match="a purge was interrupted"):
        vacuum(interrupted)
    purge(interrupted)
    vacuum(interrupted)
    assert check_lake(interrupted) == []


def test_a_purge_after_a_vacuum_passes_over_files_that_are_gone(one_batch):
    withdraw(one_batch, [GONE], "consent withdrawn")
    vacuum(one_batch)
    assert purge(one_batch) is not None
    assert search(one_batch, [GONE], [NUMBER]) == []
    assert check_lake(one_batch) == []


def test_a_replaced_sample_is_purged_and_its_participant_s_name_stays(one_batch):
    with begin(one_batch) as transaction:
        remove(transaction, [NUMBER], kind="replaced")
        transaction.commit("replace", {})
    assert errors(one_batch) == []
    assert purge(one_batch) is not None
    assert search(one_batch, ["no-name-of-anybody"], [NUMBER]) == []
    assert check_lake(one_batch) == []


@pytest.mark.slow
def test_two_withdrawals_and_two_purges_leave_nothing_of_either(one_batch):
    for name, number in ((GONE, NUMBER), ("person31", 31)):
        withdraw(one_batch, [name], "consent withdrawn")
        assert purge(one_batch) is not None
        assert search(one_batch, [name], [number]) == []
    assert search(one_batch, [GONE, "person31"], [NUMBER, 31]) == []
    assert check_lake(one_batch) == []


def killed_at_snapshot(lake: Path, number: int) -> None:
    """A purge that redacted the snapshots before this one and died."""
    original = os.replace

    def until_the_snapshot(source: Path, target: Path) -> None:
        if Path(target).name == f"{number:06d}.json":
            os.kill(os.getpid(), signal.SIGKILL)
        original(source, target)

    os.replace = until_the_snapshot  # type: ignore[assignment]
    purge(lake)


@pytest.mark.parametrize("number", [4, pytest.param(3, marks=pytest.mark.slow)])
def test_a_purge_that_died_between_two_snapshots_is_completed_without_their_manifests_mixed_up(
    tmp_path, number
):
    """The second one numbers its files otherwise, so that a manifest of one name is another."""
    lake = new_lake(tmp_path)
    for batch in (1, 2, 3):
        commit_batch(lake, batch, people=60, variants=3, contigs=("chr22",))
    withdraw(lake, ["person3", "person65"], "a test")
    assert run(partial(killed_at_snapshot, lake, number)) == signal.SIGKILL
    assert errors(lake) == []
    assert purge(lake) is not None
    assert check_lake(lake) == []


def test_the_library_answers_while_a_purge_is_interrupted(interrupted):
    """The catalog reads the old files then, while the current snapshot names the new ones."""
    frequency = "SELECT * FROM allele_frequency('all') ORDER BY ALL"
    with allelake.open(interrupted) as opened:
        during = opened.sql(frequency).to_dicts()
        assert opened.samples().count() == 119
        assert opened.snapshot == current_snapshot(interrupted).number
        paths = [interrupted / file.path for file in opened.files()]
        assert all(path.exists() for path in paths)
        assert purge(interrupted) is not None
        # The files it reads are those that stay.
        assert opened.sql(frequency).to_dicts() == during
    with allelake.open(interrupted) as opened:
        assert opened.sql(frequency).to_dicts() == during


def killed_while_it_removes(lake: Path) -> None:
    """A purge that died after its commit, with the old files still there."""
    original, left = os.unlink, 3

    def until_some_are_gone(path: Path, **named: object) -> None:
        nonlocal left
        if "data" in Path(path).parts:
            left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        original(path, **named)

    os.unlink = until_some_are_gone  # type: ignore[assignment]
    purge(lake)


def test_any_writer_removes_what_a_purge_that_died_after_its_commit_left(one_batch):
    withdraw(one_batch, [GONE], "consent withdrawn")
    assert run(partial(killed_while_it_removes, one_batch)) == signal.SIGKILL
    number = current_snapshot(one_batch).number
    assert orphans(one_batch, number)
    with begin(one_batch):
        pass
    assert orphans(one_batch, number) == []
    assert search(one_batch, [GONE], [NUMBER]) == []
    assert purge(one_batch) is not None
    assert check_lake(one_batch) == []
