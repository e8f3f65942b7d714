"""Times pruning, kinship and components of a lake beside plink2 on the same sites, one table.

    python benchmarks/structure.py [--people 2504] [--sites 105000] [--exact]
    python benchmarks/structure.py --lake LAKE --bcf FILE [--min-maf 0.0024] [--exact]

Without a lake, people of five populations are simulated at sites of all autosomes that no
correlation binds, so that nearly all stay when they are pruned; kept in data/ for the next run.
Both sides do the whole work from their own files: a lake, and a pgen that holds the same sites of
the same people, which is made first and not timed. plink2 has two threads, as this machine has
processors. Every figure is one run; wall time on a busy machine says less than CPU time.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from measure import Run, run_process
from simulate_structure import write_bcf

from allelake.structure.sites import SiteRules
from allelake.structure.stored import opened

HERE = Path(__file__).parent
PGEN = ("--set-all-var-ids", "@:#:$r:$a", "--snps-only", "just-acgt", "--max-alleles", "2")


def main() -> int:
    """Makes both sides, runs each question once on either, and prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--people", type=int, default=2_504)
    parser.add_argument("--sites", type=int, default=105_000)
    parser.add_argument("--lake", type=Path, help="a lake, instead of simulated people")
    parser.add_argument("--bcf", type=Path, help="what the lake was made of")
    parser.add_argument("--min-maf", type=float, default=0.01)
    parser.add_argument("--exact", action="store_true", help="also plink2 --pca without approx")
    asked = parser.parse_args()
    missing = [name for name in ("plink2", "bcftools") if not shutil.which(name)]
    if missing:
        print(f"{missing[0]} is not on PATH", file=sys.stderr)
        return 1
    if (asked.lake is None) != (asked.bcf is None):
        print("--lake and --bcf go together", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy, bcf = folder / "lake", asked.bcf or simulated(asked.people, asked.sites)
        if asked.lake is None:
            make_lake(copy, bcf, folder)
        else:
            # Every answer is stored.
            shutil.copytree(asked.lake, copy)
        measure(copy, bcf, asked.min_maf, asked.exact, folder)
    return 0


def simulated(people: int, sites: int) -> Path:
    """The BCF of so many people and sites, made if it is not there."""
    path = HERE / "data" / f"structure-{people}x{sites}.bcf"
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        write_bcf(path, people, sites)
    return path


def make_lake(lake: Path, bcf: Path, folder: Path) -> None:
    """A lake of the file."""
    allelake = Path(sys.executable).with_name("allelake")
    run_process([allelake, "init", lake, "--assembly", "GRCh38"], folder)
    run_process([allelake, "ingest", lake, bcf.absolute()], folder)


def measure(copy: Path, bcf: Path, min_maf: float, with_exact: bool, folder: Path) -> None:
    """Prints a row per question."""
    found = make_pgen(copy, bcf, min_maf, folder)
    print(f"{found:,} sites\n")
    print(
        "| | allelake wall | CPU | memory | plink2 wall | CPU | memory | wall ratio | CPU ratio |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    ours: list[str | Path] = [Path(sys.executable).with_name("allelake"), "structure"]
    theirs: list[str | Path] = ["plink2", "--threads", str(os.cpu_count())]
    theirs += ["--pfile", folder / "p", "--out", "o"]
    maf = ["--min-maf", str(min_maf)]
    pca: list[str | Path] = ["pca", copy, "--sites", "common", "--use-everybody", *maf]
    king = ["--make-king-table", "counts", "--king-table-filter", "0.0442"]
    rows: list[tuple[str, list[str | Path], list[str]]] = [
        ("prune 500 kb, r2 0.2", ["prune", copy, *maf], ["--indep-pairwise", "500kb", "0.2"]),
        ("kinship of all pairs", ["kinship", copy, *maf], king),
        ("10 components, plink2 approx", pca, ["--pca", "10", "approx"]),
    ]
    if with_exact:
        rows.append(("10 components, plink2 exact", pca, ["--pca", "10"]))
    for title, own, other in rows:
        commands = ([*ours, *own], [*theirs, *other])
        tell(title, *(run_process(each, folder, with_memory=True) for each in commands))


def make_pgen(lake: Path, bcf: Path, min_maf: float, folder: Path) -> int:
    """Makes plink2's files of the sites that the lake chooses; how many they are."""
    with opened(lake) as opening:
        sites = opening.sites("common", "all", SiteRules(min_maf)).table.to_pylist()
    names = folder / "names"
    lines = (f"{s['contig'][3:]}:{s['position']}:{s['ref']}:{s['alt']}" for s in sites)
    names.write_text("\n".join(lines))
    made: list[str | Path] = ["plink2", "--bcf", bcf.absolute(), *PGEN, "--extract", names]
    run_process([*made, "--make-pgen", "--out", folder / "p"], folder)
    return len(sites)


def tell(title: str, ours: Run, theirs: Run) -> None:
    """Prints a row."""
    cells = [
        f"{run.wall_seconds:.1f} s | {run.cpu_seconds:.1f} s | {run.peak_mib or 0:.0f} MiB"
        for run in (ours, theirs)
    ]
    wall, cpu = ours.wall_seconds / theirs.wall_seconds, ours.cpu_seconds / theirs.cpu_seconds
    print(f"| {title} | {' | '.join(cells)} | {wall:.2f} | {cpu:.2f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
