"""Ingest beside the peers' imports: genotypes alone, with fields, and of many people."""

import shutil
from pathlib import Path

import polars as pl
from answers import counts_in, plink_counts
from bench_context import Bench, bcftools_counts, counts_of_lake
from contest import Contestant, process
from measure import size_of
from peers import Command, allelake, is_installed, program, tool
from results import OURS, Kind, Program, Row

GROUP = "Ingest"
MOST_MIB = 1_536.0
# Imports that take long and have no bound run once.
SLOW_RUNS = 1


def ingest(bench: Bench, lake: Path, vcf: Path) -> Contestant:
    """`allelake ingest` into a lake that was made before."""
    return process(
        "allelake",
        "allelake ingest",
        allelake("ingest", lake, vcf),
        bench.work,
        prepare=lambda: bench.new_lake(lake),
        answer=lambda: counts_of_lake(lake),
        outputs=[lake / "data"],
    )


def plink(bench: Bench, kind: str, vcf: Path, stem: Path) -> list[Contestant]:
    """plink2's import to .pgen, if it is installed; the files stay for the questions."""
    if not is_installed("plink2"):
        return []

    def answer() -> pl.DataFrame:
        columns = "cols=chrom,pos,ref,alt,altfreq,nobs"
        bench.run(["plink2", "--pfile", stem, "--freq", "counts", columns, "--out", stem])
        return plink_counts(stem.with_suffix(".acount"))

    command: list[str | Path] = ["plink2", kind, vcf, "--make-pgen", "--threads", "2"]
    outputs = [stem.with_suffix(ending) for ending in (".pgen", ".pvar", ".psam")]
    how = f"plink2 {kind} --make-pgen"
    return [
        process(
            "plink2", how, [*command, "--out", stem], bench.work, answer=answer, outputs=outputs
        )
    ]


def bcftools(bench: Bench, vcf: Path, out: Path, most_runs: int | None = None) -> list[Contestant]:
    """bcftools' conversion to BCF on two threads."""
    if not is_installed("bcftools"):
        return []

    def answer() -> pl.DataFrame:
        told = bench.work / "counts.tsv"
        bench.run(bcftools_counts(out, told))
        return counts_in(told)

    command: Command = ["bcftools", "view", "-Ob", "--threads", "2", "-o", out, vcf]
    how = "bcftools view -Ob --threads 2"
    return [
        process(
            "bcftools",
            how,
            command,
            bench.work,
            answer=answer,
            outputs=[out],
            most_runs=most_runs,
        )
    ]


def vcf_zarr(bench: Bench, vcf: Path, store: Path) -> list[Contestant]:
    """bio2zarr's conversion by two processes; it wants an index, which is not timed."""
    if not is_installed("vcf-zarr") or not is_installed("bcftools"):
        return []
    linked = bench.work / vcf.name
    linked.unlink(missing_ok=True)
    linked.symlink_to(vcf)
    bench.run(["bcftools", "index", "-f", linked])
    return [
        process(
            "bio2zarr",
            "vcf2zarr convert -p 2",
            [tool("vcf-zarr", "vcf2zarr"), "convert", "-f", "-Q", "-p", "2", linked, store],
            bench.work,
            outputs=[store],
            most_runs=SLOW_RUNS,
        )
    ]


def hail(bench: Bench, vcf: Path, table: Path) -> list[Contestant]:
    if not is_installed("hail"):
        return []
    return [
        process(
            "Hail",
            "hl.import_vcf().write()",
            program("hail", "hail_import.py", vcf, table),
            bench.work,
            prepare=lambda: shutil.rmtree(table, ignore_errors=True),
            outputs=[table],
            most_runs=SLOW_RUNS,
        )
    ]


def an_eighth(bench: Bench) -> None:
    """A smaller file for polars-bio, whose import holds much in memory."""
    if not is_installed("polars-bio"):
        return
    vcf, work = bench.data.sites_grow[0], bench.work
    table = work / "eighth.parquet"
    theirs = process(
        "polars-bio",
        "scan_vcf().sink_parquet()",
        program("polars-bio", "polars_import.py", vcf, table),
        work,
        outputs=[table],
        most_runs=SLOW_RUNS,
    )
    people = bench.data.scale.genotypes.people
    question = f"an eighth of that VCF's records, {people:,} people"
    bench.hold("ingest-eighth", GROUP, question, [ingest(bench, work / "eighth.lake", vcf), theirs])


def genotypes_only(bench: Bench) -> None:
    vcf, work = bench.data.phased, bench.work
    contestants = [
        ingest(bench, work / "phased.lake", vcf),
        *plink(bench, "--vcf", vcf, work / "plink-genotypes"),
        *bcftools(bench, vcf, work / "genotypes.bcf", SLOW_RUNS),
        *vcf_zarr(bench, vcf, work / "genotypes.vcz"),
        *hail(bench, vcf, work / "genotypes.mt"),
    ]
    people = bench.data.scale.genotypes.people
    row = bench.hold(
        "ingest-genotypes",
        GROUP,
        f"a VCF of genotypes only, {people:,} people",
        contestants,
        bound=0.8,
        against="plink2",
    )
    memory(bench, row)


def with_fields(bench: Bench) -> None:
    vcf, work = bench.data.fields, bench.work
    contestants = [
        ingest(bench, work / "fields.lake", vcf),
        *bcftools(bench, vcf, work / "fields.bcf"),
    ]
    people = bench.data.scale.fields.people
    row = bench.hold(
        "ingest-fields",
        GROUP,
        f"a VCF with GT:AD:DP:GQ:PL, {people} people; dp, gq and ad kept",
        contestants,
        bound=1.0,
        against="bcftools",
    )
    memory(bench, row)


def many_people(bench: Bench) -> None:
    bcf, work = bench.data.wide, bench.work
    contestants = [
        ingest(bench, work / "wide.lake", bcf),
        *plink(bench, "--bcf", bcf, work / "plink-wide"),
    ]
    people = bench.data.scale.wide.people
    row = bench.hold(
        "ingest-wide",
        GROUP,
        f"a BCF of {people:,} people",
        contestants,
        bound=1.5,
        against="plink2",
    )
    memory(bench, row)


def memory(bench: Bench, row: Row) -> None:
    """The peak memory of an ingest as a row of its own, since it has a bound of its own."""
    bench.keep(Row(f"memory-{row.key}", "Memory", row.question, "memory", [row.ours], MOST_MIB))


def sizes(bench: Bench) -> None:
    """Bytes of the lake's tables beside the BCF of the same genotypes, phased and unphased."""
    data, cohorts = bench.data, bench.data.scale
    for phase, people, lake, file, bcf, bound in (
        ("phased", cohorts.genotypes.people, "phased", data.phased, data.phased_bcf, 1.0),
        ("unphased", cohorts.genotypes.people, "unphased", data.unphased, data.unphased_bcf, 0.85),
        ("phased", cohorts.wide.people, "wide", data.wide, data.wide, None),
    ):
        path = bench.work / f"{lake}.lake"
        if not path.exists():
            bench.new_lake(path)
            bench.run(allelake("ingest", path, file))
        question = f"genotypes only, {phase}, {people:,} people"
        programs = [
            Program(OURS, "every file of the lake's tables", bytes_written=size_of(path / "data")),
            Program("bcftools", "BCF, no index", bytes_written=size_of(bcf)),
            *others(bench, lake),
        ]
        kind: Kind = "bytes"
        against = None if bound is None else "bcftools"
        row = Row(f"bytes-{lake}", "Bytes on disk", question, kind, programs, bound, against)
        bench.keep(row)


def others(bench: Bench, lake: str) -> list[Program]:
    """What the peers of an import wrote, where one of the same file was timed."""
    timed = {"phased": "ingest-genotypes", "wide": "ingest-wide"}.get(lake, "")
    row = bench.results.row(timed)
    found = row.programs[1:] if row else []
    return [
        Program(peer.name, peer.how, bytes_written=peer.bytes_written)
        for peer in found
        if peer.bytes_written and peer.name != "bcftools"
    ]
