"""The catalog: views and macros that any DuckDB opens, with their comments."""

import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from allelake.errors import LakeError
from allelake.warehouse.assembly import shipped_assembly
from allelake.warehouse.catalog.macros import load_macros
from allelake.warehouse.commit import begin
from allelake.warehouse.info import read_lake_info
from allelake.warehouse.snapshots import files_for_readers
from allelake.warehouse.tables import load_tables
from unit.warehouse.building import commit_batch, sites_file

COMMAND_LINE = Path(sys.executable).with_name("duckdb")
COMPUTED = {
    "rare_calls",
    "common_calls",
    "detailed_calls",
    "stored_calls",
    "contigs",
    "zones",
    "sample_attributes",
    "attributes",
    "policies",
    "lake_info",
    "frequencies",
}


@pytest.fixture
def ask(one_batch):
    connection = duckdb.connect(":memory:", config={"file_search_path": str(one_batch)})
    connection.execute(f"ATTACH '{one_batch}/catalog.duckdb' AS lake (READ_ONLY)")
    connection.execute("USE lake")
    yield lambda question: connection.execute(question).fetchall()
    connection.close()


def command_line(lake, *arguments):
    """The plain DuckDB command line, run inside the lake's folder."""
    done = subprocess.run(
        [COMMAND_LINE, *arguments], cwd=lake, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def csv(lake, question, *how):
    return command_line(lake, *how, "-csv", "-noheader", "-c", question).splitlines()


READ_ONLY = ("-readonly", "catalog.duckdb")
FROM_TEXT = ("-init", "lake.sql")


@pytest.mark.parametrize("how", [READ_ONLY, FROM_TEXT])
def test_a_plain_duckdb_command_line_reads_every_view(one_batch, how):
    views = csv(one_batch, "SELECT view_name FROM duckdb_views() WHERE NOT internal", *how)
    assert set(views) == load_tables().keys() | COMPUTED
    counts = [f"SELECT '{view}', count(*) FROM \"{view}\";" for view in views]
    counted = csv(one_batch, "".join(counts), *how)
    assert [line.split(",")[0] for line in counted] == views
    assert csv(one_batch, "SELECT contig, count(*) FROM sites GROUP BY 1 ORDER BY 1", *how) == [
        "chr22,8",
        "chrX,8",
    ]


@pytest.mark.parametrize("how", [READ_ONLY, FROM_TEXT])
def test_a_plain_duckdb_command_line_has_every_macro_with_its_help(one_batch, how):
    named = csv(
        one_batch,
        "SELECT DISTINCT function_name FROM duckdb_functions() "
        "WHERE NOT internal AND comment IS NOT NULL",
        *how,
    )
    assert {macro.name for macro in load_macros()} <= set(named)


@pytest.mark.parametrize("how", [READ_ONLY, FROM_TEXT])
def test_a_plain_duckdb_command_line_shows_what_tables_and_columns_mean(one_batch, how):
    meaning = "SELECT comment FROM duckdb_columns() WHERE table_name = 'sites' AND column_name = "
    assert csv(one_batch, meaning + "'position'", *how) == [
        '"1-based position of the first base of `ref`, after normalisation."'
    ]
    views = "SELECT count(*) FROM duckdb_views() WHERE NOT internal AND comment IS NULL"
    assert csv(one_batch, views, *how) == ["0"]


def test_lake_sql_says_which_snapshot_it_is_and_how_to_use_it(one_batch):
    header = (one_batch / "lake.sql").read_text().split("\n\n")[0]
    assert "snapshot 2" in header
    assert "duckdb -init lake.sql" in header


def test_the_folder_can_be_moved(one_batch, tmp_path):
    moved = tmp_path / "elsewhere" / "with space.lake"
    moved.parent.mkdir()
    one_batch.rename(moved)
    assert csv(moved, "SELECT count(*) FROM sites", *READ_ONLY) == ["16"]


def test_views_have_the_declared_columns_and_types(ask):
    for name, table in load_tables().items():
        described = ask(f"SELECT column_name, column_type FROM (DESCRIBE {name})")
        unquoted = [(column, of.replace('"', "")) for column, of in described]
        assert unquoted == list(table.column_types().items()), name


def test_an_empty_lake_has_the_same_columns_and_types(lake):
    described = csv(
        lake, "SELECT column_name, column_type FROM (DESCRIBE calls) LIMIT 3", *READ_ONLY
    )
    assert described == ["tier,VARCHAR", "contig,VARCHAR", "bin,INTEGER"]
    assert csv(lake, "SELECT count(*) FROM calls", *READ_ONLY) == ["0"]


def test_views_name_their_files_and_never_a_glob(one_batch):
    text = (one_batch / "lake.sql").read_text()
    named = re.findall(r"(?<=['\n])data/[^'\n]+", text)
    assert named
    assert all(re.fullmatch(r"data/[\w/=%-]+/b\d+-p\d+-[0-9a-f]{12}\.parquet", n) for n in named)


def test_zones_cover_every_base_of_every_contig_once(ask):
    assert ask("SELECT sum(end_position - start_position + 1)::BIGINT FROM zones") == ask(
        "SELECT sum(length_bp)::BIGINT FROM contigs"
    )
    assert (
        ask(
            "SELECT one.contig FROM zones AS one JOIN zones AS other "
            "ON one.contig = other.contig AND one.start_position < other.start_position "
            "AND one.end_position >= other.start_position"
        )
        == []
    )
    assert ask("SELECT zone, count(*) FROM zones GROUP BY 1 ORDER BY 1") == [
        ("autosome", 22),
        ("mt", 1),
        ("x", 3),
        ("x_par", 2),
        ("y", 3),
        ("y_par", 2),
    ]


def test_contigs_come_in_the_assembly_s_order_with_their_aliases(ask):
    assembly = shipped_assembly("GRCh38")
    rows = ask("SELECT contig, length_bp, aliases, kind FROM contigs ORDER BY contig_order")
    assert rows == [(c.name, c.length_bp, list(c.aliases), c.kind) for c in assembly.contigs]


def test_both_tiers_make_up_calls(ask):
    rare, common = ask(
        "SELECT (SELECT count(*) FROM rare_calls), (SELECT count(*) FROM common_calls)"
    )[0]
    assert rare > 0 and common > 0
    assert ask("SELECT count(*) FROM calls") == [(rare + common,)]
    assert ask("SELECT DISTINCT tier FROM rare_calls") == [("rare",)]


def test_lake_info_is_one_row(ask):
    assert ask("SELECT assembly, format_version, snapshot FROM lake_info") == [("GRCh38", 3, 2)]


def test_policies_are_those_of_this_format(ask):
    assert ask("SELECT policy FROM policies ORDER BY 1") == [("adj@1",), ("raw",), ("raw_blocks",)]


def test_every_sample_has_a_row_for_every_attribute(ask):
    assert ask(
        "SELECT attribute, count(*), count(value) FROM sample_attributes GROUP BY 1 ORDER BY 1"
    ) == [
        ("batch", 120, 120),
        ("sex", 120, 120),
    ]


def scanned_row_groups(lake, question):
    connection = duckdb.connect(":memory:", config={"file_search_path": str(lake), "threads": 1})
    connection.execute(f"ATTACH '{lake}/catalog.duckdb' AS lake (READ_ONLY)")
    connection.execute("USE lake")
    plan = connection.execute(f"EXPLAIN ANALYZE {question}").fetchall()[0][1]
    connection.close()
    found = re.findall(r"Row Groups Scanned: (\d+) / (\d+)", plan)
    return [(int(scanned), int(total)) for scanned, total in found]


def test_a_region_prunes_row_groups_also_where_files_have_differing_columns(lake):
    with begin(lake) as transaction:
        positions = range(1, 3_000_000, 15)
        transaction.add(
            [
                sites_file(transaction.staging, 1, positions),
                sites_file(
                    transaction.staging, 2, positions, further={"info_x": "VARCHAR"}, info_x="x"
                ),
            ]
        )
        transaction.commit("ingest", {})
    region = (
        "WITH asked AS MATERIALIZED (SELECT 'chr22' AS contig, 61 AS bin) "
        "SELECT count(*), count(info_x) FROM sites SEMI JOIN asked USING (contig, bin) "
        "WHERE position BETWEEN 1000000 AND 1000100"
    )
    scanned = scanned_row_groups(lake, region)
    assert scanned == [(1, 4), (1, 4)]
    contig = scanned_row_groups(lake, "SELECT max(position) FROM sites WHERE contig = 'chr21'")
    assert sum(scanned for scanned, _ in contig) == 0


def test_a_name_of_a_metadata_column_cannot_break_the_catalog(lake):
    name = 'it\'s "odd"; DROP'
    commit_batch(lake, 1, people=2, variants=1)
    with begin(lake) as transaction:
        samples = transaction.tables["samples"]
        transaction.tables["samples"] = samples.append_column(name, pa.array(["a", "b"]))
        transaction.commit("import", {})
    assert csv(lake, "SELECT attribute FROM attributes", *READ_ONLY)[-1] == '"it\'s ""odd""; DROP"'
    assert read_lake_info(lake).assembly == "GRCh38"


def test_a_further_column_keeps_its_comment_through_later_commits(lake):
    with begin(lake) as transaction:
        transaction.add(
            [sites_file(transaction.staging, 1, [5], further={"info_x": "VARCHAR"}, info_x="x")]
        )
        transaction.column_comments["sites"] = {"info_x": "What the header says of X"}
        transaction.commit("ingest", {})
    commit_batch(lake, 2, people=2, variants=1)
    comment = "SELECT comment FROM duckdb_columns() WHERE column_name = 'info_x'"
    assert csv(lake, comment, *READ_ONLY) == ["What the header says of X"]


def test_a_lake_without_samples_asked_alone_does_not_plan_for_them(one_batch):
    """Their counts take longer to plan than a small question takes to run."""
    statements = (one_batch / "lake.sql").read_text()
    assert "AS TABLE FROM no_per_sample_counts()" in statements
    assert "AS TABLE FROM no_joint_counts()" not in statements
    assert "MACRO is_plain_lake() AS true" in statements


def test_a_second_identifier_finds_its_variant_once_there_is_one(lake):
    commit_batch(lake, 1, people=2, variants=1)
    assert "AS TABLE FROM no_otherwise_named()" in (lake / "lake.sql").read_text()
    with begin(lake) as transaction:
        named = sites_file(transaction.staging, 1, [5], id="rs1", other_ids=["rs2", "rs3"])
        transaction.add([named])
        transaction.commit("ingest", {})
    assert csv(lake, "SELECT ids FROM variant('rs3')", *READ_ONLY) == ["rs1;rs2;rs3"]


def test_a_file_of_sites_that_is_gone_does_not_end_in_a_traceback(lake):
    commit_batch(lake, 1, people=2, variants=1)
    gone = next(file for file in files_for_readers(lake) if file.table == "sites")
    (lake / gone.path).unlink()
    with pytest.raises(LakeError) as error, begin(lake) as transaction:
        transaction.commit("test", {})
    assert Path(gone.path).name in str(error.value)


@pytest.mark.parametrize("absent", ["unknown", "regions", "reference"])
def test_a_lake_of_samples_asked_alone_plans_for_them_only(lake, absent):
    rows = load_tables()["batches"].arrow_schema()
    with begin(lake) as transaction:
        batch = {
            "batch": 1, "kind": "per_sample", "absent": absent, "profile": "generic",
            "is_normalised": "trimmed", "normaliser_version": 1, "has_adj": False, "contigs": [],
            "samples": 1, "records": 0, "variants": 0, "skipped_records": 0, "inputs": [],
            "warnings": [], "ingested_at": 0,
        }  # fmt: skip
        transaction.tables["batches"] = pa.Table.from_pylist([batch], schema=rows)
        transaction.commit("test", {})
    statements = (lake / "lake.sql").read_text()
    assert "AS TABLE FROM no_per_sample_counts()" not in statements
    assert "AS TABLE FROM no_joint_counts()" in statements
    assert ("AS TABLE FROM no_assumed_rows(in_rows)" in statements) is (absent == "unknown")
    assert 'MACRO "is_plain_lake"() AS false' in statements
