"""Times pruning, kinship and components of a lake beside plink2 on the same sites, one table.

    python benchmarks/structure.py [--lake LAKE] [--bcf FILE] [--min-maf 0.0024]

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

from allelake.structure.sites import SiteRules
from allelake.structure.stored import opened

HERE = Path(__file__).parent
PGEN = ("--set-all-var-ids", "@:#:$r:$a", "--snps-only", "just-acgt", "--max-alleles", "2")


def main() -> int:
    """Makes both sides, runs each question once on either, and prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--lake", type=Path, default=HERE / "data" / "lake-2504-alone")
    parser.add_argument("--bcf", type=Path, default=HERE / "data" / "cohort-2504x20Mb.bcf")
    parser.add_argument("--min-maf", type=float, default=0.0024)
    asked = parser.parse_args()
    if not (asked.lake / "lake.toml").is_file():
        print(f"{asked.lake} is no lake: ingest {asked.bcf} into one", file=sys.stderr)
        return 1
    if not shutil.which("plink2"):
        print("plink2 is not on PATH", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        measure(asked.lake, asked.bcf, asked.min_maf, Path(folder))
    return 0


def measure(lake: Path, bcf: Path, min_maf: float, folder: Path) -> None:
    """Prints a row per question; the lake is copied, since every answer is stored."""
    copy = folder / "lake"
    shutil.copytree(lake, copy)
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
    for title, own, other in (
        ("prune 500 kb, r2 0.2", ["prune", copy, *maf], ["--indep-pairwise", "500kb", "0.2"]),
        ("kinship of all pairs", ["kinship", copy, *maf], king),
        ("10 components, plink2 approx", pca, ["--pca", "10", "approx"]),
        ("10 components, plink2 exact", pca, ["--pca", "10"]),
    ):
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
