"""What every part of the benchmark is given: data, a folder, how often, where to write."""

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from answers import our_counts
from contest import Contestant, hold, leave_out
from measure import ProcessFailed, run_process
from peers import Command, allelake, shell
from results import OURS, Kind, Program, Results, Row
from simulate import Data
from simulate_cohort import CONTIG, names

from allelake import open as open_lake

COHORT = "tenth"
ASSEMBLY = "GRCh38"


@dataclass
class Bench:
    """One run of the benchmark."""

    data: Data
    work: Path
    repeats: int
    results: Results
    written_to: Path

    def hold(
        self,
        key: str,
        group: str,
        question: str,
        contestants: list[Contestant],
        *,
        kind: Kind = "time",
        bound: float | None = None,
        against: str | None = None,
        times: int = 1,
    ) -> Row:
        """Runs a contest, `times` as often as usual, and keeps what came out, on disk too.

        Where we fail the row says so, and the benchmark goes on.
        """
        try:
            programs = hold(contestants, self.repeats * times)
        except ProcessFailed as error:
            programs = [Program(OURS, contestants[0].how)]
            leave_out(programs[0], f"failed: {str(error).strip()[-300:]}")
        row = Row(key, group, question, kind, programs, bound, against)
        self.keep(row)
        return row

    def keep(self, row: Row) -> None:
        self.results.put(row)
        self.results.write(self.written_to)

    def run(self, command: Command) -> None:
        """Something that is not timed."""
        run_process(command, self.work)

    def new_lake(self, lake: Path) -> None:
        shutil.rmtree(lake, ignore_errors=True)
        self.run(allelake("init", lake, "--assembly", ASSEMBLY))

    def cohort_file(self, people: int) -> Path:
        """The names of a tenth of the people, chosen at random but always the same."""
        chosen = random.Random(1).sample(names(people), people // 10)
        path = self.work / f"cohort-{people}.txt"
        path.write_text("\n".join(sorted(chosen)) + "\n")
        return path


def counts_of_lake(lake: Path, cohort: str = "all") -> pl.DataFrame:
    """Our AC and AN on the simulated contig."""
    with open_lake(lake) as opened, opened.connect() as connection:
        return our_counts(connection, cohort, CONTIG)


def bcftools_counts(vcf: Path, out: Path, *chosen: str | Path) -> Command:
    """Writes AC and AN of a file by bcftools; `chosen` are options of bcftools view."""
    form = r"%POS\t%REF\t%ALT\t%INFO/AC\t%INFO/AN\n"
    return shell(
        ["bcftools", "view", "-Ou", *chosen, vcf],
        ["bcftools", "+fill-tags", "-Ou", "--", "-t", "AC,AN"],
        ["bcftools", "query", "-f", form, "-o", out],
    )
