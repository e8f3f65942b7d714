"""Questions of an open connection, and one as a whole command, beside what peers take for them."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from answers import COLUMNS, counts_in, our_counts, plink_counts
from bench_context import COHORT, Bench, bcftools_counts
from contest import Contestant, process, question, session
from peers import Command, allelake, is_installed, program, shell
from query_lakes import Asked
from simulate_cohort import CONTIG

from allelake import open as open_lake

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

GROUP = "Questions"
# Questions take milliseconds: so many runs for one of an import.
TIMES = 5
TENTH = "every frequency of an ad-hoc cohort, a tenth of {people:,} people"


class Questions:
    """The questions of one lake, and the peers' files that hold the same genotypes."""

    def __init__(
        self, bench: Bench, asked: Asked, connection: "DuckDBPyConnection", pgen: Path
    ) -> None:
        self.bench, self.asked, self.connection, self.pgen = bench, asked, connection, pgen

    def ours(self, sql: str, answer: Callable[[], pl.DataFrame] | None = None) -> Contestant:
        """A statement, its result taken as Arrow with all columns.

        By execute(), which binds it once; sql() binds it to describe it, and again to run it.
        """
        return question(
            "allelake", sql, lambda: self.connection.execute(sql).to_arrow_table(), answer
        )

    def our_tenth(self) -> Contestant:
        return self.ours(
            f"FROM allele_frequency('{COHORT}')",
            lambda: our_counts(self.connection, COHORT, CONTIG),
        )

    def plink(
        self, how: str, *chosen: str | Path, most_runs: int | None = None
    ) -> list[Contestant]:
        """plink2's frequencies of the cohort, as a whole process."""
        if not is_installed("plink2") or not self.pgen.with_suffix(".pgen").exists():
            return []
        bench, out = self.bench, self.bench.work / "plink-asked"
        kept: list[str | Path] = ["--keep", self.asked.cohort, *chosen, "--threads", "2"]
        base: list[str | Path] = ["plink2", "--pfile", self.pgen, *kept]

        def answer() -> pl.DataFrame:
            columns = "cols=chrom,pos,ref,alt,altfreq,nobs"
            bench.run([*base, "--freq", "counts", columns, "--out", out])
            return plink_counts(out.with_suffix(".acount"))

        command = [*base, "--freq", "--out", out]
        return [process("plink2", how, command, bench.work, answer=answer, most_runs=most_runs)]

    def bcftools(self, bcf: Path, how: str, *chosen: str | Path, slow: bool) -> list[Contestant]:
        """bcftools' frequencies, as a pipe of two whole processes."""
        if not is_installed("bcftools"):
            return []
        bench, told = self.bench, self.bench.work / "bcftools-counts.tsv"

        def answer() -> pl.DataFrame:
            bench.run(bcftools_counts(bcf, told, *chosen))
            return counts_in(told)

        command = shell(
            ["bcftools", "view", "-Ou", *chosen, bcf],
            [
                "bcftools",
                "+fill-tags",
                "-Ob",
                "-o",
                bench.work / "tags.bcf",
                "--",
                "-t",
                "AC,AN,AF",
            ],
        )
        runs = bench.repeats if slow else None
        return [process("bcftools", how, command, bench.work, answer=answer, most_runs=runs)]


def in_sessions(bench: Bench, asked: Asked) -> list[Contestant]:
    """VCF Zarr by NumPy and Hail, each open before it is asked, as our connection is."""
    found: list[Contestant] = []
    for name, environment, script, store in (
        ("VCF Zarr", "vcf-zarr", "zarr_frequency.py", bench.work / "genotypes.vcz"),
        ("Hail", "hail", "hail_frequency.py", bench.work / "genotypes.mt"),
    ):
        if is_installed(environment) and store.exists():
            out = bench.work / f"{environment}.tsv"
            how = "NumPy over its chunks" if name == "VCF Zarr" else "agg.call_stats"
            command = program(environment, script, store, asked.cohort, out)
            found.append(
                session(name, how, command, bench.work, partial(counts_in, out), bench.repeats)
            )
    return found


def tenth(questions: Questions, key: str, bound: float, further: Sequence[Contestant]) -> None:
    """Every frequency of the cohort, in an open connection."""
    contestants = [questions.our_tenth(), *questions.plink("--pfile --keep --freq"), *further]
    questions.bench.hold(
        f"tenth-{key}",
        GROUP,
        TENTH.format(people=questions.asked.people),
        contestants,
        bound=bound,
        against="plink2",
        times=TIMES,
    )


def tenth_of_eighth(bench: Bench, cohort: Path) -> None:
    """The same of an eighth of the records, which polars-bio's table holds; a lake of one file."""
    lake, table = bench.work / "eighth.lake", bench.work / "eighth.parquet"
    if not table.exists():
        return
    bench.run(allelake("cohort", "define", lake, COHORT, "--samples", cohort))
    out, vcf = bench.work / "polars.tsv", bench.data.sites_grow[0]
    asking = program("polars-bio", "polars_frequency.py", table, vcf, cohort, out)
    people = bench.data.scale.genotypes.people
    with open_lake(lake) as opened, opened.connect() as connection:
        sql = f"FROM allele_frequency('{COHORT}')"
        contestants = [
            question(
                "allelake",
                sql,
                lambda: connection.sql(sql).to_arrow_table(),
                lambda: our_counts(connection, COHORT, CONTIG),
            ),
            session(
                "polars-bio",
                "Polars over its Parquet",
                asking,
                bench.work,
                lambda: counts_in(out),
                1,
            ),
        ]
        what = f"{TENTH.format(people=people)}, an eighth of the records"
        bench.hold("tenth-eighth", GROUP, what, contestants)


def command(questions: Questions, bcf: Path) -> None:
    """The same as one command that writes Parquet, its start included."""
    bench, asked = questions.bench, questions.asked
    out = bench.work / "frequencies.parquet"

    def answer() -> pl.DataFrame:
        table = pl.read_parquet(out).filter(pl.col("contig").cast(pl.String) == CONTIG)
        return table.select(list(COLUMNS)).cast(COLUMNS)

    written: Command = ["-o", out, "--overwrite"]
    contestants = [
        process(
            "allelake",
            f"allelake frequency LAKE --cohort {COHORT} -o OUT.parquet",
            allelake("frequency", asked.lake, "--cohort", COHORT, *written),
            bench.work,
            answer=answer,
        ),
        *questions.bcftools(bcf, "view -S | +fill-tags", "-S", asked.cohort, slow=False),
        *questions.plink("--pfile --keep --freq"),
    ]
    bench.hold(
        "command",
        GROUP,
        f"the same as one command to Parquet, start included, {asked.people:,} people",
        contestants,
        bound=0.1,
        against="bcftools",
    )


def region(questions: Questions, key: str, bcf: Path | None) -> None:
    """Frequencies of a stretch, as of one gene."""
    asked = questions.asked
    span, (first, last) = asked.region, asked.region.rpartition(":")[2].split("-")
    sql = f"FROM allele_frequency('{COHORT}', in_region := '{span}')"

    def answer() -> pl.DataFrame:
        return our_counts(questions.connection, COHORT, span)

    stretch = ["--chr", CONTIG, "--from-bp", first, "--to-bp", last]
    contestants = [
        questions.ours(sql, answer),
        *questions.plink("--chr --from-bp --to-bp --keep --freq", *stretch),
    ]
    if bcf is not None:
        chosen: Command = ["-r", span, "-S", asked.cohort]
        contestants += questions.bcftools(
            bcf, "view -r -S | +fill-tags, indexed", *chosen, slow=False
        )
    questions.bench.hold(
        f"region-{key}",
        GROUP,
        f"frequencies in {(int(last) - int(first) + 1) / 1000:g} kb of {asked.people:,} people",
        contestants,
        kind="milliseconds",
        bound=25,
        times=TIMES,
    )
