"""With a reference, indels in repeats come to the place and alleles `bcftools norm` gives them."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest

import allelake
import reference as ref
from lakes import asking
from make_vcf import LENGTHS, vcf

pytestmark = pytest.mark.skipif(not shutil.which("bcftools"), reason="no bcftools on PATH")

CONTIG = "chrM"
LENGTH = LENGTHS["GRCh38"][CONTIG]
Counts = dict[tuple[int, str, str], tuple[int, int]]


def genome(rng: random.Random) -> str:
    """A made-up contig that is mostly short repeats."""
    pieces: list[str] = []
    while sum(map(len, pieces)) < LENGTH:
        unit = "".join(rng.choice("ACGT") for _ in range(rng.choice((1, 1, 2, 3, 5))))
        pieces.append(unit * rng.randint(1, 8))
    return "".join(pieces)[:LENGTH]


def indels(rng: random.Random, bases: str, count: int) -> list[str]:
    """Records with insertions and deletions, some beside an ALT of another length."""
    rows = []
    for position in sorted(rng.sample(range(2, LENGTH - 40), count)):
        ref_length = rng.randint(1, 7)
        written = bases[position - 1 : position - 1 + ref_length]
        alts = {written[:1] + bases[position + cut : position + cut + 3] for cut in range(1, 4)}
        alts |= {written + written[-1:] * 2, written[0], written[: ref_length // 2 + 1]}
        chosen = rng.sample(sorted(alts - {written}), k=rng.choice((1, 1, 2)))
        genotypes = " ".join(rng.choice(("0/0", "0/1", "1/1", "./.")) for _ in range(4))
        rows.append(f"{CONTIG} {position} {written} {','.join(chosen)} . GT {genotypes}")
    return rows


def write_genome(folder: Path, bases: str) -> Path:
    fasta = folder / "genome.fa"
    lines = [bases[start : start + 60] for start in range(0, LENGTH, 60)]
    fasta.write_text(f">{CONTIG}\n" + "\n".join(lines) + "\n")
    return fasta


def bcftools_counts(file: Path, fasta: Path) -> Counts:
    split = subprocess.run(
        ["bcftools", "norm", "-m-any", "-f", fasta, file],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    tagged = subprocess.run(
        ["bcftools", "+fill-tags", "-", "--", "-t", "AN,AC"],
        input=split,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    counts: Counts = {}
    for record in ref.read_vcf(tagged).records:
        key = ref.minimal_alleles(record.position, record.ref, record.alts[0])
        counts[key] = (record.info_numbers("AC")[0] or 0, record.info_numbers("AN")[0] or 0)
    return counts


def without_repeats(rows: list[str], fasta: Path, folder: Path) -> list[str]:
    """The rows without those that come to a variant of an earlier row: that is another test."""
    kept: list[str] = []
    seen: set[tuple[int, str, str]] = set()
    for number, row in enumerate(rows):
        file = folder / f"row{number}.vcf"
        file.write_text(vcf(list("abcd"), row))
        keys = set(bcftools_counts(file, fasta))
        if not keys & seen:
            seen |= keys
            kept.append(row)
    return kept


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_indels_in_repeats_lie_where_bcftools_puts_them(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    bases = genome(rng)
    fasta = write_genome(tmp_path, bases)
    rows = without_repeats(indels(rng, bases, 60), fasta, tmp_path)
    file = tmp_path / "indels.vcf"
    file.write_text(vcf(list("abcd"), *rows))
    lake = allelake.init(tmp_path / "lake")
    lake.ingest([file], allelake.IngestOptions(workers=1, reference=fasta))
    found: Counts = {
        (row["position"], row["ref"], row["alt"]): (row["ac"], row["an"])  # type: ignore[misc]
        for row in asking(lake)("FROM allele_frequency('all')")
    }
    assert found == bcftools_counts(file, fasta)
    moved = asking(lake)("SELECT count(*) AS n FROM sites WHERE position < record_position")
    assert moved[0]["n"] > 10  # type: ignore[operator]
    assert lake.check() == []


def test_a_reference_that_contradicts_the_file_is_told(tmp_path: Path) -> None:
    bases = genome(random.Random(1))
    fasta = write_genome(tmp_path, bases)
    other = "ACGT"["ACGT".index(bases[99]) - 1]
    file = tmp_path / "wrong.vcf"
    file.write_text(vcf(["a"], f"{CONTIG} 100 {other} {bases[99]} . GT 0/1"))
    lake = allelake.init(tmp_path / "lake")
    with pytest.raises(allelake.InputError, match=f"{CONTIG}:100"):
        lake.ingest([file], allelake.IngestOptions(workers=1, reference=fasta))
