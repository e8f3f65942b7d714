"""A change to a lake: visible whole or not at all, by one writer, on plain files."""

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from allelake.errors import LakeError, LockedError, QueryError
from allelake.warehouse import steps
from allelake.warehouse.assembly import assembly_from_fai
from allelake.warehouse.check.run import check_lake
from allelake.warehouse.commit import begin
from allelake.warehouse.lake import create_lake
from allelake.warehouse.lock import hold_lock
from allelake.warehouse.snapshots import (
    current_snapshot,
    files_for_readers,
    live_files,
    read_snapshot,
)
from allelake.warehouse.tables import load_tables
from unit.warehouse.building import (
    add_batch_row,
    add_people,
    commit_batch,
    new_lake,
    sites_file,
)


def ask(lake: Path, question: str) -> list[tuple]:
    connection = duckdb.connect(":memory:", config={"file_search_path": str(lake)})
    connection.execute(f"ATTACH '{lake}/catalog.duckdb' AS lake (READ_ONLY)")
    connection.execute("USE lake")
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def everything(lake: Path) -> dict[str, bytes]:
    return {
        path.relative_to(lake).as_posix(): path.read_bytes()
        for path in lake.rglob("*")
        if path.is_file() and path.name != "lake.lock"
    }


def define(transaction, cohort: str, predicate: str | None, sample_ids=None) -> None:
    row = {
        "cohort": cohort,
        "predicate": predicate,
        "sample_ids": sample_ids,
        "created_at": datetime(2026, 1, 1),
    }
    cohorts = transaction.tables["cohorts"]
    fresh = pa.Table.from_pylist([row], schema=cohorts.schema)
    transaction.tables["cohorts"] = pa.concat_tables([cohorts, fresh])


def test_the_first_snapshot_is_empty_and_has_the_cohort_all(lake):
    assert current_snapshot(lake).number == 1
    assert ask(lake, "SELECT cohort, predicate FROM cohorts") == [("all", "true")]
    assert ask(lake, "SELECT count(*) FROM sites") == [(0,)]


def test_a_commit_shows_its_files_and_people(lake):
    with begin(lake) as transaction:
        add_people(transaction, 1, 3)
        transaction.add([sites_file(transaction.staging, 1, [5, 9])])
        snapshot = transaction.commit("ingest", {"batch": 1})
    assert (snapshot.number, snapshot.parent, snapshot.operation) == (2, 1, "ingest")
    assert current_snapshot(lake) == snapshot
    assert ask(lake, "SELECT contig, position FROM sites ORDER BY 2") == [
        ("chr22", 5),
        ("chr22", 9),
    ]
    assert ask(lake, "SELECT count(*) FROM cohort_members WHERE cohort = 'all'") == [(3,)]


def test_a_transaction_left_without_a_commit_leaves_nothing(lake):
    before = everything(lake)
    with begin(lake) as transaction:
        add_people(transaction, 1, 3)
        transaction.add([sites_file(transaction.staging, 1, [5])])
    assert everything(lake) == before


def test_an_error_inside_a_transaction_leaves_nothing_and_is_not_swallowed(lake):
    before = everything(lake)
    with pytest.raises(RuntimeError, match="mine"), begin(lake) as transaction:
        sites_file(transaction.staging, 1, [5])
        raise RuntimeError("mine")
    assert everything(lake) == before


def test_committed_files_are_read_only_and_carry_their_digest_in_their_name(lake):
    commit_batch(lake, 1, people=4, variants=2)
    for file in files_for_readers(lake):
        path = lake / file.path
        assert stat.S_IMODE(path.stat().st_mode) == 0o444
        assert path.stem.endswith(file.sha256[:12])
    for name in ("catalog.duckdb", "lake.sql", "lake.toml", "snapshots/000002.json"):
        assert stat.S_IMODE((lake / name).stat().st_mode) == 0o444


def test_a_reader_keeps_the_snapshot_it_opened(lake):
    commit_batch(lake, 1, people=4, variants=2)
    reader = duckdb.connect(":memory:", config={"file_search_path": str(lake)})
    reader.execute(f"ATTACH '{lake}/catalog.duckdb' AS lake (READ_ONLY)")
    reader.execute("USE lake")
    assert reader.execute("SELECT count(*) FROM sites").fetchall() == [(4,)]
    commit_batch(lake, 2, people=4, variants=2)
    assert reader.execute("SELECT count(*) FROM sites").fetchall() == [(4,)]
    assert reader.execute("SELECT snapshot FROM lake_info").fetchall() == [(2,)]
    reader.close()
    assert ask(lake, "SELECT count(*), max(snapshot) FROM sites, lake_info") == [(8, 3)]


def test_a_second_writer_is_told_who_the_first_one_is(lake):
    held = (
        "import sys; from allelake.warehouse.lock import hold_lock; from pathlib import Path\n"
        "with hold_lock(Path(sys.argv[1])):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", held, lake], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(LockedError, match=f"pid {other.pid} on .*-c"), begin(lake):
            pass
        assert ask(lake, "SELECT count(*) FROM samples") == [(0,)]
        # A lock held by a dead process is free, whatever the file says.
        other.kill()
        other.wait()
        with begin(lake):
            pass
    finally:
        other.kill()
        other.communicate()


def test_a_second_writer_in_the_same_process_is_refused_too(lake):
    with hold_lock(lake), pytest.raises(LockedError, match=f"pid {os.getpid()}"), begin(lake):
        pass


def test_a_wal_beside_the_catalog_refuses_the_writer_and_says_so(lake):
    (lake / "catalog.duckdb.wal").touch()
    with pytest.raises(LakeError, match=r"catalog\.duckdb\.wal.*-readonly"), begin(lake):
        pass
    assert [f.where for f in check_lake(lake)] == ["catalog.duckdb.wal"]


def test_a_wal_that_appears_during_the_work_refuses_the_commit(lake):
    before = everything(lake)
    with pytest.raises(LakeError, match="wal"), begin(lake) as transaction:
        transaction.add([sites_file(transaction.staging, 1, [5])])
        (lake / "catalog.duckdb.wal").touch()
        transaction.commit("ingest", {})
    (lake / "catalog.duckdb.wal").unlink()
    assert everything(lake) == before


def test_a_cohort_by_predicate_follows_new_samples(lake):
    with begin(lake) as transaction:
        define(transaction, "men", "sex = 'XY'")
        transaction.commit("cohort", {})
    commit_batch(lake, 1, people=5, variants=1)
    assert ask(
        lake, "SELECT sample_number FROM cohort_members WHERE cohort = 'men' ORDER BY 1"
    ) == [
        (1,),
        (3,),
    ]
    commit_batch(lake, 2, people=5, variants=1)
    assert ask(
        lake, "SELECT sample_number, batch FROM cohort_members WHERE cohort = 'men' ORDER BY 1"
    ) == [(1, 1), (3, 1), (5, 2), (7, 2), (9, 2)]


def test_a_fixed_list_keeps_names_that_come_later(lake):
    with begin(lake) as transaction:
        define(transaction, "two", None, ["person6", "person1", "person1", "nobody"])
        transaction.commit("cohort", {})
    commit_batch(lake, 1, people=5, variants=1)
    members = "SELECT sample_number FROM cohort_members WHERE cohort = 'two' ORDER BY 1"
    assert ask(lake, members) == [(1,)]
    commit_batch(lake, 2, people=5, variants=1)
    assert ask(lake, members) == [(1,), (6,)]


def test_an_import_that_breaks_a_predicate_is_refused_and_names_the_cohort(lake):
    commit_batch(lake, 1, people=2, variants=1)
    with begin(lake) as transaction:
        samples = transaction.tables["samples"]
        transaction.tables["samples"] = samples.append_column("born", pa.array([1950, 1960]))
        define(transaction, "young", "born > 1955")
        transaction.commit("import", {})
    before = everything(lake)
    with (
        pytest.raises(QueryError, match=r"cohort 'young'.*born.*Nothing was changed"),
        begin(lake) as transaction,
    ):
        transaction.tables["samples"] = transaction.tables["samples"].drop_columns(["born"])
        transaction.commit("import", {})
    assert everything(lake) == before


def test_a_comment_at_a_predicate_s_end_swallows_nothing(lake):
    commit_batch(lake, 1, people=4, variants=1)
    with begin(lake) as transaction:
        define(transaction, "men", "sex = 'XY' -- half of them")
        transaction.commit("cohort", {})
    assert ask(lake, "SELECT count(*) FROM cohort_members WHERE cohort = 'men'") == [(2,)]


def test_a_predicate_cannot_read_files(lake):
    commit_batch(lake, 1, people=4, variants=1)
    with pytest.raises(QueryError, match="disabled"), begin(lake) as transaction:
        define(transaction, "spy", f"EXISTS (FROM read_text('{lake}/lake.toml'))")
        transaction.commit("cohort", {})


def test_imported_columns_become_columns_of_samples_and_attributes(lake):
    with begin(lake) as transaction:
        add_people(transaction, 1, 2)
        samples = transaction.tables["samples"]
        samples = samples.append_column("population", pa.array(["CHS", None]))
        samples = samples.append_column("born", pa.array([1950, 1960], pa.int64()))
        transaction.tables["samples"] = samples
        add_batch_row(transaction, 1, 2, 0)
        define(transaction, "young", "born > 1955")
        transaction.commit("import", {})
    assert ask(lake, "SELECT population, born FROM samples ORDER BY born") == [
        ("CHS", 1950),
        (None, 1960),
    ]
    assert ask(lake, "SELECT attribute FROM attributes ORDER BY 1") == [
        ("batch",),
        ("born",),
        ("population",),
        ("sex",),
    ]
    assert ask(lake, "SELECT value FROM sample_attributes WHERE attribute = 'born' ORDER BY 1") == [
        ("1950",),
        ("1960",),
    ]
    assert ask(lake, "SELECT sample_number FROM cohort_members WHERE cohort = 'young'") == [(1,)]
    assert [str(f) for f in check_lake(lake)] == []


def test_an_unchanged_small_table_keeps_its_file(lake):
    commit_batch(lake, 1, people=4, variants=1)
    before = {f.table: f.path for f in files_for_readers(lake)}
    with begin(lake) as transaction:
        define(transaction, "men", "sex = 'XY'")
        transaction.commit("cohort", {})
    after = {f.table: f.path for f in files_for_readers(lake)}
    assert after["samples"] == before["samples"]
    assert after["cohorts"] != before["cohorts"]


def test_a_table_that_returns_to_an_earlier_state_takes_the_same_file_again(lake):
    commit_batch(lake, 1, people=4, variants=1)
    before = {f.path for f in files_for_readers(lake)}
    with begin(lake) as transaction:
        was = transaction.tables["cohorts"]
        define(transaction, "men", "sex = 'XY'")
        transaction.commit("cohort", {})
    with begin(lake) as transaction:
        transaction.tables["cohorts"] = was
        transaction.commit("cohort", {})
    assert {f.path for f in files_for_readers(lake)} == before
    assert [str(f) for f in check_lake(lake)] == []


def test_every_snapshot_remembers_its_files_and_its_parent(lake):
    for batch in (1, 2):
        commit_batch(lake, batch, people=3, variants=1)
    first, second = read_snapshot(lake, 2), read_snapshot(lake, 3)
    assert second.parent_digest == first.digest
    paths = {f.path for f in live_files(lake, first) if f.table == "sites"}
    assert paths < {f.path for f in live_files(lake, second)}


def _full(*arguments: object, **named: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["rename", "link", "replace", "fsync"])
def test_a_full_disk_at_any_step_is_told_with_the_free_space_and_leaves_nothing(
    lake, monkeypatch, step
):
    commit_batch(lake, 1, people=4, variants=2)
    before = everything(lake)
    told = r"no space left.*bytes are free.*Nothing of this"
    with pytest.raises(LakeError, match=told), begin(lake) as transaction:
        transaction.add([sites_file(transaction.staging, 2, [5])])
        with monkeypatch.context() as patch:
            patch.setattr(os, step, _full)
            transaction.commit("ingest", {})
    assert everything(lake) == before
    assert [str(f) for f in check_lake(lake)] == []


def test_a_folder_without_write_permission_is_told(lake, monkeypatch):
    def refuse(*arguments: object, **named: object) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    before = everything(lake)
    told = r"no permission.*write permission"
    with pytest.raises(LakeError, match=told), begin(lake) as transaction:
        transaction.add([sites_file(transaction.staging, 2, [5])])
        with monkeypatch.context() as patch:
            patch.setattr(os, "rename", refuse)
            transaction.commit("ingest", {})
    assert everything(lake) == before


def test_a_lake_that_cannot_be_locked_for_want_of_permission_says_so(lake, monkeypatch):
    def refuse(*arguments: object, **named: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        told = "no permission while taking the writer's lock"
        with pytest.raises(LakeError, match=told), begin(lake):
            pass


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mount") is None, reason="a small disk needs a mount"
)
def test_a_truly_full_disk_leaves_the_lake_as_it_was(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        lake = new_lake(disk)
        commit_batch(lake, 1, people=4, variants=2)
        before = everything(lake)
        # Full before the lock's text, within a Parquet file, within the catalog.
        for left in (0, 20_000, 250_000, 400_000):
            free = shutil.disk_usage(disk).free
            (disk / "filler").write_bytes(b"x" * (free - left))
            with pytest.raises(LakeError, match=r"no space left.*bytes are free"):
                commit_batch(lake, 2, people=300, variants=10)
            (disk / "filler").unlink()
            assert everything(lake) == before, left
            assert ask(lake, "SELECT count(*) FROM samples") == [(4,)]
        commit_batch(lake, 2, people=4, variants=2)
        assert [str(f) for f in check_lake(lake)] == []
    finally:
        subprocess.run(["umount", disk], check=True)


def test_debris_of_an_interrupted_writer_is_removed_by_the_next(lake):
    commit_batch(lake, 1, people=4, variants=2)
    before = everything(lake)
    left = lake / "staging" / "0123"
    left.mkdir()
    (left / "half.parquet").write_bytes(b"PAR1")
    orphan = lake / "data" / "sites" / "contig=chr22" / "b000002-p0000-000000000000.parquet"
    orphan.write_bytes(b"PAR1")
    (lake / "snapshots" / "000003.json").write_text("{}")
    (lake / "manifests" / "000003-batch.json").write_text("{")
    assert {f.severity for f in check_lake(lake)} == {"info", "error"}
    with begin(lake):
        pass
    assert everything(lake) == before


def test_a_stale_lake_sql_is_mended_by_the_next_writer(lake, monkeypatch):
    commit_batch(lake, 1, people=4, variants=2)
    stale = (lake / "lake.sql").read_bytes()
    replaced = []

    def stop_at_the_second(source: Path, target: Path) -> None:
        replaced.append(target.name)
        if len(replaced) == 2:
            raise KeyboardInterrupt
        source.replace(target)

    with monkeypatch.context() as patch:
        patch.setattr(steps, "replace", stop_at_the_second)
        # The folder in staging outlives a kill; here the removal stands for it.
        patch.setattr(steps, "remove_folder", lambda folder: None)
        with pytest.raises(KeyboardInterrupt):
            commit_batch(lake, 2, people=4, variants=2)
    assert (lake / "lake.sql").read_bytes() == stale
    assert current_snapshot(lake).number == 3
    assert [f.severity for f in check_lake(lake) if f.where == "lake.sql"] == ["info"]
    with begin(lake):
        pass
    assert "at snapshot 3" in (lake / "lake.sql").read_text().splitlines()[0]
    assert [str(f) for f in check_lake(lake)] == []


def test_the_catalog_number_is_known_even_when_somebody_wrote_to_the_catalog(lake):
    commit_batch(lake, 1, people=4, variants=2)
    (lake / "catalog.duckdb").chmod(0o644)
    with duckdb.connect(str(lake / "catalog.duckdb")) as writer:
        writer.execute("CREATE TABLE mine (x INTEGER)")
    assert current_snapshot(lake).number == 2
    assert [f.where for f in check_lake(lake) if f.severity == "error"] == ["catalog.duckdb"]
    commit_batch(lake, 2, people=4, variants=2)
    assert [str(f) for f in check_lake(lake)] == []


def test_hostile_contig_names_do_not_leave_the_lake(tmp_path):
    names = ["HLA-A*01:01:01:01", "../../up", "a b'c\"d;--", "%41", "1", "é", "."]
    fai = tmp_path / "odd.fai"
    fai.write_text("".join(f"{name}\t1000\n" for name in names))
    lake = tmp_path / "odd.lake"
    create_lake(lake, assembly_from_fai(fai, None, "odd"))
    with begin(lake) as transaction:
        transaction.add(
            sites_file(transaction.staging, 1, [number + 1], contig=name)
            for number, name in enumerate(names)
        )
        transaction.commit("ingest", {})
    assert ask(lake, "SELECT contig FROM sites ORDER BY position") == [(name,) for name in names]
    for number, name in enumerate(names):
        quoted = name.replace("'", "''")
        assert ask(lake, f"SELECT position FROM sites WHERE contig = '{quoted}'") == [(number + 1,)]
    outside = {path.name for path in tmp_path.iterdir()}
    assert outside == {"odd.fai", "odd.lake"}
    folders = {path.name for path in (lake / "data" / "sites").iterdir()}
    assert all(set(name) <= set("=%_-") or name.replace("%", "").isascii() for name in folders)
    assert all("/" not in name and ".." not in name for name in folders)


def test_the_contig_column_is_in_the_file_too(lake):
    commit_batch(lake, 1, people=4, variants=2)
    file = next(f for f in files_for_readers(lake) if f.table == "calls")
    rows = pq.read_table(lake / file.path, partitioning=None)
    assert set(rows.column("contig").to_pylist()) == {file.contig}
    assert set(rows.column("tier").to_pylist()) == {file.tier}
    assert rows.schema.equals(load_tables()["calls"].arrow_schema())


def test_the_snapshot_file_is_json_that_people_can_read(lake):
    said = json.loads((lake / "snapshots" / "000001.json").read_text())
    assert said["operation"] == "init"
    assert said["parent"] is None
