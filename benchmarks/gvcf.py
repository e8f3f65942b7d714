"""Times the ingest of many gVCFs beside bcftools, and AN by their blocks, and prints one table.

    python benchmarks/gvcf.py [--people N ...] [--mb N] [--repeats N]

Data are simulated once into benchmarks/data. bcftools converts the same files to BCF one after
another; both are run in turn, and every figure is a median. Only the ratios mean something on
another machine.
"""

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from measure import run_process, run_question, size_of
from peers import allelake, is_installed, versions
from simulate_gvcf import CONTIG, OFFSET_BP, Population, write_gvcf

from allelake import open as open_lake

HERE = Path(__file__).parent
GENE_BP = 100_000


@dataclass(frozen=True)
class Measured:
    """What was measured with so many people; seconds are medians."""

    people: int
    text_mb: float
    packed_mb: float
    our_seconds: float
    other_seconds: float | None
    lake_bytes: int
    most_mib: float
    gene_seconds: float
    all_seconds: float

    def row(self) -> str:
        """A row of the table."""
        other = self.other_seconds
        told = (
            "not installed |"
            if other is None
            else f"{other:.1f} s | {self.our_seconds / other:.2f}"
        )
        return (
            f"| {self.people} | {self.text_mb:.0f} | {self.our_seconds:.1f} s | {told} | "
            f"{self.text_mb / self.our_seconds:.0f} | {self.lake_bytes / self.people:,.0f} | "
            f"{self.most_mib:.0f} | {1000 * self.gene_seconds:.0f} ms | {self.all_seconds:.2f} s |"
        )


def simulated(people: int, length_bp: int) -> list[Path]:
    """The people's gVCFs, made where they are not there."""
    folder = HERE / "data" / f"gvcf-{people}x{length_bp}"
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"SIM{person:05d}.g.vcf.gz" for person in range(people)]
    missing = [number for number, path in enumerate(paths) if not path.exists()]
    if missing:
        print(f"simulating {len(missing):,} gVCFs of {length_bp:,} bases ...", file=sys.stderr)
        population = Population(people, length_bp)
        for number in missing:
            unfinished = paths[number].with_suffix(".unfinished")
            write_gvcf(population, number, unfinished)
            unfinished.rename(paths[number])
    return paths


def ingest(lake: Path, folder: Path, paths: Sequence[Path]) -> float:
    """The seconds that an ingest into an empty lake takes, `init` included."""
    shutil.rmtree(lake, ignore_errors=True)
    begun = time.perf_counter()
    run_process(allelake("init", lake, "--assembly", "GRCh38"), folder)
    run_process(allelake("ingest", lake, *paths), folder)
    return time.perf_counter() - begun


def convert(folder: Path, paths: Sequence[Path]) -> float:
    """The seconds that bcftools takes to write the same files as BCF."""
    begun = time.perf_counter()
    for path in paths:
        run_process(["bcftools", "view", "-Ob", "-o", folder / "out.bcf", path], folder)
    return time.perf_counter() - begun


def text_bytes(path: Path) -> int:
    return len(subprocess.run(["gzip", "-dc", path], capture_output=True, check=True).stdout)


def frequencies(lake: Path, repeats: int) -> tuple[float, float]:
    """Warm seconds of all members' AN in one gene, and at every variant."""
    first = OFFSET_BP + GENE_BP
    region, times = f"{CONTIG}:{first + 1}-{first + GENE_BP}", range(repeats)
    with open_lake(lake) as opened, opened.connect() as connection:

        def ask(arguments: str) -> float:
            query = f"FROM allele_frequency('all'{arguments})"
            connection.sql(query).to_arrow_table()
            asked = (run_question(lambda: connection.sql(query).to_arrow_table()) for _ in times)
            return median(run.wall_seconds for run in asked)

        return ask(f", in_region := '{region}'"), ask("")


def measure(people: int, length_bp: int, repeats: int, folder: Path) -> Measured:
    """Ingest and conversion in turn, then the questions of the lake that the last ingest made."""
    paths = simulated(people, length_bp)
    lake, ours, theirs = folder / "bench.lake", [], []
    for _ in range(repeats):
        ours.append(ingest(lake, folder, paths))
        if is_installed("bcftools"):
            theirs.append(convert(folder, paths))
    most_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{people} people: {size_of(lake / 'data') / 1e6:.1f} MB of Parquet", file=sys.stderr)
    gene, every = frequencies(lake, 3 * repeats)
    return Measured(
        people,
        people * text_bytes(paths[0]) / 1e6,
        sum(path.stat().st_size for path in paths) / 1e6,
        median(ours),
        median(theirs) if theirs else None,
        size_of(lake / "data"),
        most_mib,
        gene,
        every,
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("--people", type=int, nargs="+", default=[250, 500, 1000])
    parser.add_argument("--mb", type=float, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    measured = []
    for people in asked.people:
        with tempfile.TemporaryDirectory() as name:
            measured.append(measure(people, int(asked.mb * 1e6), asked.repeats, Path(name)))
    used = [f"{name} {told}" for name, told in versions().items()]
    used.append(f"{os.cpu_count()} processors")
    print(f"gVCFs of {asked.mb:g} million bases. {', '.join(used)}.")
    print(f"Medians of {asked.repeats} runs ({3 * asked.repeats} of warm SQL).\n")
    print(
        "| people | MB of text | init and ingest | bcftools view -Ob | ratio | MB of text a second "
        "| bytes a genome | largest MiB | AN of a gene | AN of all |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    print("\n".join(one.row() for one in measured))


if __name__ == "__main__":
    main()
