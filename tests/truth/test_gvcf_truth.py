"""25 gVCFs of chr22 against their published joint counts; zero-depth blocks; files of blocks."""

import csv
import gzip
from pathlib import Path
from typing import NamedTuple

import pytest

import allelake
import reference as ref
from lakes import asking
from reference import Variant
from truth.gvcfs import (
    ADJ,
    ANY,
    BLOCKS,
    PASS,
    PerSample,
    assert_equal,
    differences,
    frequencies,
    variant_text,
)


class Joint(NamedTuple):
    an: int
    ac: int
    heterozygotes: int
    homozygotes: int
    unknown_samples: int


def joint_truth(data: Path) -> dict[Variant, Joint]:
    """The published counts: a 0/0 block is reference whatever its depth."""
    with gzip.open(data / "truth/gvcf_1kg_chr22_25.snv.tsv.gz", "rt", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return {
        Variant(r["chrom"], int(r["pos"]), r["ref"], r["alt"], int(r["pos"]), None): Joint(
            int(r["an"]), int(r["ac"]), int(r["n_het"]), int(r["n_hom_alt"]), int(r["n_missing"])
        )
        for r in rows
    }


def joint_counts(row: ref.Frequency) -> Joint:
    return Joint(row.an, row.ac, row.heterozygotes, row.homozygotes, row.unknown_samples)


def zero_depth_at(texts: list[str], variants: dict[Variant, Joint]) -> dict[Variant, int]:
    """Samples whose line over each position is a 0/0 block with MIN_DP 0, read off the texts."""
    wanted = sorted(variant.position for variant in variants)
    found = dict.fromkeys(wanted, 0)
    for text in texts:
        for line in text.splitlines():
            columns = line.split("\t")
            if line.startswith("#") or columns[4] != "<NON_REF>":
                continue
            values = dict(zip(columns[8].split(":"), columns[9].split(":"), strict=True))
            if values["MIN_DP"] == "0":
                end = int(columns[7].removeprefix("END="))
                for position in wanted:
                    found[position] += int(columns[1]) <= position <= end
    return {variant: found[variant.position] for variant in variants}


def of_1kg(data: Path) -> PerSample:
    return PerSample(tuple(sorted((data / "gvcf/1kg_chr22").glob("*.g.vcf.gz"))), "GRCh38")


def test_the_reference_equals_the_published_joint_counts_under_raw_blocks(
    shared_data: Path,
) -> None:
    truth = joint_truth(shared_data)
    rows = ref.allele_frequency(of_1kg(shared_data).reference(), rules=BLOCKS)
    assert {v: joint_counts(rows[v]) for v in truth} == truth


def test_nearly_all_bases_in_blocks_of_the_25_have_no_read(shared_data: Path) -> None:
    bases = empty = 0
    for file in of_1kg(shared_data).files:
        for record in ref.read_vcf(variant_text(file)).records:
            if record.alts == ("<NON_REF>",):
                values = dict(zip(record.format, record.columns[0].split(":"), strict=True))
                size = (record.info_numbers("END")[0] or 0) - record.position + 1
                bases += size
                empty += size * ((values["GT"], values["MIN_DP"]) == ("0/0", "0"))
    assert (bases, empty) == (11_198_994, 10_914_931)


@pytest.fixture(scope="module")
def lake_of_25(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> allelake.Lake:
    return of_1kg(shared_data).lake(tmp_path_factory.mktemp("1kg") / "lake")


def test_25_gvcfs_equal_the_published_joint_counts_under_raw_blocks(
    shared_data: Path, lake_of_25: allelake.Lake
) -> None:
    truth = joint_truth(shared_data)
    rows = frequencies(lake_of_25, BLOCKS)
    assert {v: joint_counts(rows[v]) for v in truth} == truth


def test_under_raw_exactly_the_samples_whose_block_has_no_read_are_missing(
    shared_data: Path, lake_of_25: allelake.Lake
) -> None:
    truth = joint_truth(shared_data)
    texts = [variant_text(file) for file in of_1kg(shared_data).files]
    empty = zero_depth_at(texts, truth)
    assert sum(empty.values()) > 1_000
    rows = frequencies(lake_of_25)
    for variant, counts in truth.items():
        row, less = rows[variant], empty[variant]
        assert row.ac == counts.ac
        assert (row.an, row.unknown_samples) == (
            counts.an - 2 * less,
            counts.unknown_samples + less,
        )


def test_25_gvcfs_equal_the_reference_at_every_variant(
    shared_data: Path, lake_of_25: allelake.Lake
) -> None:
    """At indels, multi-allelic sites and inside deletions, too, which the published table omits."""
    assert_equal(lake_of_25, of_1kg(shared_data).reference(lake_of_25), (ANY, BLOCKS, ADJ, PASS))


@pytest.mark.slow
def test_25_gvcfs_one_by_one_equal_25_at_once(
    shared_data: Path, lake_of_25: allelake.Lake, tmp_path: Path
) -> None:
    files = PerSample(of_1kg(shared_data).files[::-1], "GRCh38")
    lake = files.lake(tmp_path / "lake", one_by_one=True)
    for rules in (ANY, BLOCKS, ADJ):
        assert differences(frequencies(lake_of_25, rules), frequencies(lake, rules)) == []
    assert lake.check() == []


# --- 70 files whose only ALT is <NON_REF>, most of them calling it --------------------------------


@pytest.mark.slow
def test_70_files_of_blocks_that_are_not_reference_have_no_variant_and_a_counted_warning(
    shared_data: Path, tmp_path: Path
) -> None:
    """13,646 records: 3,446 are reference blocks, 10,200 call an allele that has no name."""
    folder = shared_data / "cohort/synthetic_100"
    files = tuple(folder / f"G{number}.bcf" for number in range(1, 101))
    files = tuple(file for file in files if file.exists())
    assert len(files) == 70
    lake = PerSample(files, "GRCh37").lake(tmp_path / "lake")
    ask = asking(lake)
    assert ask("FROM allele_frequency('all')") == []
    assert len(ask("FROM samples")) == 70
    warnings = ask(
        "SELECT w.code, sum(w.count) AS n FROM batches, unnest(warnings) t(w) GROUP BY 1"
    )
    told = {row["code"]: row["n"] for row in warnings}
    assert told["block_not_reference"] == 10_200
    (row,) = ask("SELECT sum(records) AS n FROM batches")
    assert row["n"] == 13_646
    assert lake.check() == []


def test_the_reference_blocks_among_them_answer_for_a_variant_that_comes_later(
    shared_data: Path, tmp_path: Path
) -> None:
    """A later batch has an SNV inside blocks of G1: 0/0 is evidence, 1/1 of <NON_REF> none."""
    source = shared_data / "cohort/synthetic_100/G1.bcf"
    blocks = [
        (record, record.columns[0].split(":")[0])
        for record in ref.read_vcf(variant_text(source)).records
    ]
    reference = next(r for r, gt in blocks if gt == "0/0")
    other = next(r for r, gt in blocks if gt == "1/1")
    text = "##fileformat=VCFv4.2\n##contig=<ID=1,length=249250621>\n"
    text += '##FORMAT=<ID=GT,Number=1,Type=String,Description="GT">\n'
    text += "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tlater\n"
    for record in sorted((reference, other), key=lambda r: r.position):
        base = record.position + 1
        text += f"1\t{base}\t.\tA\tC\t.\t.\t.\tGT\t0/1\n"
    later = tmp_path / "later.vcf"
    later.write_text(text)
    lake = PerSample((source, later), "GRCh37").lake(tmp_path / "lake", one_by_one=True)
    rows = {v.position: row for v, row in frequencies(lake).items()}
    known, unknown = rows[reference.position + 1], rows[other.position + 1]
    assert (known.an_record, known.an_block, known.unknown_samples) == (2, 2, 0)
    assert (unknown.an_record, unknown.an_block, unknown.unknown_samples) == (2, 0, 1)
