"""Times allelake beside its peers, checks that they answer alike, and writes JSON and Markdown.

    python benchmarks/bench.py [--quick] [--repeats N] [--only PART ...]

Data are simulated once into benchmarks/data. A full run writes docs/benchmarks.md, its figures and
docs/benchmarks/results.json; a quick one (small cohorts: that all of it works, no more) writes
into benchmarks/data/quick. Parts: ingest, bytes, questions, wide, growth, gvcf. With --only the
rest of an earlier results.json is kept.
"""

import argparse
import re
import shutil
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import growth
import gvcf_rows
import ingest_rows
import query_rows
import variant_rows
from bench_context import Bench
from contest import Contestant, process
from measure import ProcessFailed
from peers import PEERS, is_installed, left_out, machine, versions
from query_lakes import build
from report import write_report
from results import Results, read_results
from simulate import DATA, FULL, QUICK, ToolMissing, make

from allelake import open as open_lake

ROOT = Path(__file__).parents[1]


def ingest(bench: Bench) -> None:
    ingest_rows.genotypes_only(bench)
    ingest_rows.an_eighth(bench)
    ingest_rows.with_fields(bench)
    ingest_rows.many_people(bench)


def questions(bench: Bench) -> None:
    """Questions of the cohort whose genotypes a VCF held, with every peer that has them."""
    data = bench.data
    asked = build(bench, data.scale.genotypes, data.phased, data.lake_files)
    bcf = indexed(bench) if is_installed("bcftools") else None
    prepare_peers(bench)
    query_rows.tenth_of_eighth(bench, asked.cohort)
    with open_lake(asked.lake) as lake, lake.connect() as connection:
        ours = query_rows.Questions(bench, asked, connection, bench.work / "plink-genotypes")
        query_rows.tenth(ours, "genotypes", 1.5, query_rows.in_sessions(bench, asked))
        if bcf is not None:
            query_rows.command(ours, bcf)
        query_rows.region(ours, "genotypes", bcf)
        for rows in variant_rows.ALL:
            rows(ours, bcf)


def wide(bench: Bench) -> None:
    """Questions of the cohort of many people."""
    data = bench.data
    asked = build(bench, data.scale.wide, data.wide, data.wide_lake_files)
    imported(
        bench,
        "plink-wide",
        lambda: ingest_rows.plink(bench, "--bcf", data.wide, bench.work / "plink-wide"),
    )
    with open_lake(asked.lake) as lake, lake.connect() as connection:
        ours = query_rows.Questions(bench, asked, connection, bench.work / "plink-wide")
        query_rows.tenth(ours, "wide", 2.0, [])
        query_rows.region(ours, "wide", None)
        variant_rows.one_variant(ours, None)
        variant_rows.carriers(ours, None)
        variant_rows.person(ours, None)


def imported(bench: Bench, stem: str, contestants: Callable[[], list[Contestant]]) -> None:
    """Makes a peer's files where an ingest of this run has not left them."""
    if any(bench.work.glob(f"{stem}*")):
        return
    for one in contestants():
        try:
            one.run(False)
        except ProcessFailed as error:
            print(f"{one.name} is left out of the questions: {error}", file=sys.stderr)


def prepare_peers(bench: Bench) -> None:
    vcf, work = bench.data.phased, bench.work
    imported(
        bench,
        "plink-genotypes.p",
        lambda: ingest_rows.plink(bench, "--vcf", vcf, work / "plink-genotypes"),
    )
    imported(
        bench, "genotypes.vcz", lambda: ingest_rows.vcf_zarr(bench, vcf, work / "genotypes.vcz")
    )
    imported(bench, "genotypes.mt", lambda: ingest_rows.hail(bench, vcf, work / "genotypes.mt"))


def indexed(bench: Bench) -> Path:
    """The BCF with an index beside it, as bcftools' own users keep it."""
    linked = bench.work / bench.data.phased_bcf.name
    linked.unlink(missing_ok=True)
    linked.symlink_to(bench.data.phased_bcf)
    process("bcftools", "", ["bcftools", "index", "-f", linked], bench.work).run(False)
    return linked


def grown(bench: Bench) -> None:
    growth.sites(bench)
    growth.people(bench)


PARTS: dict[str, Callable[[Bench], None]] = {
    "ingest": ingest,
    "bytes": ingest_rows.sizes,
    "questions": questions,
    "wide": wide,
    "growth": grown,
    "gvcf": lambda bench: gvcf_rows.rows(bench, 1_000 if bench.data.scale is FULL else 50),
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("--quick", action="store_true", help="small cohorts, into benchmarks/data")
    parser.add_argument("--repeats", type=int, default=3, help="timed runs of each program")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART")
    parser.add_argument("--without", nargs="+", default=[], metavar="PEER", help=", ".join(PEERS))
    parser.add_argument("--work", type=Path, default=DATA / "work", help="emptied before")
    parser.add_argument("--results", type=Path, help="write here, beside it the page")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    # DuckDB says so of each question; what it advises instead binds the question twice.
    warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")
    page = DATA / "quick" / "benchmarks.md" if asked.quick else ROOT / "docs" / "benchmarks.md"
    written_to = asked.results or page.with_suffix("") / "results.json"
    started = machine()
    left_out.update(asked.without)
    try:
        data = make(QUICK if asked.quick else FULL)
    except ToolMissing as error:
        sys.exit(f"{error}. Install it, then try again.")
    shutil.rmtree(asked.work, ignore_errors=True)
    asked.work.mkdir(parents=True)
    is_part = asked.only != list(PARTS) and written_to.exists()
    results = read_results(written_to) if is_part else Results()
    results.machine, results.versions = started, versions()
    bench = Bench(data, asked.work.resolve(), asked.repeats, results, written_to)
    failed = False
    for name in asked.only:
        begun = time.monotonic()
        try:
            PARTS[name](bench)
        except ProcessFailed as error:
            failed = True
            print(f"{name} was stopped: {error}", file=sys.stderr)
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    results.write(written_to)
    print(write_report(results, written_to))
    shutil.rmtree(asked.work)
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
