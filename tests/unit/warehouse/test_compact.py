"""Compact and vacuum among others: locks, readers, a full disk, lost permission."""

import errno
import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from allelake.errors import LakeError, LockedError
from allelake.warehouse.check.run import check_lake
from allelake.warehouse.commit import begin
from allelake.warehouse.live import files_of_any
from allelake.warehouse.lock import hold_lock
from allelake.warehouse.snapshots import (
    current_snapshot,
    files_for_readers,
    live_files,
    read_manifest,
    read_snapshot,
)
from allelake.warehouse.upkeep.compact import compact, plan_compact
from allelake.warehouse.upkeep.merge import MOST_LIVE_FILES
from allelake.warehouse.upkeep.vacuum import plan_vacuum, vacuum
from unit.warehouse.building import (
    add_batch_row,
    add_people,
    commit_batch,
    new_lake,
    sites_file,
    write_rows,
)
from unit.warehouse.kill_changes import file_findings

NO_GRACE = timedelta(0)
COMMAND_LINE = Path(sys.executable).with_name("duckdb")


@pytest.fixture
def three(lake):
    for batch in (1, 2, 3):
        commit_batch(lake, batch, people=4, variants=2)
    return lake


def everything(lake):
    return {path.relative_to(lake) for path in lake.rglob("*") if path.is_file()}


def callable_file(folder, batch, contig):
    rows = [
        {
            "bin": 4681,
            "start_position": 100 + batch,
            "end_position": 900,
            "batch": batch,
            "sample_number": batch,
            "alleles": 2,
            "policies": 3,
            "basis": "block",
        }
    ]
    return write_rows("callable", folder, rows, batch=batch, contig=contig)


@pytest.mark.parametrize("change", [compact, lambda lake: vacuum(lake, 1, NO_GRACE)])
def test_who_holds_the_lock_is_told_to_compact_and_vacuum(three, change):
    with hold_lock(three), pytest.raises(LockedError, match=f"pid {os.getpid()}"):
        change(three)
    assert current_snapshot(three).number == 4


def test_a_plan_needs_no_lock_and_changes_nothing(three):
    before = everything(three)
    with hold_lock(three):
        assert plan_compact(three).files_after < plan_compact(three).files_before
        assert plan_vacuum(three, 1, NO_GRACE).dropped == (1, 2, 3)
    assert everything(three) == before


def test_after_compact_one_manifest_lists_all_data_files(three):
    compact(three)
    kinds = sorted(ref.kind for ref in current_snapshot(three).manifests)
    assert kinds == ["metadata", "rewrite"]
    assert [str(f) for f in check_lake(three)] == []


@pytest.mark.slow
def test_after_compact_and_vacuum_only_live_files_lie_in_the_lake(three):
    compact(three)
    done = vacuum(three, 1, NO_GRACE)
    data = {str(path) for path in everything(three) if path.parts[0] == "data"}
    assert data == {file.path for file in files_for_readers(three)}
    assert done.bytes_kept == sum(file.bytes for file in files_for_readers(three))
    assert len(list((three / "manifests").iterdir())) == 2
    assert [path.name for path in (three / "snapshots").glob("0*.json")] == ["000005.json"]
    assert [str(f) for f in check_lake(three)] == []
    commit_batch(three, 4, people=4, variants=2)
    assert [str(f) for f in check_lake(three)] == []


def test_a_file_that_only_a_kept_snapshot_needs_stays(three):
    old = {file.path for file in live_files(three, read_snapshot(three, 4))}
    compact(three)
    vacuum(three, 2, NO_GRACE)
    assert all((three / path).exists() for path in old)
    vacuum(three, 1, NO_GRACE)
    new = {file.path for file in files_for_readers(three)}
    assert {path for path in old if (three / path).exists()} == old & new


def test_files_of_any_snapshot_are_those_of_each_of_them(three):
    compact(three)
    commit_batch(three, 4, people=4, variants=2)
    snapshots = [read_snapshot(three, number) for number in range(1, 7)]
    manifests = {ref: read_manifest(three, ref) for s in snapshots for ref in s.manifests}
    for chosen in (snapshots, snapshots[:3], snapshots[4:], snapshots[3:5]):
        expected = {file.path for each in chosen for file in live_files(three, each)}
        assert set(files_of_any(manifests, chosen)) == expected


def test_the_age_of_a_snapshot_counts_from_the_commit_after_it(three, monkeypatch):
    """What was current until a minute ago may be open, though it is months old."""
    from datetime import UTC, datetime

    now = datetime.now(UTC) + timedelta(days=30)
    assert plan_vacuum(three, 1, timedelta(days=31), now).dropped == ()
    assert plan_vacuum(three, 1, timedelta(days=29), now).dropped == (1, 2, 3)


def test_callable_and_many_contigs_are_merged_at_a_commit_too(lake, monkeypatch):
    from allelake.warehouse.upkeep import merge

    monkeypatch.setattr(merge, "MOST_LIVE_FILES", 4)
    monkeypatch.setattr(merge, "_FILES_AFTER_MERGE", 2)
    contigs = [f"chr{number}" for number in (1, 2, 3, 10)]
    for batch in range(1, 11):
        with begin(lake) as transaction:
            add_people(transaction, batch, 1)
            for contig in contigs:
                transaction.add([callable_file(transaction.staging, batch, contig)])
                transaction.add([sites_file(transaction.staging, batch, [batch], contig)])
            add_batch_row(transaction, batch, 1, 4)
            transaction.commit("ingest", {"batch": batch})
    live = files_for_readers(lake)
    for table in ("callable", "sites"):
        for contig in contigs:
            group = [f for f in live if (f.table, f.contig) == (table, contig)]
            assert len(group) <= 4
            assert sum(file.rows for file in group) == 10
    assert MOST_LIVE_FILES == 32


def _refused(number: int):
    def refuse(*arguments: object, **named: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize("step", ["rename", "link", "replace", "fsync"])
@pytest.mark.parametrize(
    ("number", "told"), [(errno.ENOSPC, "no space left"), (errno.EACCES, "no permission")]
)
def test_a_full_disk_or_lost_permission_leaves_the_lake_as_it_was(
    three, monkeypatch, step, number, told
):
    before = everything(three)
    with monkeypatch.context() as patch:
        patch.setattr(os, step, _refused(number))
        with pytest.raises(LakeError, match=told):
            compact(three)
    assert everything(three) == before
    assert current_snapshot(three).number == 4
    assert compact(three).snapshot == 5


@pytest.mark.parametrize("step", ["unlink", "replace"])
def test_a_vacuum_without_permission_leaves_every_kept_snapshot_whole(three, monkeypatch, step):
    with monkeypatch.context() as patch:
        patch.setattr(os, step, _refused(errno.EACCES))
        with pytest.raises(LakeError, match="no permission"):
            vacuum(three, 1, NO_GRACE)
    assert [str(f) for f in check_lake(three) if f.severity == "error"] == []
    assert vacuum(three, 1, NO_GRACE).kept == (4,)
    assert [str(f) for f in check_lake(three)] == []


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mount") is None, reason="a small disk needs a mount"
)
def test_a_truly_full_disk_stops_compact_and_a_vacuum_makes_room(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        lake = new_lake(disk)
        for batch in (1, 2, 3):
            commit_batch(lake, batch, people=4, variants=2)
        before = everything(lake)
        for left in (0, 20_000, 250_000):
            (disk / "filler").write_bytes(b"x" * (shutil.disk_usage(disk).free - left))
            with pytest.raises(LakeError, match=r"no space left"):
                compact(lake)
            (disk / "filler").unlink()
            assert everything(lake) == before, left
        compact(lake)
        (disk / "filler").write_bytes(b"x" * (shutil.disk_usage(disk).free - 20_000))
        assert vacuum(lake, 1, NO_GRACE).bytes_freed > 20_000
        assert [str(f) for f in check_lake(lake)] == []
    finally:
        subprocess.run(["umount", disk], check=True)


READER = """
import json, subprocess, sys, time
from pathlib import Path
lake, how, command = sys.argv[1:]
sql = "SELECT (SELECT snapshot FROM lake_info), (SELECT count(*) FROM sites)"
sql += ", (SELECT count(*) FROM calls)"
def through_library():
    import allelake
    with allelake.open(lake) as opened:
        return list(opened.sql(sql).head(1)[0])
def through_duckdb():
    from duckdb import connect
    with connect(f"{lake}/catalog.duckdb", read_only=True) as connection:
        return list(connection.execute(sql).fetchone())
def through_command():
    done = subprocess.run([command, "-readonly", "-json", "catalog.duckdb", "-c", sql], cwd=lake,
                          capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return list(json.loads(done.stdout)[0].values())
import os
os.chdir(lake)
while not Path("done").exists():
    print(json.dumps(globals()["through_" + how]()), flush=True)
"""


@pytest.mark.parametrize(
    "how",
    [
        "library",
        pytest.param("duckdb", marks=pytest.mark.slow),
        pytest.param(
            "command",
            marks=[
                pytest.mark.slow,
                pytest.mark.skipif(not COMMAND_LINE.exists(), reason="needs duckdb"),
            ],
        ),
    ],
)
def test_readers_in_other_processes_see_one_snapshot_or_the_next(three, how):
    """Through ingests, compacts and vacuums, with nothing but the default grace."""
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, three, how, COMMAND_LINE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        expected = [[4, *counts(three)]]
        reader.stdout.readline()
        for batch in (4, 5):
            commit_batch(three, batch, people=4, variants=2)
            expected.append([current_snapshot(three).number, *counts(three)])
            compact(three)
            expected.append([current_snapshot(three).number, *counts(three)])
            vacuum(three)
    finally:
        (three / "done").touch()
        out, err = reader.communicate(timeout=60)
    assert reader.returncode == 0, err.decode()
    seen = [json.loads(line) for line in out.splitlines()]
    assert seen
    assert [each for each in seen if each not in expected] == []


def counts(lake):
    live = files_for_readers(lake)
    return [sum(f.rows for f in live if f.table == table) for table in ("sites", "calls")]


def test_live_manifests_stay_few_and_every_snapshot_keeps_its_files(lake, monkeypatch):
    """Files on ever other contigs are never merged, so that no manifest would end by itself."""
    from allelake.warehouse import commit, live

    monkeypatch.setattr(commit, "MOST_LIVE_MANIFESTS", 4)
    monkeypatch.setattr(live, "_MANIFESTS_AFTER_FOLD", 2)
    for batch in range(1, 9):
        with begin(lake) as transaction:
            for number in (batch, batch + 1):
                contig = f"chr{number}"
                transaction.add([sites_file(transaction.staging, batch, [batch], contig)])
            add_batch_row(transaction, batch, 0, 2)
            transaction.commit("ingest", {"batch": batch})
        refs = current_snapshot(lake).manifests
        assert sum(ref.kind != "metadata" for ref in refs) <= 4
    for number in range(2, 10):
        files = live_files(lake, read_snapshot(lake, number))
        assert sum(file.rows for file in files if file.table == "sites") == 2 * (number - 1)
    assert file_findings(lake, ("error", "info")) == []


def test_a_fold_carries_what_its_manifests_replaced(lake, monkeypatch):
    """Else a merged file's rows would come back beside those it was merged from."""
    from allelake.warehouse import commit, live
    from allelake.warehouse.upkeep import merge

    monkeypatch.setattr(commit, "MOST_LIVE_MANIFESTS", 3)
    monkeypatch.setattr(live, "_MANIFESTS_AFTER_FOLD", 2)
    monkeypatch.setattr(merge, "MOST_LIVE_FILES", 3)
    monkeypatch.setattr(merge, "_FILES_AFTER_MERGE", 1)
    for batch in range(1, 12):
        with begin(lake) as transaction:
            further = [
                sites_file(transaction.staging, batch, [n], f"chr{batch}")
                for n in range(1, batch + 1)
            ]
            transaction.add([sites_file(transaction.staging, batch, [batch]), *further[-2:]])
            add_batch_row(transaction, batch, 0, 1 + len(further[-2:]))
            transaction.commit("ingest", {"batch": batch})
        live_rows = sum(f.rows for f in files_for_readers(lake) if f.table == "sites")
        assert live_rows == sum(1 + min(each, 2) for each in range(1, batch + 1))
    assert file_findings(lake, ("error", "info")) == []
