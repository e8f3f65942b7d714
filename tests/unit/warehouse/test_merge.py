"""Many small files become few at a commit, and no answer changes."""

import random

import duckdb
import pyarrow.parquet as pq
import pytest

from allelake.errors import LakeError
from allelake.warehouse.check.run import check_lake
from allelake.warehouse.commit import begin
from allelake.warehouse.snapshots import (
    StoredFile,
    current_snapshot,
    files_for_readers,
    live_files,
    read_snapshot,
)
from allelake.warehouse.upkeep import merge
from allelake.warehouse.upkeep.merge import MOST_LIVE_FILES, groups_to_merge, merge_files
from unit.warehouse.building import add_batch_row, site, sites_file, write_rows


def rows_of(lake, question="SELECT * FROM sites ORDER BY ALL"):
    connection = duckdb.connect(":memory:", config={"file_search_path": str(lake), "threads": 1})
    connection.execute(f"ATTACH '{lake}/catalog.duckdb' AS lake (READ_ONLY)")
    connection.execute("USE lake")
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def add_parts(lake, batch, parts, contig="chr22", further=None, **more):
    chance = random.Random(batch)
    with begin(lake) as transaction:
        files = []
        for part in range(parts):
            positions = sorted(chance.sample(range(1, 1_000_000), 3))
            files.append(
                sites_file(
                    transaction.staging, batch, positions, contig, further, part=part, **more
                )
            )
        transaction.add(files)
        add_batch_row(transaction, batch, 0, 3 * parts)
        transaction.commit("ingest", {"batch": batch})


def sites_files(lake):
    return [file for file in files_for_readers(lake) if file.table == "sites"]


def test_at_most_32_files_of_a_contig_live_and_the_rows_are_the_same(lake):
    add_parts(lake, 1, MOST_LIVE_FILES)
    assert len(sites_files(lake)) == 32
    expected = rows_of(lake)
    add_parts(lake, 2, 1)
    live = sites_files(lake)
    assert len(live) == 8
    assert rows_of(lake, "SELECT * FROM sites WHERE batch = 1 ORDER BY ALL") == expected
    assert len(rows_of(lake)) == 33 * 3
    assert [str(finding) for finding in check_lake(lake)] == []


def test_the_smallest_files_are_merged_and_the_large_ones_stay(lake):
    with begin(lake) as transaction:
        large = sites_file(transaction.staging, 1, range(1, 5000))
        transaction.add([large])
        transaction.commit("ingest", {})
    add_parts(lake, 2, MOST_LIVE_FILES)
    assert large.path.name in {file.path.rsplit("/", 1)[1] for file in sites_files(lake)}


def test_contigs_and_tables_are_counted_apart(lake):
    add_parts(lake, 1, MOST_LIVE_FILES)
    add_parts(lake, 2, MOST_LIVE_FILES, contig="chr21")
    assert len(sites_files(lake)) == 2 * MOST_LIVE_FILES


def test_differing_further_columns_are_united_and_keep_their_values(lake):
    add_parts(lake, 1, 15, further={"info_depth": "INTEGER"}, info_depth=7)
    add_parts(lake, 2, 15, further={"info_depth": "FLOAT", "info_x": "VARCHAR"}, info_x="x")
    question = "SELECT batch, position, info_depth, info_x FROM sites ORDER BY ALL"
    types = "SELECT DISTINCT typeof(info_depth), typeof(info_x) FROM sites"
    assert rows_of(lake, types) == [("DOUBLE", "VARCHAR")]
    before = rows_of(lake, question)
    add_parts(lake, 3, 10)
    assert len(sites_files(lake)) < 32
    after = rows_of(lake, question)
    assert [row for row in after if row[0] < 3] == before
    assert {row[2:] for row in after if row[0] == 1} == {(7.0, None)}
    assert {row[2:] for row in after if row[0] == 2} == {(None, "x")}
    assert {row[2:] for row in after if row[0] == 3} == {(None, None)}
    assert rows_of(lake, types) == [("DOUBLE", "VARCHAR")]


def test_the_merged_file_is_sorted_with_unknown_sv_lengths_last(lake):
    with begin(lake) as transaction:
        files = [
            write_rows(
                "sites",
                transaction.staging,
                [site(5, part, "<DEL>", sv_length=length)],
                batch=part,
                part=part,
            )
            for part, length in enumerate((None, -3, -2), start=1)
        ]
        transaction.add(files)
        transaction.commit("ingest", {})
    merged = merge_files(lake, sites_files(lake), lake, 0)
    rows = pq.read_table(merged.path, partitioning=None).to_pylist()
    assert [row["sv_length"] for row in rows] == [-3, -2, None]
    merged.path.unlink()


def test_many_tiny_batches_stay_bounded_and_old_snapshots_keep_their_files(lake):
    for batch in range(1, 8):
        add_parts(lake, batch, 20)
        assert len(sites_files(lake)) <= MOST_LIVE_FILES
    assert len(rows_of(lake)) == 7 * 20 * 3
    third = read_snapshot(lake, 3)
    assert sum(f.rows for f in live_files(lake, third) if f.table == "sites") == 2 * 20 * 3
    assert [str(finding) for finding in check_lake(lake)] == []


def test_manifests_of_which_nothing_lives_are_listed_no_more(lake, monkeypatch):
    monkeypatch.setattr(merge, "MOST_LIVE_FILES", 4)
    monkeypatch.setattr(merge, "_FILES_AFTER_MERGE", 1)
    for batch in range(1, 7):
        add_parts(lake, batch, 2)
    kinds = [ref.kind for ref in current_snapshot(lake).manifests]
    assert len(kinds) <= 4
    assert len(rows_of(lake)) == 6 * 2 * 3
    assert [str(finding) for finding in check_lake(lake)] == []


def test_replaced_files_stay_dead_when_what_replaced_them_is_replaced(lake, monkeypatch):
    """A rewrite of which nothing lives is still listed while a manifest names what it replaced."""
    monkeypatch.setattr(merge, "MOST_LIVE_FILES", 4)
    monkeypatch.setattr(merge, "_FILES_AFTER_MERGE", 1)
    for batch in range(1, 7):
        with begin(lake) as transaction:
            files = [
                sites_file(transaction.staging, batch, [part], part=part) for part in (1, 2, 3)
            ]
            # One file on a contig that is never crowded keeps each batch's manifest live.
            files.append(sites_file(transaction.staging, batch, [9], f"chr{batch}"))
            transaction.add(files)
            add_batch_row(transaction, batch, 0, 4)
            transaction.commit("ingest", {})
    assert rows_of(lake, "SELECT count(*) FROM sites") == [(6 * 4,)]
    assert sum("rewrite" in ref.kind for ref in current_snapshot(lake).manifests) > 1


def test_a_file_that_cannot_be_read_stops_the_commit_and_leaves_nothing(lake):
    add_parts(lake, 1, MOST_LIVE_FILES)
    broken = lake / sites_files(lake)[0].path
    content = broken.read_bytes()
    broken.chmod(0o644)
    broken.write_bytes(b"PAR1 and no more")
    with pytest.raises(LakeError, match="Nothing of this change is visible"):
        add_parts(lake, 2, 1)
    assert current_snapshot(lake).number == 2
    broken.write_bytes(content)
    add_parts(lake, 2, 1)
    assert [str(finding) for finding in check_lake(lake)] == []


def test_groups_are_chosen_by_table_tier_and_contig():
    def files(count, tier, size):
        return [
            StoredFile("calls", "chr1", tier, f"{tier}{n}", 1, size + n, "") for n in range(count)
        ]

    chosen = groups_to_merge([*files(33, "rare", 10), *files(32, "common", 10)])
    assert [{file.tier for file in group} for group in chosen] == [{"rare"}]
    assert [file.bytes for file in chosen[0]] == [10 + n for n in range(26)]
