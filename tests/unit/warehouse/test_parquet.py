"""TableWriter: a Parquet file of exactly the declared form, or none."""

import errno
import hashlib
import os
import random
import re

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from allelake.errors import LakeError
from allelake.warehouse import parquet
from allelake.warehouse.parquet import TableWriter, row_group_rows
from allelake.warehouse.tables import load_tables
from unit.warehouse.building import key, site, write_rows

SITES = load_tables()["sites"]


@pytest.fixture
def many(tmp_path):
    rows = [site(position, 1, id=f"rs{position}") for position in range(1, 70_001)]
    return write_rows("sites", tmp_path, rows, batch=12, part=3, contig="HLA-A*01:01")


def column(metadata, name):
    group = metadata.row_group(0)
    return next(
        group.column(n)
        for n in range(metadata.num_columns)
        if group.column(n).path_in_schema.split(".")[0] == name
    )


def test_the_file_carries_its_batch_part_and_digest_in_its_name(many):
    content = many.path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    assert many.path.name == f"b000012-p0003-{digest[:12]}.parquet"
    assert (many.sha256, many.bytes, many.rows) == (digest, len(content), 70_000)
    assert (many.first_position, many.last_position) == (1, 70_000)
    assert [path.name for path in many.path.parent.iterdir()] == [many.path.name]


def test_partition_columns_are_in_the_file(many):
    rows = pq.read_table(many.path, partitioning=None)
    assert rows.schema.equals(SITES.arrow_schema())
    assert rows.column("contig").unique().to_pylist() == ["HLA-A*01:01"]


def test_row_groups_are_of_the_size_that_prunes(many):
    metadata = pq.read_metadata(many.path)
    sizes = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
    assert sizes == [65_536, 4_464]
    assert row_group_rows("sites") == 65_536


def test_columns_are_encoded_as_declared(many):
    metadata = pq.read_metadata(many.path)
    assert "DELTA_BINARY_PACKED" in column(metadata, "position").encodings
    assert "RLE_DICTIONARY" in column(metadata, "ref").encodings
    assert "RLE_DICTIONARY" in column(metadata, "filters").encodings
    assert "RLE_DICTIONARY" not in column(metadata, "id").encodings
    assert {column(metadata, c.name).compression for c in SITES.columns} == {"ZSTD"}
    # Spark and others would believe Arrow's own schema over the Parquet one.
    assert metadata.metadata is None


def test_the_file_says_how_it_is_sorted(many):
    group = pq.read_metadata(many.path).row_group(0)
    names = [group.column(c.column_index).path_in_schema for c in group.sorting_columns]
    assert names == list(SITES.sort)
    assert not any(c.nulls_first or c.descending for c in group.sorting_columns)


def test_an_identifier_is_found_through_its_bloom_filter(many):
    found = duckdb.sql(
        f"SELECT count(*) FILTER (bloom_filter_excludes) "
        f"FROM parquet_bloom_probe('{many.path}', 'id', 'rs99999999')"
    ).fetchall()
    assert found == [(2,)]


def test_a_flipped_byte_in_a_page_is_seen_by_its_checksum(many):
    place = column(pq.read_metadata(many.path), "position")
    content = bytearray(many.path.read_bytes())
    content[place.data_page_offset + place.total_compressed_size - 2] ^= 1
    many.path.chmod(0o644)
    many.path.write_bytes(content)
    with pytest.raises(OSError, match="CRC"):
        pq.read_table(many.path, page_checksum_verification=True, partitioning=None)


def test_rows_come_in_any_pieces(tmp_path):
    rows = pa.Table.from_pylist(
        [site(position, 1) for position in range(1, 40_001)],
        schema=pa.schema([f for f in SITES.arrow_schema() if f.name != "contig"]),
    )
    pieces = TableWriter("sites", tmp_path, batch=1, part=0, contig="chr1")
    for start in range(0, 40_000, 7_777):
        pieces.write(rows.slice(start, 7_777).to_batches()[0])
    pieces.write(rows.slice(40_000))
    whole = TableWriter("sites", tmp_path, batch=1, part=0, contig="chr1")
    whole.write(rows)
    assert pieces.close().sha256 == whole.close().sha256


def test_a_column_in_another_integer_type_is_cast_and_never_wraps(tmp_path):
    rows = [{**site(5, 1), "record_alt_total": 40_000}]
    names = list(rows[0])
    given = pa.table({name: [rows[0][name]] for name in names if name != "sv_length"})
    given = given.append_column("sv_length", pa.nulls(1, pa.int32()))
    for name in SITES.arrow_schema().names:
        if name not in given.column_names and name != "contig":
            given = given.append_column(name, pa.nulls(1))
    writer = TableWriter("sites", tmp_path, batch=1, part=0, contig="chr1")
    with pytest.raises(pa.ArrowInvalid, match="40000"):
        writer.write(given)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ref": None}, "column ref may not be NULL"),
        ({"batch": None}, "column batch may not be NULL"),
    ],
)
def test_a_missing_value_where_none_may_be_is_refused(tmp_path, change, told):
    with pytest.raises(ValueError, match=told):
        write_rows("sites", tmp_path, [{**site(5, 1), **change}])
    assert list(tmp_path.iterdir()) == []


def test_rows_out_of_order_are_refused(tmp_path):
    with pytest.raises(ValueError, match="order of position"):
        write_rows("sites", tmp_path, [site(5, 1), site(4, 1)])
    assert list(tmp_path.iterdir()) == []


def test_pieces_out_of_order_are_refused(tmp_path):
    schema = pa.schema([f for f in SITES.arrow_schema() if f.name != "contig"])
    writer = TableWriter("sites", tmp_path, batch=1, part=0, contig="chr1")
    writer.write(pa.Table.from_pylist([site(5, 1)], schema=schema))
    with pytest.raises(ValueError, match="order of position"):
        writer.write(pa.Table.from_pylist([site(4, 1)], schema=schema))
    assert list(tmp_path.iterdir()) == []


def test_columns_that_are_not_declared_or_missing_are_refused(tmp_path):
    writer = TableWriter("sites", tmp_path, batch=1, part=0, contig="chr1")
    with pytest.raises(ValueError, match="info_x"):
        writer.write(pa.table({"info_x": [1]}))
    writer = TableWriter("sites", tmp_path, batch=1, part=0, contig="chr1")
    with pytest.raises(ValueError, match="column bin is missing"):
        writer.write(pa.table({"position": pa.array([1], pa.int32())}))
    assert list(tmp_path.iterdir()) == []


def test_an_aborted_writer_leaves_nothing(tmp_path):
    writer = TableWriter("sites", tmp_path, batch=1, part=0, contig="chr1")
    writer.abort()
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_rows_has_its_columns(tmp_path):
    staged = TableWriter(
        "samples", tmp_path, batch=0, part=0, further_columns={"a": "DATE"}
    ).close()
    assert staged.rows == 0
    rows = duckdb.sql(f"SELECT * FROM read_parquet('{staged.path}')")
    assert rows.columns[-1] == "a"


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_full_disk_leaves_nothing_and_is_told(tmp_path, monkeypatch, step):
    def full(*arguments: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    writer = TableWriter("sites", tmp_path, batch=1, part=0, contig="chr1")
    with monkeypatch.context() as patch:
        patch.setattr(parquet.os, step, full)
        with pytest.raises(LakeError, match=re.compile("no space left.*bytes are free")):
            writer.close()
    assert list(tmp_path.iterdir()) == []


def test_texts_that_come_as_codes_are_written_as_texts_are(tmp_path):
    """Whatever else the dictionaries hold, in which order, and how the rows come."""
    rng = random.Random(5)
    refs = [rng.choice("ACGT") * (1 + n % 3) for n in range(70_000)]
    rows = [site(n + 1, 1, ref=ref) for n, ref in enumerate(refs)]
    plain = pa.Table.from_pylist(rows, schema=SITES.arrow_schema()).drop_columns("contig")
    values = pa.array(["unused", *sorted(set(refs)), "not used either"])
    codes = pc.index_in(plain["ref"], values)
    place = plain.column_names.index("ref")
    coded = pa.chunked_array([pa.DictionaryArray.from_arrays(c, values) for c in codes.chunks])
    files = []
    for number, table in enumerate((plain, plain.set_column(place, "ref", coded))):
        folder = tmp_path / str(number)
        folder.mkdir()
        writer = TableWriter("sites", folder, batch=1, part=0, contig="chr1")
        for start in range(0, 70_000, 70_000 if number == 0 else 9_999):
            writer.write(table.slice(start, 70_000 if number == 0 else 9_999))
        files.append(writer.close())
    assert files[0].sha256 == files[1].sha256
    found = pq.read_table(files[1].path, partitioning=None)
    assert found.schema.equals(SITES.arrow_schema())
    assert found["ref"].to_pylist() == refs


def test_long_texts_that_never_repeat_come_back(tmp_path):
    """More than a dictionary page holds."""
    alts = [f"<{n}:{'x' * 300}>" for n in range(9_000)]
    rows = [site(n + 1, 1, alt=alt) for n, alt in enumerate(alts)]
    written = write_rows("sites", tmp_path, rows, contig="chr1")
    assert pq.read_table(written.path, partitioning=None)["alt"].to_pylist() == alts


def test_planes_and_tiers_are_written_as_declared(tmp_path):
    row = {**key(5), "batch": 1, "block": 0, "policy": "raw", "is_whole": False}
    row["alt1"] = b"\x80" + bytes(127)
    staged = write_rows("bits", tmp_path, [row], contig="chr1")
    answer = duckdb.sql(
        f"SELECT bit_count(alt1::BIT), get_bit(alt1::BIT, 0), alt2 FROM '{staged.path}'"
    ).fetchall()
    assert answer == [(1, 1, None)]
    assert (staged.contig, staged.tier) == ("chr1", None)
