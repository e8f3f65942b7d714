"""Makes the benchmarks' data, seeded: only what is not there yet.

    python benchmarks/simulate.py [--quick]

bgzip and bcftools are needed (bcftools to write BCF). All lies in benchmarks/data: about 2 GB.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

import simulate_fields
from simulate_cohort import header, kept_population, lines, names, sites
from simulate_lake import LakeFiles, write_lake_files

if TYPE_CHECKING:
    import tskit

DATA = Path(__file__).parent / "data"
# Parts of a cohort that show how cost grows: an eighth, a quarter, a half, and the whole.
EIGHTHS = (1, 2, 4)
COMPRESS = {
    ".vcf.gz": ["bgzip", "-c", "-@", "2"],
    ".bcf": ["bcftools", "view", "-Ob", "--threads", "2"],
}


@dataclass(frozen=True)
class Cohort:
    """People over a stretch of chr22, and the name that its files begin with."""

    stem: str
    people: int
    length_bp: float

    def trees(self) -> "tskit.TreeSequence":
        return kept_population(self.people, self.length_bp, DATA)

    def file(self, ending: str) -> Path:
        return DATA / f"{self.stem}{ending}"


@dataclass(frozen=True)
class Scale:
    """Which cohorts a benchmark takes."""

    genotypes: Cohort
    fields: Cohort
    wide: Cohort


FULL = Scale(
    Cohort("cohort-2504x20Mb", 2_504, 2e7),
    Cohort("fields-500x20Mb", 500, 2e7),
    Cohort("cohort-50000x32000", 50_000, 6.4e5),
)
QUICK = Scale(
    Cohort("quick-500x1Mb", 500, 1e6),
    Cohort("quick-fields-200x300kb", 200, 3e5),
    Cohort("quick-5000x40kb", 5_000, 4e4),
)


class ToolMissing(Exception):
    """A program that writes the data is not installed."""


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """Takes VCF text, and compresses it into the file, which appears when it is complete."""
    (command,) = (c for ending, c in COMPRESS.items() if path.name.endswith(ending))
    if shutil.which(command[0]) is None:
        raise ToolMissing(f"{path.name} is written by {command[0]}, which is not installed")
    print(f"making {path.name} ...", file=sys.stderr)
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file)
        assert process.stdin is not None
        with process.stdin as text:
            yield text
    if process.wait() != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    unfinished.rename(path)


def write_vcf(path: Path, people: list[str], text: Iterable[bytes], declared: str = "") -> Path:
    if not path.exists():
        with written(path) as file:
            file.write(header(people, more=declared))
            for line in text:
                file.write(line)
    return path


def genotypes(cohort: Cohort, ending: str, *, phased: bool = True) -> Path:
    """The cohort's genotypes alone; `ending` says the format, and .unphased before it."""
    path = cohort.file(ending)
    if path.exists():
        return path
    text = lines(sites(cohort.trees()), cohort.people, phased=phased)
    return write_vcf(path, names(cohort.people), text)


def fields(cohort: Cohort) -> Path:
    """The cohort with GT:AD:DP:GQ:PL."""
    path = cohort.file(".vcf.gz")
    if path.exists():
        return path
    text = simulate_fields.lines(sites(cohort.trees()))
    return write_vcf(path, names(cohort.people), text, simulate_fields.DECLARATIONS)


def first_sites(cohort: Cohort, eighths: int) -> Path:
    """The first eighths of the cohort's sites, all of its people."""
    path = cohort.file(f".{eighths}of8-sites.vcf.gz")
    if path.exists():
        return path
    trees = cohort.trees()
    kept = islice(sites(trees), trees.num_sites * eighths // 8)
    return write_vcf(path, names(cohort.people), lines(kept, cohort.people, phased=True))


def first_people(cohort: Cohort, eighths: int) -> Path:
    """The first eighths of the cohort's people at all of its sites."""
    path = cohort.file(f".{eighths}of8-people.bcf")
    if path.exists():
        return path
    people = cohort.people * eighths // 8
    whole = lines(sites(cohort.trees()), cohort.people, phased=True)
    # A genotype is four bytes: two alleles, the bar between them, and what follows.
    cut = 4 * (cohort.people - people)
    return write_vcf(path, names(people), (line[: -cut - 1] + b"\n" for line in whole))


def lake_files(cohort: Cohort, sites_of_large: int) -> LakeFiles:
    """Small files of 25 contigs and seven further batches, to go with the cohort's file."""
    return write_lake_files(cohort.trees(), DATA / f"lake-of-{cohort.stem}", sites_of_large, 100)


@dataclass(frozen=True)
class Data:
    """Every file of a benchmark, made."""

    scale: Scale
    phased: Path
    unphased: Path
    phased_bcf: Path
    unphased_bcf: Path
    fields: Path
    wide: Path
    sites_grow: list[Path]
    people_grow: list[Path]
    lake_files: LakeFiles
    wide_lake_files: LakeFiles


def make(scale: Scale) -> Data:
    """Makes what is missing. Raises ToolMissing."""
    DATA.mkdir(exist_ok=True)
    cohort, wide = scale.genotypes, scale.wide
    return Data(
        scale,
        genotypes(cohort, ".vcf.gz"),
        genotypes(cohort, ".unphased.vcf.gz", phased=False),
        genotypes(cohort, ".bcf"),
        genotypes(cohort, ".unphased.bcf", phased=False),
        fields(scale.fields),
        genotypes(wide, ".bcf"),
        [*(first_sites(cohort, eighths) for eighths in EIGHTHS), cohort.file(".vcf.gz")],
        [*(first_people(wide, eighths) for eighths in EIGHTHS), wide.file(".bcf")],
        lake_files(cohort, 300),
        lake_files(wide, 40),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("--quick", action="store_true", help="small cohorts only")
    make(QUICK if parser.parse_args().quick else FULL)


if __name__ == "__main__":
    main()
