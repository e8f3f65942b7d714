"""Rows are sorted in every file, however the records are split over files and chunks."""

import random
import shutil
import subprocess
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from allelake.errors import InputError, LakeError
from allelake.ingest.part import run_part
from allelake.ingest.spec import Part, PartInput, PartSummary
from allelake.warehouse.tables import load_tables
from unit.ingest.part.random_vcf import random_records
from unit.ingest.part.running import HEADER, run, spec_for, vcf
from unit.ingest.part.staged import Staged, rows_of
from unit.ingest.part.test_every_genotype import assert_same

ADJ = {"has_adj": True, "has_dp": True, "has_gq": True}


def assert_sorted(summary: PartSummary) -> None:
    """As each table's declaration says; no sv_length comes after any."""
    for file in summary.files:
        rows = pq.read_table(file.path, partitioning=None).to_pylist()
        names = load_tables()[file.table].sort
        keys = [
            tuple((row[n] is None, row[n] or 0) if n == "sv_length" else row[n] for n in names)
            for row in rows
        ]
        assert keys == sorted(keys), file.table
        assert len(set(keys)) == len(keys), file.table


def test_a_trimmed_variant_comes_after_records_that_start_before_it(tmp_path: Path) -> None:
    """chr1:10 CCCA>CCCG is a change of base 13, and stands in the file before that of base 11."""
    records = [
        "chr1 10 . CCCA CCCG,C . . . GT 1/2",
        "chr1 11 . C T . . . GT 0/1",
        "chr1 13 . A C . . . GT 0/1",
        "chr1 13 . A <DEL> . . END=20 GT 0/1",
        "chr1 13 . A <DEL> . . END=20;SVLEN=-7 GT 0/1",
    ]
    for chunk_bytes in (1, 1 << 20):
        summary = run(tmp_path, vcf(["a"], records), spec_for(1), chunk_bytes=chunk_bytes)
        assert_sorted(summary)
        assert (summary.counts["trimmed"], summary.counts["split_records"]) == (1, 1)
        keys = [(key[1], key[3], key[5]) for key in Staged.of([summary]).sites]
        assert keys == [
            (10, "C", None), (11, "T", None), (13, "<DEL>", -7), (13, "<DEL>", None),
            (13, "C", None), (13, "G", None),
        ]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_any_split_into_files_gives_the_same_rows(tmp_path: Path, seed: int) -> None:
    """Each file has the samples in an order of its own; parts come one after another or as one."""
    rng = random.Random(seed)
    samples = [f"s{i}" for i in range(70)]
    records = random_records(rng, len(samples), 14)
    whole_folder, split_folder = tmp_path / "whole", tmp_path / "split"
    for folder in (whole_folder, split_folder):
        folder.mkdir()
    text = vcf(samples, records)
    spec = spec_for(len(samples), first_sample=1000, **ADJ)
    whole = run(whole_folder, text, spec)
    texts, columns = [], []
    for mine in _deal(rng, records, 3):
        order = rng.sample(range(len(samples)), len(samples))
        shuffled = [
            " ".join([*record.split(" ")[:9], *(record.split(" ")[9:][i] for i in order)])
            for record in mine
        ]
        texts.append(vcf([samples[i] for i in order], shuffled))
        columns.append(order)
    split = run(split_folder, texts, spec, columns=columns, chunk_bytes=rng.choice([1, 1 << 20]))
    assert_sorted(split)
    assert_same(Staged.of([split]), text, 1000, ("raw", "adj@1", "adj@1-haploid"))
    assert rows_of([split], "sites") == rows_of([whole], "sites")
    assert rows_of([split], "sample_counts") == rows_of([whole], "sample_counts")


def test_a_region_takes_the_records_that_begin_in_it(tmp_path: Path) -> None:
    """Parts of one file have each record once, also one that reaches over the border."""
    records = [f"chr1 {p} . {'A' * 5} G . . . GT 0/1" for p in (10, 20, 30, 40)]
    found = [
        [key[1] for key in Staged.of([run(tmp_path, vcf(["a"], records), spec_for(1),
                                          contig="chr1", start=start, end=end)]).sites]
        for start, end in ((1, 21), (22, 39), (40, None))
    ]  # fmt: skip
    assert found == [[10, 20], [30], [40]]


def test_files_with_contigs_in_different_orders_are_refused(tmp_path: Path) -> None:
    """They cannot be merged as they are read."""
    first = vcf(["a"], ["chr1 5 . A G . . . GT 0/1", "chrX 5 . A G . . . GT 0/1"])
    second = vcf(["a"], ["chrX 9 . A G . . . GT 0/1", "chr1 9 . A G . . . GT 0/1"])
    with pytest.raises(InputError, match=r"input1.vcf: chr1 comes in another order"):
        run(tmp_path, [first, second], spec_for(1))


def test_two_names_of_one_contig_are_merged_over_files(tmp_path: Path) -> None:
    """`1` in one file and `chr1` in the other are one contig of the lake."""
    header = HEADER.replace("chr1,", "1,")
    first = vcf(["a"], ["chr1 5 . A G . . . GT 0/1", "chr1 50 . A G . . . GT 0/1"])
    second = header + vcf(["a"], ["1 9 . A G . . . GT 0/1"]).removeprefix(HEADER)
    spec = spec_for(1, contig_names={"chr1": "chr1", "1": "chr1"})
    summary = run(tmp_path, [first, second], spec)
    assert [key[:2] for key in Staged.of([summary]).sites] == [("chr1", p) for p in (5, 9, 50)]
    assert summary.contigs == ("chr1",)


def test_two_names_of_one_contig_in_one_file_are_refused(tmp_path: Path) -> None:
    """Its records would lie in two places."""
    text = vcf(["a"], ["chr1 5 . A G . . . GT 0/1", "1 9 . A G . . . GT 0/1"])
    text = text.replace("##contig=<ID=chrX", "##contig=<ID=1,length=100000>\n##contig=<ID=chrX")
    with pytest.raises(InputError, match="records of 1 lie in two places"):
        run(tmp_path, text, spec_for(1, contig_names={"chr1": "chr1", "1": "chr1"}))


@pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed")
def test_a_bcf_gives_the_same_rows_as_its_text(tmp_path: Path) -> None:
    """With an index, by contig, and without."""
    rng = random.Random(11)
    samples = [f"s{i}" for i in range(60)]
    text = vcf(samples, random_records(rng, len(samples), 20))
    spec = spec_for(len(samples), **ADJ)
    whole = run(tmp_path, text, spec)
    bcf, columns = tmp_path / "same.bcf", tuple(range(len(samples)))
    subprocess.run(["bcftools", "view", "-Ob", "-o", bcf, tmp_path / "input0.vcf"], check=True)
    subprocess.run(["bcftools", "index", bcf], check=True)
    index = tmp_path / "same.bcf.csi"
    plain = PartInput(bcf, "bcf", None, columns)
    indexed = PartInput(bcf, "bcf", index, columns)
    cuts = [
        [Part(1, (plain,), None, None, None, 40)],
        [Part(1, (indexed,), "chr1", None, None, 20), Part(2, (indexed,), "chrX", None, None, 20)],
        [Part(1, (indexed,), "chr1", 1, 200, None), Part(2, (indexed,), "chr1", 201, None, None),
         Part(3, (plain,), "chrX", None, None, 20)],
    ]  # fmt: skip
    for place, parts in enumerate(cuts):
        staging = tmp_path / f"cut{place}"
        staging.mkdir()
        summaries = [run_part(spec, part, staging) for part in parts]
        for table in ("sites", "calls", "bits"):
            assert by_key(summaries, table) == by_key([whole], table), (place, table)


def by_key(summaries: list[PartSummary], table: str) -> list[str]:
    """Rows in an order that does not depend on the files; defaults may differ by part."""
    rows = rows_of(summaries, table)
    return sorted(str({k: v for k, v in row.items() if k != "default_count"}) for row in rows)


def test_a_part_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """The writing thread's failure comes out where the part was asked for."""
    (tmp_path / "input.vcf").write_text(vcf(["a"], ["chr1 5 . A G . . . GT 0/1"]))
    part = Part(1, (PartInput(tmp_path / "input.vcf", "vcf", None, (0,)),), None, None, None, 1)
    no_folder = tmp_path / "input.vcf" / "staging"
    with pytest.raises(LakeError, match="writing a Parquet file"):
        run_part(spec_for(1), part, no_folder)


def _deal(rng: random.Random, records: list[str], hands: int) -> list[list[str]]:
    dealt: list[list[str]] = [[] for _ in range(hands)]
    for record in records:
        rng.choice(dealt).append(record)
    return [hand for hand in dealt if hand]
