"""Lakes against bcftools asked live: regions, some samples, files without a published truth."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

import allelake
import reference as ref
from truth.datasets import CHR22_2504, Dataset
from truth.real_lakes import RealLakes, frequency_table
from truth.truth_tables import Table, TruthCounts, differences, table_of

pytestmark = pytest.mark.skipif(not shutil.which("bcftools"), reason="no bcftools on PATH")

TAGS = ("AN", "AC", "AC_Het", "AC_Hom", "AC_Hemi")


def run(*command: str | Path, text: str | None = None) -> str:
    arguments = [*map(str, command)]
    return subprocess.run(arguments, input=text, capture_output=True, text=True, check=True).stdout


def bcftools_table(path: Path, assembly: str, *view: str) -> Table:
    """What bcftools counts in a file after `view` options, by trimmed key; `*` left out."""
    chosen = run("bcftools", "view", "-I", *view, "-", text=with_contig_lines(path))
    split = run("bcftools", "norm", "-m-any", "-", text=chosen)
    tagged = run("bcftools", "+fill-tags", "-", "--", "-t", ",".join(TAGS), text=split)
    return table_of(rows_of(tagged, assembly))


def with_contig_lines(path: Path) -> str:
    """The file's text with a line for every contig it uses: bcftools writes no others."""
    text = ref.text_of(path)
    if "##contig=" in text:
        return text
    used = dict.fromkeys(record.contig for record in ref.read_vcf(text).records)
    first, rest = text.split("\n", 1)
    return "\n".join([first, *(f"##contig=<ID={name}>" for name in used), rest])


def rows_of(text: str, assembly: str) -> Iterable[tuple[tuple[str, int, str, str], TruthCounts]]:
    for record in ref.read_vcf(text).records:
        if record.alts and ref.is_a_variant(record.alts[0]):
            contig = ref.lake_contig(assembly, record.contig)
            key = (contig, *ref.minimal_alleles(record.position, record.ref, record.alts[0]))
            an, ac, het, hom, hemi = (record.info_numbers(tag)[0] or 0 for tag in TAGS)
            yield key, TruthCounts(ac, an, hom // 2, het, hemi)


WITHOUT_TRUTH = (
    Dataset("chrM_3samples", ("sex_mt/chrM_3samples.vcf.gz",), "GRCh38", ""),
    Dataset("trio_par", ("sex_mt/trio_par.vcf.gz",), "GRCh38", ""),
    Dataset("by_chr.20-21", ("cohort/by_chr/chr20-21.vcf.gz",), "GRCh37", ""),
    Dataset("HG00096", ("cohort/single_sample/HG00096.vcf.gz",), "GRCh37", ""),
    Dataset("NA18537", ("cohort/single_sample/NA18537_chr21.vcf.gz",), "GRCh37", ""),
)


@pytest.mark.parametrize(
    "dataset",
    [*WITHOUT_TRUTH[:3], *(pytest.param(d, marks=pytest.mark.slow) for d in WITHOUT_TRUTH[3:])],
    ids=lambda d: d.name,
)
def test_a_file_without_published_truth(
    shared_data: Path, real_lakes: RealLakes, dataset: Dataset
) -> None:
    lake = real_lakes.of(dataset)
    live = bcftools_table(shared_data / dataset.files[0], dataset.assembly)
    assert differences(live, frequency_table(lake)) == []


def test_a_text_file_whose_last_line_has_no_end_is_taken_once_it_has_one(
    shared_data: Path, real_lakes: RealLakes, tmp_path: Path
) -> None:
    """Nothing tells a last line without newline from one that was cut."""
    source = shared_data / "sex_mt/haploid_X.vcf"
    lake = real_lakes.empty("haploid_X", "GRCh37")
    with pytest.raises(allelake.InputError, match="no newline at its end"):
        lake.ingest([source])
    repaired = tmp_path / "haploid_X.vcf"
    repaired.write_text(source.read_text() + "\n")
    lake.ingest([repaired])
    assert differences(bcftools_table(repaired, "GRCh37"), frequency_table(lake)) == []


@pytest.mark.parametrize(
    ("asked", "targets"),
    [
        ("22:16,060,000-16,080,000", "22:16060000-16080000"),
        ("chr22:16050075-16050075", "22:16050075"),
        ("NC_000022.10:16,060,000-16,061,000", "22:16060000-16061000"),
    ],
)
def test_a_region_of_chr22(
    shared_data: Path, real_lakes: RealLakes, asked: str, targets: str
) -> None:
    """bcftools -t chooses by position, as a region does here; -r would add what overlaps it."""
    lake = real_lakes.of(CHR22_2504)
    live = bcftools_table(shared_data / CHR22_2504.files[0], "GRCh37", "-t", targets)
    assert live
    assert differences(live, frequency_table(lake, f"'all', in_region := '{asked}'")) == []


def test_two_samples_of_chr22_in_two_regions(shared_data: Path, real_lakes: RealLakes) -> None:
    lake = real_lakes.of(CHR22_2504)
    lake.define_cohort("pair", samples=["HG00403", "NA12878"])
    targets = "22:16060000-16062000,22:16100000-16102000"
    live = bcftools_table(
        shared_data / CHR22_2504.files[0], "GRCh37", "-s", "HG00403,NA12878", "-t", targets
    )
    regions = str(targets.split(","))
    assert differences(live, frequency_table(lake, f"'pair', in_region := {regions}")) == []


def test_samples_split_over_two_batches_equal_the_one_file(
    shared_data: Path, real_lakes: RealLakes
) -> None:
    lake = real_lakes.empty("by_sample", "GRCh37")
    for part in ("s1s2", "s3s4"):
        lake.ingest([shared_data / f"cohort/by_chr/chr22.{part}.vcf.gz"])
    live = bcftools_table(shared_data / "cohort/by_chr/chr22.vcf.gz", "GRCh37")
    assert differences(live, frequency_table(lake)) == []


def test_regions_split_over_two_files_equal_the_one_file(
    shared_data: Path, real_lakes: RealLakes
) -> None:
    files = tuple(f"cohort/by_chr/chr22_1-{part}.vcf.gz" for part in (2, 1))
    lake = real_lakes.of(Dataset("by_chr.22", files, "GRCh37", ""))
    live = bcftools_table(shared_data / "cohort/by_chr/chr22.vcf.gz", "GRCh37")
    assert differences(live, frequency_table(lake)) == []
