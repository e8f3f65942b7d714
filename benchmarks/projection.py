"""Extrapolates what was measured to the whole genomes of a project, by the last doubling."""

from dataclasses import dataclass
from math import log2

from results import Growth, Results

# Measures that others are divided by.
TENTH_CPU = "CPU ms of every frequency of a tenth"
NON_REFERENCE = "non-reference genotypes"
# A person's genotypes other than reference, over the whole genome, indels among them.
PER_GENOME = 4.5e6
TB, HOUR = 1e12, 3600.0


@dataclass(frozen=True)
class Project:
    """So many genomes, and the variants that so many have: TOPMed had 410 million at 53,831."""

    key: str
    people: int
    variants: float
    processors: int


PROJECTS = (
    Project("a", 53_000, 4.0e8, 64),
    Project("b", 1_000_000, 2.0e9, 512),
)


def projection(results: Results) -> dict[str, str]:
    """What the page's template is filled with."""
    sites, people = results.grown("sites"), results.grown("people")
    assert sites is not None and people is not None
    return {
        "text_rate": f"{genotype_rate(sites) / 1e6:.3g}",
        "bcf_rate": f"{genotype_rate(people) / 1e6:.3g}",
        "bytes_narrow": f"{per_call(sites, 'bytes of tables'):.2f}",
        "bytes_wide": f"{per_call(people, 'bytes of tables'):.2f}",
        "tenth_rate": f"{1e3 / per_call(people, TENTH_CPU) / 1e6:.3g}",
        "exponents": exponents(sites, people),
        "table": table(people),
    }


def genotype_rate(growth: Growth) -> float:
    """Genotypes read in a CPU second, by the last doubling."""
    genotypes = [float(size * growth.other) for size in growth.sizes]
    return 1 / of_the_last_doubling(growth.measures["CPU seconds of ingest"], genotypes)


def per_call(growth: Growth, measure: str) -> float:
    """What one more genotype that is not reference costs, by the last doubling."""
    return of_the_last_doubling(growth.measures[measure], growth.measures[NON_REFERENCE])


def of_the_last_doubling(values: list[float], amounts: list[float]) -> float:
    """More of a value for more of what it grows with: start costs are in neither.

    Where noise makes that no gain, the largest value divided by the largest amount.

    >>> of_the_last_doubling([3.0, 5.0, 9.0], [1.0, 2.0, 4.0])
    2.0
    """
    more = values[-1] - values[-2]
    if more <= 0:
        return values[-1] / amounts[-1]
    return more / (amounts[-1] - amounts[-2])


def exponents(sites: Growth, people: Growth) -> str:
    """The slope of each measure between the smallest and the largest size, both logarithms."""
    lines = ["| measure | with sites | with people |", "|---|---|---|"]
    for measure in sites.measures:
        if measure in people.measures and measure != NON_REFERENCE:
            told = " | ".join(f"{slope(growth, measure):.2f}" for growth in (sites, people))
            lines.append(f"| {measure} | {told} |")
    return "\n".join(lines)


def slope(growth: Growth, measure: str) -> float:
    values = growth.measures[measure]
    if values[0] <= 0:
        return 0.0
    return log2(values[-1] / values[0]) / log2(growth.sizes[-1] / growth.sizes[0])


def table(people: Growth) -> str:
    """Both projects: what an ingest, the lake and the questions would take."""
    rate = genotype_rate(people)
    of_bytes = per_call(people, "bytes of tables")
    of_tenth = per_call(people, TENTH_CPU) / 1000
    columns = []
    for project in PROJECTS:
        calls = project.people * PER_GENOME
        read = project.people * project.variants
        cpu_hours = read / rate / HOUR
        tenth = calls * of_tenth
        columns.append(
            [
                f"{read:.1e}".replace("e+", "e"),
                f"{calls:.1e}".replace("e+", "e"),
                f"{cpu_hours:,.0f} CPU hours; {duration(cpu_hours * HOUR / project.processors)} "
                f"on {project.processors} processors",
                f"{calls * of_bytes / TB:,.2f} TB",
                f"{duration(tenth / project.processors)} on {project.processors} processors",
                f"{duration(tenth / 2)} on 2",
                f"{region(people, project):,.0f} ms",
            ]
        )
    names = (
        "genotypes in joint files",
        "of them not reference",
        "ingest from BCF",
        "tables, genotypes only",
        "every frequency of a tenth",
        "the same",
        "frequencies of a region as large as the one measured",
    )
    head = " | ".join(f"{project.people:,} genomes" for project in PROJECTS)
    lines = [f"| | {head} |", "|---|---|---|"]
    lines += [
        f"| {name} | {first} | {second} |"
        for name, first, second in zip(names, *columns, strict=True)
    ]
    return "\n".join(lines)


def region(people: Growth, project: Project) -> float:
    """A region's time grows with people alone, by the slope that was measured (not below 0)."""
    exponent = max(0.0, slope(people, "ms of a region"))
    return people.measures["ms of a region"][-1] * float(
        (project.people / people.sizes[-1]) ** exponent
    )


def duration(seconds: float) -> str:
    """
    >>> duration(0.5), duration(90), duration(7200), duration(400000)
    ('0.5 s', '90 s', '2.0 hours', '4.6 days')
    """
    for most, unit, name in ((120, 1, "s"), (7000, 60, "minutes"), (48 * HOUR, HOUR, "hours")):
        if seconds < most:
            number = seconds / unit
            return f"{number:.1f} {name}" if number < 10 else f"{number:.0f} {name}"
    return f"{seconds / 86400:.1f} days"
