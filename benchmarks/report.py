"""Writes the benchmark's page, and the page on how cost grows, from results.json.

    python benchmarks/report.py [RESULTS.json]

The page is docs/benchmarks.md when the results are docs/benchmarks/results.json; figures lie
beside them.
"""

import argparse
import re
import sys
from pathlib import Path
from string import Template

import figures
from projection import projection
from results import Growth, Program, Results, Row, read_results

HERE = Path(__file__).parent
DEFAULT = HERE.parent / "docs" / "benchmarks" / "results.json"
# What must not grow faster than its data, and by how much it may for twice as many.
GROWING = ("seconds of ingest", "ms of every frequency of a tenth", "bytes of tables")
MOST_FOR_TWICE = 2.1
GROUPS = ("Ingest", "Memory", "Bytes on disk", "Questions")


def seconds(value: float) -> str:
    """Milliseconds below one second.

    >>> seconds(0.0123), seconds(0.25), seconds(2.5), seconds(75)
    ('12 ms', '250 ms', '2.5 s', '75 s')
    """
    if value < 1:
        return f"{1000 * value:.0f} ms"
    return f"{value:.1f} s" if value < 20 else f"{value:.0f} s"


def of_spread(row: Row, peer: Program) -> str:
    spread = row.spread(peer)
    if spread is None:
        return ""
    if row.kind == "bytes":
        return f"{spread.middle:.2f}"
    return f"{spread.middle:.3g} ({spread.least:.3g} to {spread.most:.3g})"


def summary(results: Results) -> str:
    """What was promised, and what was reached."""
    lines = ["| question | against | at most | reached | |", "|---|---|---|---|---|"]
    for row in in_order(results):
        if row.bound is None:
            continue
        reached = row.reached()
        unit = {"memory": " MiB", "milliseconds": " ms"}.get(row.kind, "")
        if row.against is not None:
            unit = ""
        told = "not measured" if reached is None else f"{reached:.3g}{unit}"
        if row.kind == "memory" and reached is not None:
            told = f"{reached:,.0f} MiB"
        is_kept = "" if reached is None else ("yes" if reached <= row.bound else "**no**")
        name = f"{row.group.lower()}: {row.question}"
        lines.append(
            f"| {name} | {row.against or ''} | {row.bound:,g}{unit} | {told} | {is_kept} |"
        )
    for growth in results.growth:
        for measure in GROWING:
            if growth.sizes and measure in growth.measures:
                worst = max(growth.factors(measure))
                is_kept = "yes" if worst <= MOST_FOR_TWICE else "**no**"
                lines.append(
                    f"| twice the {growth.key}: {measure} | half of them | {MOST_FOR_TWICE} | "
                    f"{worst:.3g} | {is_kept} |"
                )
    return "\n".join(lines)


def in_order(results: Results) -> list[Row]:
    """By group, each as it was measured."""
    return sorted(results.rows, key=lambda row: GROUPS.index(row.group))


def table(row: Row) -> str:
    """One row's programs: what each took, and our time or bytes as a part of theirs."""
    if row.kind == "bytes":
        return bytes_table(row)
    lines = [
        "| program | wall | CPU | peak memory | bytes written | allelake / it |",
        "|---|---|---|---|---|---|",
    ]
    for program in row.programs:
        name = f"{program.name}: `{program.how}`"
        if program.missing or program.seconds is None:
            lines.append(f"| {name} | {cell(program.missing or 'not run')} | | | | |")
            continue
        lines.append(
            f"| {name} | {seconds(program.seconds)} | {seconds(program.cpu)} | "
            f"{'' if program.peak_mib is None else f'{program.peak_mib:,.0f} MiB'} | "
            f"{megabytes(program.bytes_written)} | "
            f"{'' if program is row.ours else of_spread(row, program)} |"
        )
    return "\n".join(lines)


def bytes_table(row: Row) -> str:
    lines = ["| program | bytes | allelake / it |", "|---|---|---|"]
    for program in row.programs:
        ratio = "" if program is row.ours else of_spread(row, program)
        lines.append(
            f"| {program.name}: {program.how} | {megabytes(program.bytes_written)} | {ratio} |"
        )
    return "\n".join(lines)


def megabytes(count: float | None) -> str:
    return "" if not count else f"{count / 1e6:,.1f} MB"


def cell(text: str) -> str:
    """Text that stays in its cell of a table."""
    return " ".join(text.replace("|", "/").split())


def runs_of(row: Row) -> str:
    """How often each ran, and what was compared before."""
    told = [f"{len(p.wall_seconds)} of {p.name}" for p in row.programs if p.wall_seconds]
    compared = [f"{p.name}: {p.answer}" for p in row.programs if p.answer]
    text = f"Runs: {', '.join(told)}." if told else ""
    return f"{text} Compared before: {'; '.join(compared)}.".strip() if compared else text


def section(results: Results, group: str, folder: Path, page: Path) -> str:
    parts = [f"## {group}"]
    for row in results.rows:
        if row.group != group:
            continue
        if row.kind == "memory":
            continue
        figure = folder / f"{row.key}.svg"
        drawn = figures.bars(row)
        parts.append(f"### {row.question[0].upper()}{row.question[1:]}")
        if drawn:
            figure.write_text(drawn)
            parts.append(f"![{row.question}]({figure.relative_to(page.parent)})")
        parts += [table(row), runs_of(row)]
    return "\n\n".join(part for part in parts if part)


def wins(results: Results) -> str:
    """Where a peer is better, in a line each."""
    lines = []
    for row in in_order(results):
        for peer in row.programs[1:]:
            spread = row.spread(peer)
            if row.kind != "memory" and spread is not None and spread.middle > 1:
                what = "smaller" if row.kind == "bytes" else "faster"
                lines.append(
                    f"* {row.group.lower()}, {row.question}: {peer.name} (`{peer.how}`) is "
                    f"{spread.middle:.2g} times {what}."
                )
    return "\n".join(lines) or "* nowhere in this run."


def growth_table(growth: Growth) -> str:
    """Figures at each size, and by how much each doubling multiplies them."""
    head = " | ".join(f"{size:,}" for size in growth.sizes)
    lines = [f"| {growth.what} | {head} | for twice |", "|---" * (len(growth.sizes) + 2) + "|"]
    for measure, values in growth.measures.items():
        told = " | ".join(f"{value:,.0f}" if value >= 100 else f"{value:.3g}" for value in values)
        factors = ", ".join(f"{factor:.2f}" for factor in growth.factors(measure))
        lines.append(f"| {measure} | {told} | {factors} |")
    return "\n".join(lines)


def growth_section(results: Results, folder: Path, page: Path) -> str:
    parts = []
    for growth in results.growth:
        if growth.sizes:
            figure = folder / f"growth-{growth.key}.svg"
            figure.write_text(figures.lines(growth))
            parts += [
                growth_table(growth),
                f"![growth with {growth.key}]({figure.relative_to(page.parent)})",
            ]
    return "\n\n".join(parts) or "Not measured."


def busy(machine: dict[str, str]) -> str:
    """A warning where other work ran beside the benchmark."""
    load, processors = machine.get("load at the start", "0"), machine.get("processors", "1")
    if float(load) < 0.5 * int(processors):
        return ""
    return (
        f"**The machine was busy with other work (a load of {load} on {processors} processors "
        "at the start): every time below is too long, and ratios of times can be far off. Bytes "
        "and memory hold.**"
    )


def told(pairs: dict[str, str]) -> str:
    return "\n".join(f"* {name}: {value}" for name, value in pairs.items())


def write_report(results: Results, read_from: Path) -> str:
    """Writes the page and its figures, and returns the table of bounds."""
    folder, page = read_from.parent, read_from.parent.with_suffix(".md")
    for old in folder.glob("*.svg"):
        old.unlink()
    filled = {
        "busy": busy(results.machine),
        "summary": summary(results),
        "wins": wins(results),
        "sections": "\n\n".join(
            section(results, group, folder, page) for group in GROUPS if group != "Memory"
        ),
        "growth": growth_section(results, folder, page),
        "machine": told(results.machine),
        "versions": told(results.versions),
        "data": told(results.data),
    }
    write_page(page, "benchmarks.md", filled)
    cost = page.parent / "why" / "how-cost-grows.md"
    if results.grown("sites") and results.grown("people"):
        cost.parent.mkdir(exist_ok=True)
        filled = {
            **projection(results),
            "busy": filled["busy"],
            "growth": filled["growth"].replace("](benchmarks/", "](../benchmarks/"),
        }
        write_page(cost, "how-cost-grows.md", filled)
    return summary(results)


def write_page(page: Path, template: str, filled: dict[str, str]) -> None:
    """Fills a template, without the blank lines that an empty part leaves."""
    text = Template((HERE / "templates" / template).read_text()).substitute(filled)
    page.write_text(re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("results", type=Path, nargs="?", default=DEFAULT)
    read_from = parser.parse_args().results
    if not read_from.exists():
        sys.exit(f"{read_from}: not there. `make bench` writes it.")
    print(write_report(read_results(read_from), read_from))


if __name__ == "__main__":
    main()
