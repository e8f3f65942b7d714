"""Times an ingest and a cohort's allele frequencies beside bcftools, and prints one table.

    python benchmarks/bench.py [--people N] [--length-bp N] [--repeats N] [--vcf FILE]

Data are simulated once into benchmarks/data. Every figure is the median of the repeats on this
machine; only the ratios mean something on another.
"""

import argparse
import os
import platform
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from allelake import open as open_lake

HERE = Path(__file__).parent
# As many people as the 1000 Genomes Project has of one of its 26 populations (CHS).
COHORT_PEOPLE = 105


@dataclass(frozen=True)
class Row:
    """One comparison; `other_seconds` is None where bcftools is not installed."""

    what: str
    our_seconds: float
    other: str
    other_seconds: float | None

    def text(self) -> str:
        if self.other_seconds is None:
            return f"| {self.what} | {self.our_seconds:.3f} s | {self.other} | not installed | |"
        ratio = self.our_seconds / self.other_seconds
        theirs = f"{self.other_seconds:.3f} s"
        return f"| {self.what} | {self.our_seconds:.3f} s | {self.other} | {theirs} | {ratio:.3f} |"


def timed(action: Callable[[], object], repeats: int) -> float:
    """The median of the seconds that an action takes."""
    seconds = []
    for _ in range(repeats):
        begun = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - begun)
    return median(seconds)


def run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def allelake(*arguments: str | Path) -> list[str]:
    """The command line of this Python's allelake."""
    return [str(Path(sys.executable).with_name("allelake")), *map(str, arguments)]


def bcftools_version() -> str | None:
    if shutil.which("bcftools") is None:
        return None
    return subprocess.run(
        ["bcftools", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[1]


def ingest_row(vcf: Path, assembly: str, folder: Path, repeats: int) -> Row:
    """Ingest into an empty lake, beside a conversion to BCF; the last lake stays in `folder`."""
    lake = folder / "bench.lake"

    def ours() -> None:
        shutil.rmtree(lake, ignore_errors=True)
        run(allelake("init", lake, "--assembly", assembly))
        run(allelake("ingest", lake, vcf))

    def theirs() -> None:
        run(["bcftools", "view", "-Ob", "-o", str(folder / "out.bcf"), str(vcf)])

    seconds = timed(ours, repeats)
    other = timed(theirs, repeats) if bcftools_version() else None
    return Row("init and ingest", seconds, "bcftools view -Ob", other)


def choose_cohort(vcf: Path, folder: Path) -> Path:
    """A file with the names of the cohort's samples, chosen at random but always the same."""
    import cyvcf2

    samples = cyvcf2.VCF(str(vcf)).samples
    chosen = random.Random(1).sample(samples, min(COHORT_PEOPLE, len(samples)))
    path = folder / "cohort.txt"
    path.write_text("\n".join(sorted(chosen)) + "\n")
    return path


def frequency_rows(vcf: Path, folder: Path, repeats: int) -> list[Row]:
    """The cohort's frequencies at every variant in warm SQL, and in a region of 100 kb."""
    lake, cohort = folder / "bench.lake", choose_cohort(vcf, folder)
    run(allelake("cohort", "define", lake, "bench", "--samples", cohort))
    theirs = None
    if bcftools_version():
        pipe = f"set -e -o pipefail; bcftools view -Ou -S {cohort} {vcf} | bcftools +fill-tags -Ou"
        theirs = timed(lambda: run(["bash", "-c", f"{pipe} -- -t AC,AN,AF"]), repeats)
    with open_lake(lake) as opened, opened.connect() as connection:
        first, contig = connection.execute(
            "SELECT min(position), any_value(contig) FROM sites"
        ).fetchall()[0]
        region = f"{contig}:{first + 1_000_000}-{first + 1_099_999}"

        def ask(arguments: str) -> Callable[[], object]:
            query = f"FROM allele_frequency({arguments})"
            return lambda: connection.sql(query).to_arrow_table()

        whole, part = ask("'bench'"), ask(f"'bench', in_region := '{region}'")
        whole()
        part()
        seconds = timed(whole, 3 * repeats)
        part_seconds = timed(part, 3 * repeats)
    other = "bcftools view -S, +fill-tags"
    return [
        Row(f"frequencies of {COHORT_PEOPLE} people, warm SQL", seconds, other, theirs),
        Row("the same, a region of 100 kb", part_seconds, f"{other}, whole file", theirs),
    ]


def start_rows(folder: Path, repeats: int) -> list[str]:
    """Whole processes: help, and the frequency of one variant from a cold start."""
    lake = folder / "bench.lake"
    with open_lake(lake) as opened, opened.connect() as connection:
        name = connection.execute(
            "SELECT contig || '-' || position || '-' || ref || '-' || alt FROM sites LIMIT 1"
        ).fetchall()[0][0]
    one = allelake("frequency", lake, "--variant", name)
    return [
        f"`allelake --help`: {timed(lambda: run(allelake('--help')), repeats):.2f} s",
        f"`allelake frequency LAKE --variant {name}`: {timed(lambda: run(one), repeats):.2f} s",
    ]


def simulated(people: int, length_bp: float) -> Path:
    """The simulated VCF, made if it is not there."""
    path = HERE / "data" / f"simulated-{people}x{length_bp:.0f}.vcf.gz"
    if not path.exists():
        from simulate import simulate_cohort

        path.parent.mkdir(exist_ok=True)
        print(f"simulating {people:,} people over {length_bp:,.0f} bases ...", file=sys.stderr)
        simulate_cohort(people, length_bp, path)
    return path


def size_of_lake(lake: Path) -> str:
    total = sum(path.stat().st_size for path in (lake / "data").rglob("*.parquet"))
    return f"{total / 1e6:.1f} MB of Parquet"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("--people", type=int, default=2504)
    parser.add_argument("--length-bp", type=float, default=3e6)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--vcf", type=Path, help="time this file instead of a simulated one")
    parser.add_argument("--assembly", default="GRCh38", help="the assembly of --vcf")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    vcf = asked.vcf or simulated(asked.people, asked.length_bp)
    names = ("allelake", "duckdb", "cyvcf2", "pyarrow")
    used = [f"{name} {version(name)}" for name in names]
    used += [f"bcftools {bcftools_version() or 'not installed'}"]
    used += [f"Python {platform.python_version()}", f"{os.cpu_count()} processors"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [ingest_row(vcf, asked.assembly, folder, asked.repeats)]
        most_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        rows += frequency_rows(vcf, folder, asked.repeats)
        starts = start_rows(folder, asked.repeats)
        size = size_of_lake(folder / "bench.lake")
    print(f"{vcf.name}, {vcf.stat().st_size / 1e6:.1f} MB; lake {size}. {', '.join(used)}.")
    print(f"Medians of {asked.repeats} runs ({3 * asked.repeats} of warm SQL).\n")
    print("| what | allelake | beside it | seconds | ratio |\n|---|---|---|---|---|")
    print("\n".join(row.text() for row in rows))
    print("\n" + "\n".join(starts))
    print(f"Largest process of ingest and bcftools: {most_kib / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
