"""What is taken with a warning lies in the lake as the warning says."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.options import IngestOptions
from allelake.ingest.part import run_part
from allelake.ingest.planning.plan import plan_ingest
from allelake.warehouse.assembly import Contig
from allelake.warehouse.info import LakeInfo
from malformed.verdicts import TABLES
from unit.ingest.inspect.vcf_bytes import head, record, write

LAKE = LakeInfo(Path("a.lake"), 1, "test", (Contig("chr1", 1_000_000, (), "autosome"),), ())
INFO = (
    "##contig=<ID=chr1,length=1000000>",
    '##FILTER=<ID=q10,Description="x">',
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="x">',
    '##INFO=<ID=SCORE,Number=A,Type=Float,Description="x">',
    '##INFO=<ID=DB,Number=0,Type=Flag,Description="x">',
    '##INFO=<ID=NOTE,Number=1,Type=String,Description="x">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="x">',
)


def sites(folder: Path, *records: str) -> list[Mapping[str, object]]:
    report = inspect_file(write(folder, head(lines=INFO) + "".join(records)))
    (batch,) = plan_ingest([report], LAKE, TABLES, IngestOptions()).batches
    files = run_part(batch.spec, batch.parts[0], folder).files
    (path,) = (file.path for file in files if file.table == "sites")
    rows: list[Mapping[str, object]] = pq.read_table(path, partitioning=None).to_pylist()
    return rows


@pytest.mark.parametrize(
    ("odd", "column", "value"),
    [
        (record(qual="nan"), "qual", None),
        (record(qual="-inf"), "qual", None),
        (record(qual="-2.5"), "qual", -2.5),
        (record(name=""), "id", None),
        (record(name=";rs1;;rs2"), "id", "rs1"),
        (record(name=";rs1;;rs2"), "other_ids", ["rs2"]),
        (record(filters="PASS;PASS"), "filters", []),
        (record(filters="PASS;q10"), "filters", ["PASS", "q10"]),
        (record(info=""), "info_dp", None),
        (record(info="DP"), "info_dp", None),
        (record(info="DP="), "info_dp", None),
        (record(info="DP=99999999999"), "info_dp", None),
        (record(info="NOTE"), "info_note", None),
        (record(info=";DP=3;"), "info_dp", 3),
        (record(info="SCORE=0.5,0.5"), "info_score", None),
        (record(ref="a", alt="c"), "alt", "C"),
        (record(ref="M", alt="A"), "ref", "M"),
        (record(alt="<DEL>", info="END=50"), "end_position", 100),
        (record(rest=("DP:GT", "3:0/1", "4:0/0")), "has_genotypes", True),
        (record(rest=("DP", "3", "4")), "has_genotypes", False),
    ],
)
def test_the_lake_has_what_the_warning_says(
    tmp_path: Path, odd: str, column: str, value: object
) -> None:
    (row,) = sites(tmp_path, odd)
    assert row[column] == value


@pytest.mark.parametrize("info", ["DP=3;DP=4", "DP=3.5", "DB=0", "DB=1"])
def test_a_field_whose_values_cannot_be_told_is_no_column(tmp_path: Path, info: str) -> None:
    (row,) = sites(tmp_path, record(info=info))
    assert f"info_{info[:2].lower()}" not in row


def test_what_is_no_variant_is_no_row(tmp_path: Path) -> None:
    rows = sites(
        tmp_path,
        record(position=10, alt="."),
        record(position=20, alt="G,<NON_REF>", rest=("GT", "0/2", "1/1")),
        record(position=30, alt="*"),
        "\n\n",
    )
    assert [(row["position"], row["alt"]) for row in rows] == [(20, "G")]
