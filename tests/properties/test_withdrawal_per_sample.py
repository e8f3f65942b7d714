"""Withdrawals from a per-sample batch: as if the file had not been ingested."""

from pathlib import Path

import pytest

import allelake
from allelake.warehouse.snapshots import snapshot_numbers
from allelake.warehouse.withdrawal.purge import purge
from allelake.warehouse.withdrawal.withdraw import withdraw
from lakes import Row, asking
from withdrawal_search import search

HEADER = """\
##fileformat=VCFv4.2
##contig=<ID=chr22,length=50818468>
##ALT=<ID=NON_REF,Description="Any other">
##FILTER=<ID=PASS,Description="All filters passed">
##FILTER=<ID=low,Description="Low quality">
##INFO=<ID=END,Number=1,Type=Integer,Description="End">
##INFO=<ID=MQ,Number=1,Type=Float,Description="Mapping quality">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">
##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Least depth">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">
"""
PEOPLE = {
    # 1100 is shared, 1150 theirs alone; at 1200 only their record is PASS.
    "PERSON-NINE": [
        (1100, "A", "G", "0/1", "PASS"),
        (1150, "T", "C", "0/1", "PASS"),
        (1200, "C", "T", "1/1", "PASS"),
    ],
    "PERSON-TWO": [(1100, "A", "G", "0/1", "PASS"), (1400, "CA", "C", "0/1", "low")],
    "PERSON-SIX": [(1200, "C", "T", "0/1", "low"), (1500, "G", "A", "0/1", "PASS")],
}
GONE = "PERSON-NINE"
FACTS = "id, qual, info_mq, source_sample, dp_n, dp_sum, dp_histogram, gq_n, gq_sum, gq_histogram"
QUESTIONS = (
    "FROM allele_frequency('all')",
    "FROM allele_frequency('all', in_filter := 'pass')",
    "FROM allele_frequency('all', in_policy := 'raw_blocks')",
    "FROM allele_frequency('all', in_policy := 'adj@1')",
    "FROM genotype_counts('all')",
    "FROM call_rate('all')",
    "FROM carriers()",
    "FROM sample_summary('all')",
    "SELECT * EXCLUDE (sample_number) FROM samples",
    f"SELECT * EXCLUDE ({FACTS}) FROM sites",
    "SELECT sample_id, c.* EXCLUDE (sample_number) FROM calls c JOIN samples USING (sample_number)",
    "SELECT sample_id, c.* EXCLUDE (sample_number) "
    "FROM callable c JOIN samples USING (sample_number)",
    "SELECT batch, kind, samples, variants FROM batches",
)


def gvcf(folder: Path, name: str) -> Path:
    """A gVCF with blocks between the records."""
    lines, start = [], 1000
    for position, ref, alt, genotype, filters in PEOPLE[name]:
        lines.append(block(start, position - 1))
        lines.append(
            f"chr22\t{position}\trs{position}{name[7]}\t{ref}\t{alt},<NON_REF>\t50\t{filters}\t"
            f"MQ={position / 100}\tGT:GQ:DP:AD\t{genotype}:60:30:15,15,0"
        )
        start = position + len(ref)
    lines.append(block(start, start + 500))
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT"]
    text = HEADER + "\t".join([*columns, name]) + "\n" + "\n".join(lines) + "\n"
    path = folder / f"{name}.g.vcf"
    path.write_text(text)
    return path


def block(start: int, end: int) -> str:
    return f"chr22\t{start}\t.\tA\t<NON_REF>\t.\t.\tEND={end}\tGT:GQ:DP:MIN_DP\t0/0:50:30:20"


def made(folder: Path, *names: str) -> allelake.Lake:
    folder.mkdir()
    lake = allelake.init(folder / "a.lake", "GRCh38")
    lake.ingest([gvcf(folder, name) for name in names], allelake.IngestOptions(workers=1))
    return lake


def rows_of(lake: allelake.Lake) -> dict[str, list[str]]:
    ask = asking(lake)
    return {question: sorted(map(told, ask(question))) for question in QUESTIONS}


def told(row: Row) -> str:
    return str(sorted(row.items()))


@pytest.fixture
def lake(tmp_path: Path) -> allelake.Lake:
    return made(tmp_path / "whole", *PEOPLE)


def test_a_withdrawn_sample_s_file_might_never_have_been_ingested(
    lake: allelake.Lake, tmp_path: Path
) -> None:
    expected = rows_of(made(tmp_path / "left", *(name for name in PEOPLE if name != GONE)))
    assert rows_of(lake) != expected
    earlier = snapshot_numbers(lake.path)[-1]
    withdraw(lake.path, [GONE], "consent withdrawn")
    for step in ("withdrawn", "purged"):
        if step == "purged":
            assert search(lake.path, [GONE], [0])
            assert purge(lake.path) is not None
            assert search(lake.path, [GONE], [0]) == []
        for as_of in (None, earlier):
            with allelake.open(lake.path, as_of=as_of) as opened:
                found = rows_of(opened)
                for question, rows in expected.items():
                    if as_of is not None and step == "withdrawn" and "variants" in question:
                        continue
                    assert found[question] == rows, (step, as_of, question)
        assert lake.check() == [], step


def test_nothing_of_their_record_stays_where_others_have_the_variant(lake: allelake.Lake) -> None:
    facts = f"SELECT {FACTS} FROM sites WHERE position = 1100"
    before = asking(lake)(facts)
    assert before[0]["id"] == "rs1100N"
    withdraw(lake.path, [GONE], "consent withdrawn")
    lake.refresh()
    assert set(asking(lake)(facts)[0].values()) == {None}


def test_the_name_of_their_file_goes_and_its_digest_stays(lake: allelake.Lake) -> None:
    question = "SELECT unnest(inputs, recursive := true) FROM batches"
    before = {row["sha256"] for row in asking(lake)(question)}
    withdraw(lake.path, [GONE], "consent withdrawn")
    lake.refresh()
    after = asking(lake)(question)
    assert {row["sha256"] for row in after} == before
    assert sorted(row["name"] for row in after) == [
        "PERSON-SIX.g.vcf",
        "PERSON-TWO.g.vcf",
        "[redacted]",
    ]
