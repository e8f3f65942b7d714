"""Questions about one variant, and about one person, in an open connection."""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
from answers import COLUMNS, counts_in
from bench_context import bcftools_counts
from contest import Contestant, process
from peers import Command, is_installed
from query_rows import GROUP, TIMES, Questions
from simulate_cohort import CONTIG

# A region that is asked for first: an argument of a question is no subquery.
BY_IDENTIFIER = (
    "SET VARIABLE place = (SELECT any_value(contig || ':' || position) "
    "FROM variant('{identifier}')); FROM allele_frequency('all', in_region := getvariable('place'))"
)


def one_variant(questions: Questions, bcf: Path | None) -> None:
    """By its position, by its identifier, and what the lake knows of it by either."""
    asked = questions.asked
    by_position = questions.ours(f"FROM allele_frequency('all', in_region := '{asked.at}')")
    contestants = [by_position]
    if bcf is not None:
        how, chosen = "view -r | +fill-tags, indexed", ["-r", asked.at]
        contestants += questions.bcftools(bcf, how, *chosen, slow=False)
    hold(questions, "position", "one variant by its position", contestants, 20)
    by_identifier = questions.ours(BY_IDENTIFIER.format(identifier=asked.identifier))
    hold(questions, "identifier", "one variant by its identifier", [by_identifier], 30)
    for key, how, name in (
        ("variant-name", "by place and alleles", asked.name),
        ("variant-id", "by identifier", asked.identifier),
    ):
        told = questions.ours(f"FROM variant('{name}')")
        hold(questions, key, f"what is known of one variant, {how}", [told], None)


def hold(
    questions: Questions,
    key: str,
    what: str,
    contestants: list[Contestant],
    bound: float | None,
) -> None:
    people = questions.asked.people
    questions.bench.hold(
        f"{key}-{people}",
        GROUP,
        f"{what}, {people:,} people",
        contestants,
        kind="milliseconds",
        bound=bound,
        times=TIMES,
    )


def carriers(questions: Questions, bcf: Path | None) -> None:
    """Who carries one variant: the same people in both."""
    asked = questions.asked
    sql = f"FROM carriers('{asked.at}')"
    ref, alt = asked.name.split("-")[2:]

    def answer() -> pl.DataFrame:
        found = questions.connection.sql(
            f"SELECT position, sample_id AS ref, alt, alt_count AS ac, 2 AS an {sql} "
            "WHERE ref = ? AND alt = ?",
            params=[ref, alt],
        )
        return _frame(found.to_arrow_table())

    contestants = [questions.ours(sql, answer)]
    if bcf is not None and is_installed("bcftools"):
        contestants.append(carriers_by_bcftools(questions, bcf))
    hold(questions, "carriers", "carriers of one variant", contestants, 20)


def carriers_by_bcftools(questions: Questions, bcf: Path) -> Contestant:
    """A line for each carrier, brought to the form of counts."""
    told = questions.bench.work / "carriers.tsv"
    form = r"[%POS\t%SAMPLE\t%ALT\t%GT\t2\n]"
    at = ["-r", questions.asked.at]
    command: Command = ["bcftools", "query", *at, "-i", 'GT="alt"', "-f", form, "-o", told, bcf]

    def answer() -> pl.DataFrame:
        rows = [line.split("\t") for line in told.read_text().splitlines()]
        copies = [str(len(re.findall("[1-9]", row[3]))) for row in rows]
        counted = [[*row[:3], n, row[4]] for row, n in zip(rows, copies, strict=True)]
        told.write_text("".join("\t".join(row) + "\n" for row in counted))
        return counts_in(told)

    how = "query -r -i 'GT=\"alt\"', indexed"
    return process("bcftools", how, command, questions.bench.work, answer=answer)


def person(questions: Questions, bcf: Path | None) -> None:
    """All variants of one person on the simulated stretch."""
    asked, bench = questions.asked, questions.bench
    sql = f"FROM sample_variants('{asked.person}', in_region := '{CONTIG}')"

    def answer() -> pl.DataFrame:
        found = questions.connection.sql(
            f"SELECT position, ref, alt, alt_count AS ac, called_count AS an {sql}"
        )
        return _frame(found.to_arrow_table())

    contestants = [questions.ours(sql, answer)]
    if bcf is not None and is_installed("bcftools"):
        told, chosen = bench.work / "person.tsv", ["-s", asked.person, "-c", "1"]

        def peers() -> pl.DataFrame:
            bench.run(bcftools_counts(bcf, told, *chosen))
            return counts_in(told).filter(pl.col("ac") > 0)

        out = bench.work / "person.bcf"
        listed: Command = ["bcftools", "view", "-Ob", "-o", out, *chosen, bcf]
        how = "view -s -c 1"
        contestants.append(
            process("bcftools", how, listed, bench.work, answer=peers, most_runs=bench.repeats)
        )
    hold(questions, "person", "all variants of one person", contestants, 50)


def _frame(found: object) -> pl.DataFrame:
    table = pl.from_arrow(found)
    assert isinstance(table, pl.DataFrame)
    return table.cast(COLUMNS)


ALL: list[Callable[[Questions, Path | None], None]] = [one_variant, carriers, person]
