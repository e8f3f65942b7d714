"""A thousand gVCFs: ingest beside conversions to BCF, and AN by their blocks."""

from pathlib import Path

from bench_context import Bench
from contest import Contestant, process, question
from gvcf import GENE_BP, simulated
from ingest_rows import GROUP, SLOW_RUNS, memory
from peers import Command, allelake, is_installed
from query_rows import GROUP as QUESTIONS
from query_rows import TIMES
from simulate_gvcf import CONTIG, OFFSET_BP

from allelake import open as open_lake

LENGTH_BP = 1_000_000


def rows(bench: Bench, people: int) -> None:
    """Both rows; nothing is compared, since bcftools only converts the files."""
    paths = simulated(people, LENGTH_BP)
    lake = bench.work / "gvcf.lake"
    ours = process(
        "allelake",
        "allelake ingest, all files",
        allelake("ingest", lake, *paths),
        bench.work,
        prepare=lambda: bench.new_lake(lake),
        outputs=[lake / "data"],
        most_runs=2,
    )
    row = bench.hold(
        "ingest-gvcf",
        GROUP,
        f"{people:,} gVCFs of {LENGTH_BP // 1_000_000} million bases",
        [ours, *conversions(bench, paths)],
        bound=1.5,
        against="bcftools",
    )
    memory(bench, row)
    first = OFFSET_BP + GENE_BP
    sql = f"FROM allele_frequency('all', in_region := '{CONTIG}:{first + 1}-{first + GENE_BP}')"
    with open_lake(lake) as opened, opened.connect() as connection:
        bench.hold(
            "region-gvcf",
            QUESTIONS,
            f"frequencies in {GENE_BP // 1000} kb of {people:,} gVCFs, AN by their blocks",
            [question("allelake", sql, lambda: connection.execute(sql).to_arrow_table())],
            kind="milliseconds",
            bound=100,
            times=TIMES,
        )


def conversions(bench: Bench, paths: list[Path]) -> list[Contestant]:
    """bcftools for one file after another."""
    if not is_installed("bcftools"):
        return []
    out = bench.work / "bcf"
    out.mkdir(exist_ok=True)
    each = (
        'for file; do bcftools view -Ob --threads 2 -o "$OUT/$(basename "$file").bcf" "$file"; done'
    )
    command: Command = ["bash", "-c", f"set -e; OUT={out}; {each}", "bash", *paths]
    how = "view -Ob --threads 2, one file after another"
    return [process("bcftools", how, command, bench.work, outputs=[out], most_runs=SLOW_RUNS)]
