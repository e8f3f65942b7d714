"""check_lake: a sound lake has no finding; one flipped byte or one wrong number has."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from allelake.errors import LakeError
from allelake.warehouse.check.counts import load_checks
from allelake.warehouse.check.parquet_file import first_fault_in_order
from allelake.warehouse.check.run import check_lake
from allelake.warehouse.commit import begin
from allelake.warehouse.parquet import TableWriter
from allelake.warehouse.snapshots import files_for_readers, read_snapshot
from unit.warehouse.building import commit_batch


def errors(lake):
    return [finding for finding in check_lake(lake) if finding.severity == "error"]


def set_values(rows, where, **values):
    """The rows with these values in the rows that `where` picks."""
    for name, value in values.items():
        index = rows.schema.get_field_index(name)
        field = rows.schema.field(index)
        column = pc.if_else(where, pa.scalar(value, field.type), rows.column(name))
        rows = rows.set_column(index, field, column)
    return rows


def rewritten(lake, table, change, tier=None, contig="chr22"):
    """Changed rows in one file, committed in good form: only the numbers are wrong."""
    file = next(
        f for f in files_for_readers(lake) if (f.table, f.tier, f.contig) == (table, tier, contig)
    )
    rows = change(pq.read_table(lake / file.path, partitioning=None))
    with begin(lake) as transaction:
        writer = TableWriter(table, transaction.staging, batch=1, part=7, contig=contig, tier=tier)
        writer.write(rows)
        transaction.rewrite([writer.close()], [file.path])
        transaction.commit("tamper", {})


def first_row(rows):
    return pa.array([index == 0 for index in range(rows.num_rows)])


def whats(lake):
    return {finding.what for finding in check_lake(lake)}


def test_a_sound_lake_has_no_finding(one_batch):
    assert check_lake(one_batch) == []


def test_a_lake_of_many_batches_has_no_finding(one_batch):
    commit_batch(one_batch, 2, people=1000)
    commit_batch(one_batch, 3, people=1)
    assert [str(finding) for finding in check_lake(one_batch)] == []


def test_progress_ends_at_its_total(one_batch):
    steps = []
    check_lake(one_batch, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] == len(steps)


def test_something_that_is_no_lake_is_an_error_of_the_caller(tmp_path):
    with pytest.raises(LakeError, match="empty folder"):
        check_lake(tmp_path)


def test_one_flipped_byte_of_any_file_is_found(one_batch):
    """Every file of the lake in turn: data, snapshots, manifests, catalog, lake.sql, lake.toml."""
    files = [path for path in sorted(one_batch.rglob("*")) if path.is_file()]
    kinds = set()
    for path in files:
        content = path.read_bytes()
        if path.name == "lake.lock":
            assert content == b"", "the lock says who holds it, and nobody does"
            continue
        kinds.add(path.relative_to(one_batch).parts[0])
        path.chmod(0o644)
        for place in (0, len(content) // 3, len(content) - 1):
            damaged = bytearray(content)
            damaged[place] ^= 0x20
            path.write_bytes(damaged)
            found = errors(one_batch)
            name = path.relative_to(one_batch).as_posix()
            assert [f for f in found if name in f.where], (name, place)
        path.write_bytes(content)
    assert kinds == {
        "data",
        "snapshots",
        "manifests",
        "catalog.duckdb",
        "lake.sql",
        "lake.toml",
    }
    assert check_lake(one_batch) == []


def test_any_missing_file_is_found(one_batch):
    for path in sorted(path for path in one_batch.rglob("*") if path.is_file()):
        if path.name in ("lake.lock", "lake.toml"):
            continue
        content = path.read_bytes()
        path.unlink()
        name = path.relative_to(one_batch).as_posix()
        # Without its snapshot the catalog is that of no snapshot.
        where = "catalog.duckdb" if name == "snapshots/000002.json" else name
        assert [f for f in errors(one_batch) if where in f.where], name
        path.write_bytes(content)
    assert check_lake(one_batch) == []


def test_a_damaged_data_file_is_told_with_its_table_contig_column_and_positions(one_batch):
    file = next(f for f in files_for_readers(one_batch) if f.table == "sites")
    path = one_batch / file.path
    column = next(
        pq.read_metadata(path).row_group(0).column(n)
        for n in range(50)
        if pq.read_metadata(path).row_group(0).column(n).path_in_schema == "position"
    )
    content = bytearray(path.read_bytes())
    content[column.data_page_offset + column.total_compressed_size - 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    finding = next(f for f in errors(one_batch) if f.where.startswith(file.path))
    assert "table sites, contig chr22" in finding.where
    assert "column position of row group 0, positions 100,000 to 100,049" in finding.found


def test_a_file_of_an_older_snapshot_is_checked_too(one_batch):
    old = next(f for f in files_for_readers(one_batch) if f.table == "samples")
    commit_batch(one_batch, 2, people=2, variants=1)
    (one_batch / old.path).unlink()
    assert ["only snapshots before the current one" in f.what for f in errors(one_batch)] == [True]


def test_orphans_are_told_and_are_no_error(one_batch):
    (one_batch / "data" / "sites" / "contig=chr22" / "stray.parquet").touch()
    (one_batch / "notes.txt").touch()
    assert {(f.severity, f.where) for f in check_lake(one_batch)} == {
        ("info", "data/sites/contig=chr22/stray.parquet"),
        ("info", "notes.txt"),
    }


def test_snapshots_that_do_not_follow_each_other_are_found(one_batch):
    """A snapshot that was changed and given a digest that fits is told by the one after it."""
    changed = replace(read_snapshot(one_batch, 1), operation="undo")
    path = one_batch / "snapshots" / "000001.json"
    path.chmod(0o644)
    path.write_bytes(changed.to_bytes())
    assert [(f.where, f.what) for f in errors(one_batch)] == [
        ("snapshots/000002.json", "It does not follow snapshot 1.")
    ]


def test_a_snapshot_that_says_the_same_in_other_bytes_is_found(one_batch):
    path = one_batch / "snapshots" / "000001.json"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"\n")
    assert "snapshots/000001.json" in [f.where for f in errors(one_batch)]


def test_an_interrupted_commit_s_snapshot_is_told_and_is_no_error(one_batch):
    later = replace(read_snapshot(one_batch, 2), number=3, parent=2, digests={})
    (one_batch / "snapshots" / "000003.json").write_bytes(later.to_bytes())
    assert [(f.severity, f.where) for f in check_lake(one_batch)] == [
        ("info", "snapshots/000003.json")
    ]


# Samples 0 to 95.
TWELVE = b"\xff" * 12 + bytes(116)

TAMPERED = {
    "a carrier that is in calls and not in bits": (
        "calls",
        "common",
        lambda rows: rows.slice(1),
        "carriers_in_bits",
    ),
    "a copy more in calls than in bits": (
        "calls",
        "common",
        lambda rows: set_values(
            rows, pc.and_(first_row(rows), True), alt_count=1, called_count=1, ploidy=2
        ),
        "carriers_in_bits",
    ),
    "common calls without raw bits": (
        "bits",
        None,
        lambda rows: rows.filter(pc.equal(rows.column("policy"), "adj@1")),
        "block_in_both_tiers",
    ),
    "calls without a site": ("sites", None, lambda rows: rows.slice(1), "calls_without_site"),
    "bits without a site": ("sites", None, lambda rows: rows.slice(0, 1), "bits_without_site"),
    "a sample that nobody knows": (
        "calls",
        "rare",
        lambda rows: set_values(rows, _last_row(rows), sample_number=5000),
        "unknown_samples",
    ),
    "a batch that nobody knows": (
        "sites",
        None,
        lambda rows: set_values(rows, _last_row(rows), batch=9),
        "unknown_batches",
    ),
    "a bit outside the batch": (
        "bits",
        None,
        lambda rows: set_values(rows, first_row(rows), short1=b"\xff" * 128),
        "plane_form",
    ),
    "a plane of another length": (
        "bits",
        None,
        lambda rows: set_values(rows, first_row(rows), short1=b"\xff"),
        "plane_form",
    ),
    "a plane of zeros": (
        "bits",
        None,
        lambda rows: set_values(rows, first_row(rows), short1=bytes(128)),
        "plane_form",
    ),
    "two copies without one": (
        "bits",
        None,
        lambda rows: set_values(rows, first_row(rows), alt2=b"\xff" * 15 + bytes(113)),
        "plane_order",
    ),
    "two copies and an allele short": (
        "bits",
        None,
        lambda rows: set_values(
            rows, first_row(rows), alt1=TWELVE, alt2=TWELVE, short1=TWELVE, short2=None
        ),
        "plane_order",
    ),
    "a copy and both alleles short": (
        "bits",
        None,
        lambda rows: set_values(
            rows, first_row(rows), alt1=TWELVE, alt2=None, short1=TWELVE, short2=TWELVE
        ),
        "plane_order",
    ),
    "a missing genotype that sample_counts does not count": (
        "sample_counts",
        None,
        lambda rows: set_values(rows, first_row(rows), missing_genotypes=3),
        "sample_counts",
    ),
    "a sample that sample_counts lacks": (
        "sample_counts",
        None,
        lambda rows: rows.slice(1),
        "sample_counts",
    ),
    "a default that ploidy does not give": (
        "calls",
        "rare",
        lambda rows: set_values(rows, first_row(rows), default_count=1),
        "default_count",
    ),
    "a default genotype as a row": (
        "calls",
        "rare",
        lambda rows: set_values(
            rows,
            first_row(rows),
            alt_count=0,
            called_count=2,
            ploidy=2,
            passes_adj=True,
            passes_adj_haploid=True,
        ),
        "call_values",
    ),
    "a bin of another position": (
        "sites",
        None,
        lambda rows: set_values(rows, first_row(rows), bin=1),
        "site_values",
    ),
    "fewer variants than the batch counts": (
        "sites",
        None,
        lambda rows: rows.slice(1),
        "batch_counts",
    ),
}


def _last_row(rows):
    return pa.array([index == rows.num_rows - 1 for index in range(rows.num_rows)])


@pytest.mark.parametrize("fault", TAMPERED)
def test_tables_that_contradict_each_other_are_found(one_batch, fault):
    table, tier, change, check = TAMPERED[fault]
    rewritten(one_batch, table, change, tier)
    every = {c.name: c.what for c in (*load_checks(), *load_checks("whole_lake"))}
    assert every[check] in whats(one_batch)


def added(lake, table, change, tier=None, contig="chr22"):
    """The lake with one more file, of changed rows."""
    file = next(
        f for f in files_for_readers(lake) if (f.table, f.tier, f.contig) == (table, tier, contig)
    )
    rows = change(pq.read_table(lake / file.path, partitioning=None))
    with begin(lake) as transaction:
        writer = TableWriter(table, transaction.staging, batch=1, part=7, contig=contig, tier=tier)
        writer.write(rows)
        transaction.add([writer.close()])
        transaction.commit("tamper", {})


@pytest.mark.parametrize(
    ("table", "tier", "check"),
    [
        ("sites", None, "repeated_sites"),
        ("calls", "rare", "repeated_calls"),
        ("bits", None, "repeated_bits"),
    ],
)
def test_a_row_that_is_in_two_files_is_found(one_batch, table, tier, check):
    added(one_batch, table, lambda rows: rows.slice(0, 1), tier)
    every = {c.name: c.what for c in load_checks()}
    assert every[check] in whats(one_batch)


@pytest.mark.parametrize(("rows_in_block", "is_found"), [(51, False), (52, True)])
def test_a_rare_block_has_at_most_51_rows(one_batch, rows_in_block, is_found):
    def fill(rows):
        one = rows.slice(0, 1)
        many = pa.concat_tables([one] * rows_in_block)
        many = many.set_column(
            many.schema.get_field_index("sample_number"),
            many.schema.field("sample_number"),
            pa.array(range(rows_in_block), pa.int32()),
        )
        return set_values(many, pa.array([True] * rows_in_block), alt="T")

    added(one_batch, "calls", fill, "rare")
    every = {c.name: c.what for c in load_checks()}
    assert (every["rare_block_too_full"] in whats(one_batch)) == is_found


def test_haploid_intervals_that_overlap_are_found(one_batch):
    added(
        one_batch,
        "ploidy",
        lambda rows: set_values(rows, first_row(rows), start_position=2_800_000),
        contig="chrX",
    )
    every = {c.name: c.what for c in load_checks()}
    assert every["default_count"] in whats(one_batch)


def test_a_sample_s_name_used_twice_is_found(one_batch):
    with begin(one_batch) as transaction:
        samples = transaction.tables["samples"]
        transaction.tables["samples"] = set_values(
            samples, pc.equal(samples.column("sample_number"), 1), sample_id="person2"
        )
        transaction.commit("tamper", {})
    every = {c.name: c.what for c in load_checks("whole_lake")}
    assert every["sample_numbers"] in whats(one_batch)


def test_a_finding_names_the_variant(one_batch):
    rewritten(one_batch, "calls", lambda rows: rows.slice(1), "common")
    finding = next(f for f in errors(one_batch) if "planes of bits" in f.what)
    assert finding.where.startswith("chr22:100007 A>G")
    assert "policy adj@1, batch 1, block 0" in finding.found or "policy raw" in finding.found


def test_a_cohort_whose_members_are_not_its_definition_s_is_found(one_batch):
    with begin(one_batch) as transaction:
        transaction.tables["cohorts"] = set_values(
            transaction.tables["cohorts"], pa.array([True]), predicate="sex = 'XX'"
        )
        transaction.commit("cohort", {})
    assert [f.where for f in errors(one_batch)] == ["cohort_members"] * 3


def test_rows_out_of_order_are_found_at_their_place():
    keys = pa.table({"position": [1, 1, 2, 2], "alt": ["A", "C", "C", "A"]})
    assert first_fault_in_order(keys) == 3
    assert first_fault_in_order(keys.slice(0, 3)) is None


def test_repeated_rows_are_no_order():
    assert first_fault_in_order(pa.table({"position": [1, 2, 2]})) == 2


def test_null_is_greater_than_any_value():
    assert first_fault_in_order(pa.table({"sv_length": [-5, 3, None]})) is None
    assert first_fault_in_order(pa.table({"sv_length": [None, 3]})) == 1


def test_every_check_says_what_is_wrong_in_its_first_line():
    for check in (*load_checks(), *load_checks("whole_lake")):
        assert check.what.endswith(".") and check.what[0].isupper(), check.name
