"""Pruned sites, kinship and components of real files, as plink2 has them from the same files."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import allelake
from allelake.structure.sites import SiteRules
from allelake.structure.stored import opened
from truth.datasets import ALL_CHR_1126, CHR1_3202, Dataset
from truth.real_lakes import RealLakes

pytestmark = [
    pytest.mark.skipif(not shutil.which("plink2"), reason="no plink2 on PATH"),
    pytest.mark.slow,
]

# Files of the 1000 Genomes have hardly any sites in common; so many are left at these thresholds.
RULES = {"min_maf": 0.01, "max_missing": 0.1}


@dataclass(frozen=True)
class Compared:
    """A lake of its own, and the same sites of the same files as plink2's, under this path."""

    lake: allelake.Lake
    pfile: Path
    # Least kinship: of few sites chance makes relatives of many.
    least: float

    def plink2(self, *options: str) -> Path:
        """Runs plink2 on the sites; the path its files begin with."""
        out = self.pfile.with_name("out")
        command = ["plink2", "--threads", "1", "--pfile", self.pfile, *options, "--out", out]
        subprocess.run([*map(str, command)], check=True, capture_output=True)
        return out


def site_name(contig: str, position: int, ref: str, alt: str) -> str:
    return f"{contig.removeprefix('chr')}:{position}:{ref}:{alt}"


@pytest.fixture(scope="module", params=[CHR1_3202, ALL_CHR_1126], ids=lambda data: data.name)
def compared(
    request: pytest.FixtureRequest, real_lakes: RealLakes, tmp_path_factory: pytest.TempPathFactory
) -> Compared:
    dataset: Dataset = request.param
    folder = tmp_path_factory.mktemp("plink2")
    shutil.copytree(real_lakes.of(dataset).path, folder / "lake")
    with opened(folder / "lake") as opening:
        sites = opening.sites("common", "all", SiteRules(**RULES)).table.to_pylist()
    names = folder / "names.txt"
    names.write_text("\n".join(site_name(**site) for site in sites))
    for number, file in enumerate(f for f in dataset.files if "chrX" not in f):
        command = ["plink2", "--vcf", real_lakes.data / file, "--max-alleles", "2", "--rm-dup"]
        command += ["exclude-all", "--set-all-var-ids", "@:#:$r:$a", "--new-id-max-allele-len"]
        command += ["200", "--extract", names, "--output-chr", "26", "--allow-extra-chr"]
        command += ["--vcf-half-call", "missing", "--make-bed", "--out", folder / f"part{number}"]
        done = subprocess.run([*map(str, command)], capture_output=True, text=True)
        assert done.returncode == 0 or "No variants remaining" in done.stderr + done.stdout, (
            done.stderr
        )
    _joined(sorted(folder.glob("part*.bed")), folder)
    least = 0.4 if dataset is CHR1_3202 else 0.0442
    return Compared(allelake.open(folder / "lake"), folder / "all", least)


def _joined(beds: list[Path], folder: Path) -> None:
    """One fileset of files with the same people: rows of a .bed follow each other."""
    order = sorted(beds, key=lambda bed: int(bed.with_suffix(".bim").read_text().split("\t")[0]))
    with (folder / "all.bed").open("wb") as joined:
        joined.write(order[0].read_bytes()[:3])
        for bed in order:
            joined.write(bed.read_bytes()[3:])
    bims = [bed.with_suffix(".bim").read_text() for bed in order]
    (folder / "all.bim").write_text("".join(bims))
    shutil.copy(order[0].with_suffix(".fam"), folder / "all.fam")
    command = ["plink2", "--bfile", folder / "all", "--make-pgen", "--out", folder / "all"]
    subprocess.run([*map(str, command)], check=True, capture_output=True)


def rows_of(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines()]


def test_pruned_sites_are_those_of_plink2(compared: Compared) -> None:
    for window, step, max_r2 in (("500kb", 1, 0.2), ("50", 5, 0.5), ("1kb", 1, 0.1)):
        ours = compared.lake.prune(window=window, step=step, max_r2=max_r2, **RULES).to_dicts()
        names = {site_name(r["contig"], r["position"], r["ref"], r["alt"]) for r in ours}
        steps = [] if window.endswith("kb") else [str(step)]
        out = compared.plink2("--indep-pairwise", window, *steps, str(max_r2))
        assert names == set(out.with_suffix(".prune.in").read_text().split())


def test_kinship_is_that_of_plink2(compared: Compared) -> None:
    """Every pair of which plink2 says a number, and every count of it."""
    least = compared.least
    ours = compared.lake.kinship(min_kinship=least, **RULES).to_dicts()
    out = compared.plink2(
        "--make-king-table", "counts", "cols=id,nsnp,hethet,ibs0,ibs1,kinship",
        "--king-table-filter", str(least),
    )  # fmt: skip
    header, *rows = rows_of(out.with_suffix(".kin0"))
    assert header == [
        "#IID1", "IID2", "NSNP", "HETHET", "IBS0", "HET1_HOM2", "HET2_HOM1", "KINSHIP",
    ]  # fmt: skip
    # Of two samples of which the second alone is heterozygous, this plink2 (2.00a3.5) prints 1
    # under HET1_HOM2: its counts are of the pair the other way round.
    theirs = {frozenset(row[:2]): _by_name(row[1::-1], row[2:]) for row in rows}
    found = {}
    for row in ours:
        names = [row["sample_id_1"], row["sample_id_2"]]
        counts = [row[name] for name in ("snps", "het_het", "ibs0", "het_hom_1", "het_hom_2")]
        found[frozenset(names)] = _by_name(names, [*map(str, counts), f"{row['kinship']:.6g}"])
    assert found.keys() == theirs.keys()
    assert found == theirs
    assert len(found) > 50


def _by_name(names: list[str], cells: list[str]) -> tuple[str, ...]:
    """A row's cells with the person first whose name comes first."""
    snps, het_het, ibs0, first, second, kinship = cells
    sides = (first, second) if names[0] < names[1] else (second, first)
    return (snps, het_het, ibs0, *sides, f"{float(kinship):.5f}")


def test_components_are_those_of_plink2(compared: Compared) -> None:
    compared.lake.prune(**RULES)
    rows = compared.lake.pca(sites="common", components=5, use_everybody=True, **RULES).to_dicts()
    values = compared.lake.sql("SELECT eigenvalue FROM eigenvalues ORDER BY component").to_dicts()
    out = compared.plink2("--pca", "5", "meanimpute")
    theirs = [float(cell) for (cell,) in rows_of(out.with_suffix(".eigenval"))]
    assert [row["eigenvalue"] for row in values] == pytest.approx(theirs, rel=1e-4)
    scores = {row[0]: [*map(float, row[1:])] for row in rows_of(out.with_suffix(".eigenvec"))[1:]}
    wanted = np.array([scores[row["sample_id"]] for row in rows])
    found = np.array([[row[f"pc{n}"] for n in range(1, 6)] for row in rows])
    # Up to sign; where two eigenvalues lie close, up to a rotation.
    assert np.linalg.svd(wanted.T @ found)[1] == pytest.approx(1, abs=1e-3)
