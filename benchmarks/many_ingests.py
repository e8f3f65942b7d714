"""Ingests one sample after another, without `compact`, and times opening and one variant's AF.

    python benchmarks/many_ingests.py [--ingests N] [--every N]

Each ingest is a whole one of a gVCF of a few records: inspected, read, committed. Every so often a
process of its own opens the lake and asks for one variant's frequency, and the seconds are told as
wall and as processor time; of the repeats the least, since other work on the machine only adds.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import allelake
from allelake.ingest.options import IngestOptions

ASKED = "chr22-20000350-A-G"
HEADER = """##fileformat=VCFv4.2
##contig=<ID=chr22,length=50818468>
##INFO=<ID=END,Number=1,Type=Integer,Description="End">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"""
REPEATS = 7


def write_sample(path: Path, number: int) -> None:
    """A gVCF: blocks over 1,000 bases, one variant that many share, one that few do."""
    records: dict[int, tuple[str, str]] = {}
    if number % 3 == 1:
        records[20_000_350] = ("A", "G")
    records[20_000_500 + number % 97] = ("C", "T")
    lines, start = [], 20_000_001
    for position, (ref, alt) in sorted(records.items()):
        lines.append(_block(start, position - 1))
        sample = "0/1:30:60:15,15,0"
        lines.append(
            f"chr22\t{position}\t.\t{ref}\t{alt},<NON_REF>\t50\tPASS\t.\tGT:DP:GQ:AD\t{sample}"
        )
        start = position + 1
    lines.append(_block(start, 20_001_000))
    path.write_text(f"{HEADER}P{number:05d}\n" + "\n".join(lines) + "\n")


def _block(start: int, end: int) -> str:
    return f"chr22\t{start}\t.\tA\t<NON_REF>\t.\t.\tEND={end}\tGT:DP:GQ\t0/0:30:60"


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - wall, time.process_time() - processor


def ask(lake: Path) -> dict[str, float]:
    """Milliseconds of opening and asking, each the least of the repeats, and the answer's AN."""
    opening, asking = [], []
    an = 0
    for _ in range(REPEATS):
        opened: list[allelake.Lake] = []
        opening.append(timed(lambda opened=opened: opened.append(allelake.open(lake))))  # type: ignore[misc]
        with opened[0] as current:
            rows: list[dict[str, int]] = []
            asking.append(
                timed(
                    lambda current=current, rows=rows: rows.extend(  # type: ignore[misc]
                        current.allele_frequency("all", variant=ASKED).to_dicts()
                    )
                )
            )
        an = rows[0]["an"]
    told = {"an": float(an)}
    for name, seconds in (("open", opening), ("ask", asking)):
        told[f"{name}_wall_ms"] = 1000 * min(wall for wall, _ in seconds)
        told[f"{name}_cpu_ms"] = 1000 * min(processor for _, processor in seconds)
    return told


def measure(lake: Path, number: int, seconds: float) -> str:
    """A row of the table, measured in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--ask", lake], capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    assert told["an"] == 2 * number, told
    both = {kind: told[f"open_{kind}_ms"] + told[f"ask_{kind}_ms"] for kind in ("wall", "cpu")}
    return (
        f"| {number:,} | {seconds:.2f} s | {told['open_wall_ms']:.0f} ms | "
        f"{told['ask_wall_ms']:.0f} ms | {both['wall']:.0f} ms | {both['cpu']:.0f} ms |"
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("--ingests", type=int, default=2000)
    parser.add_argument("--every", type=int, default=250)
    parser.add_argument("--folder", type=Path, help="where the lake stays; else it is removed")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    if asked.ask is not None:
        print(json.dumps(ask(asked.ask)))
        return
    names = ("allelake", "duckdb", "pyarrow")
    used = [f"{name} {version(name)}" for name in names]
    used += [f"Python {platform.python_version()}", f"{os.cpu_count()} processors"]
    print(f"Single-sample ingests without compact. {', '.join(used)}.\n")
    print("| ingests | each of the last | opening | one variant | both | both, processor time |")
    print("|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as name:
        ingest_all(asked.folder or Path(name), asked.ingests, asked.every)


def ingest_all(folder: Path, ingests: int, every: int) -> None:
    """One whole ingest after another, and a row of the table every so often."""
    lake = folder / "many.lake"
    allelake.init(lake, "GRCh38").close()
    begun, last = time.perf_counter(), 0
    for number in range(1, ingests + 1):
        path = folder / f"P{number:05d}.g.vcf"
        write_sample(path, number)
        with allelake.open(lake) as opened:
            opened.ingest([path], IngestOptions(workers=1))
        path.unlink()
        if number == 1 or number % every == 0 or number == ingests:
            each = (time.perf_counter() - begun) / (number - last)
            print(measure(lake, number, each), flush=True)
            last, begun = number, time.perf_counter()


if __name__ == "__main__":
    main()
