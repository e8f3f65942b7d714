"""Exports of real call sets against bcftools and plink2 on the files they were made of."""

import shutil
import subprocess
from pathlib import Path

import pytest

import allelake

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("bcftools") and shutil.which("plink2")), reason="needs bcftools, plink2"
    ),
]
# Call sets whose alleles are trimmed as written, so that bcftools splits them as allelake does.
FILES = (
    "cohort/1000g_chr22_dp_gq_2504.vcf.gz",
    "cohort/1000g_chr20_broad_2535.vcf.gz",
)


def run(*command: object) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=FILES)
def exported(
    request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The file with one ALT a line and a folder with the exports of its lake."""
    source = shared_data / request.param
    folder = tmp_path_factory.mktemp("exported")
    with allelake.init(folder / "lake", "GRCh37") as lake:
        lake.ingest([source], allelake.IngestOptions(duplicates="first"))
        for ending in ("vcf.gz", "bcf", "pgen", "bed"):
            lake.export(folder / f"out.{ending}")
    split = folder / "split.vcf.gz"
    run("bcftools", "norm", "-m", "-any", "-Oz", "-o", split, source)
    return split, folder


def genotypes(path: Path) -> list[str]:
    """Each line's place, alleles and genotypes, in order; the phase of 0|0 is not kept."""
    text = run("bcftools", "query", "-f", "%POS %REF %ALT[ %GT]\\n", path)
    return sorted(line.replace("0|0", "0/0") for line in text.splitlines() if "*" not in line)


@pytest.mark.parametrize("ending", ["vcf.gz", "bcf"])
def test_genotypes_are_those_of_bcftools_norm(exported, ending) -> None:
    split, folder = exported
    assert genotypes(folder / f"out.{ending}") == genotypes(split)


def test_plink2_makes_the_same_of_the_file(exported) -> None:
    split, folder = exported
    name = ("--set-all-var-ids", "@:#:$r:$a", "--new-id-max-allele-len", "500", "--sort-vars")
    run("plink2", "--vcf", split, *name, "--make-pgen", "--out", folder / "theirs")
    run("plink2", "--pfile", folder / "out", *name, "--make-pgen", "--out", folder / "ours")
    run("plink2", "--bfile", folder / "out", *name, "--make-pgen", "--out", folder / "one")
    for ours in ("ours", "one"):
        told = run(
            *("plink2", "--pfile", folder / "theirs", "--pgen-diff", folder / ours),
            *("--out", folder / "diff"),
        )
        lines = (folder / "ours.pvar").read_text().splitlines()
        variants = sum(not line.startswith("#") for line in lines)
        assert f"and {variants} variants compared, 0 differences" in told.replace("\n", " ")


def test_bcftools_annotates_with_exported_frequencies(shared_data, tmp_path) -> None:
    source = shared_data / FILES[0]
    with allelake.init(tmp_path / "lake", "GRCh37") as lake:
        lake.ingest([source], allelake.IngestOptions(duplicates="first"))
        lake.export_frequencies(tmp_path / "af.vcf.gz")
        frequency = {
            (row["position"], row["alt"]): row["ac"] for row in lake.allele_frequency().to_dicts()
        }
    split = tmp_path / "split.vcf.gz"
    run("bcftools", "norm", "-m", "-any", "-Oz", "-o", split, source)
    run("bcftools", "index", split)
    columns = "INFO/AC,INFO/faf95"
    text = run("bcftools", "annotate", "-a", tmp_path / "af.vcf.gz", "-c", columns, split)
    annotated = tmp_path / "annotated.vcf"
    annotated.write_text(text)
    rows = run("bcftools", "query", "-f", "%POS %ALT %INFO/AC\\n", annotated).splitlines()
    for position, alt, copies in (row.split() for row in rows):
        if alt != "*":
            assert frequency[int(position), alt] == int(copies)
