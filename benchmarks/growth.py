"""How ingest, bytes and questions grow: 1, 2, 4 and 8 parts of a cohort's people or sites."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench_context import COHORT, Bench
from contest import Contestant, question
from ingest_rows import ingest
from measure import Run, alternate, size_of
from peers import allelake
from projection import NON_REFERENCE, TENTH_CPU
from query_lakes import EVERYBODY, chosen_variant
from results import Growth
from simulate_cohort import CONTIG, OFFSET_BP, names

from allelake import open as open_lake

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Of the stretch the first sixteenth, which the smallest part has too, so far from its begin.
REGION_OFFSET_BP = 1_000
TIMES = 5


def sites(bench: Bench) -> None:
    """All people, an eighth of the sites to all of them."""
    cohort, paths = bench.data.scale.genotypes, bench.data.sites_grow
    lakes = ingested(bench, "sites", paths, [cohort.people] * len(paths))
    sizes = [sites_of(lake) for lake in lakes.values()]
    grow(bench, "sites", f"sites, {cohort.people:,} people, VCF", sizes, cohort.people, lakes)


def people(bench: Bench) -> None:
    """All sites, an eighth of the people to all of them."""
    cohort, paths = bench.data.scale.wide, bench.data.people_grow
    counts = [cohort.people * eighths // 8 for eighths in (1, 2, 4, 8)]
    lakes = ingested(bench, "people", paths, counts)
    at = sites_of(next(iter(lakes.values())))
    grow(bench, "people", f"people, {at:,} sites, BCF", counts, at, lakes)


def ingested(
    bench: Bench, key: str, paths: Sequence[Path], counts: Sequence[int]
) -> dict[str, Path]:
    """Times the ingests in turn, and leaves a lake of each with its cohort defined."""
    contestants = {}
    lakes = {str(number): bench.work / f"grow-{key}-{number}.lake" for number in range(len(paths))}
    for (number, lake), path in zip(lakes.items(), paths, strict=True):
        contestants[number] = ingest(bench, lake, path)
    growth = Growth(key, "", [])
    # The first of the runs has its memory looked at, and counts all the same: there are many.
    runs = {number: [one.run(True)] for number, one in contestants.items()}
    growth.measures["peak MiB of ingest"] = [each[0].peak_mib or 0 for each in runs.values()]
    further = {number: (lambda one=one: one.run(False)) for number, one in contestants.items()}
    for number, more in alternate(further, bench.repeats - 2).items():
        runs[number] += more
    _put(growth, "seconds of ingest", runs)
    growth.measures["CPU seconds of ingest"] = [
        median(run.cpu_seconds for run in each) for each in runs.values()
    ]
    growth.measures["bytes of tables"] = [float(size_of(lake / "data")) for lake in lakes.values()]
    bench.results.put_growth(growth)
    for lake, people in zip(lakes.values(), counts, strict=True):
        define(bench, lake, people)
    return lakes


def define(bench: Bench, lake: Path, people: int) -> None:
    everybody = bench.work / f"all-{people}.txt"
    everybody.write_text("\n".join(names(people)) + "\n")
    for name, path in ((COHORT, bench.cohort_file(people)), (EVERYBODY, everybody)):
        bench.run(allelake("cohort", "define", lake, name, "--samples", path))


def grow(
    bench: Bench, key: str, what: str, sizes: list[int], other: int, lakes: dict[str, Path]
) -> None:
    """Asks the same questions of every lake, in turn."""
    growth = bench.results.grown(key)
    assert growth is not None
    growth.what, growth.sizes, growth.other = what, sizes, other
    region = region_of(bench, key)
    position, *_ = chosen_variant(next(iter(lakes.values())), region)
    opened = [open_lake(lake) for lake in lakes.values()]
    connections = {number: lake.connect() for number, lake in zip(lakes, opened, strict=True)}
    for measure, sql in (
        ("ms of every frequency of a tenth", f"FROM allele_frequency('{COHORT}')"),
        ("ms of a region", f"FROM allele_frequency('{COHORT}', in_region := '{region}')"),
        ("ms of one variant", f"FROM allele_frequency('all', in_region := '{CONTIG}:{position}')"),
        ("ms of one person", f"FROM sample_variants('{names(1)[0]}')"),
    ):
        runs = asked_in_turn(connections, sql, TIMES * bench.repeats)
        _put(growth, measure, runs, 1000)
        if "tenth" in measure:
            growth.measures[TENTH_CPU] = [
                1000 * median(run.cpu_seconds for run in each) for each in runs.values()
            ]
    growth.measures[NON_REFERENCE] = [carried(one) for one in connections.values()]
    for lake, connection in zip(opened, connections.values(), strict=True):
        connection.close()
        lake.close()
    bench.results.put_growth(growth)
    bench.results.write(bench.written_to)


def region_of(bench: Bench, key: str) -> str:
    """At most 100 kb of the part that the smallest lake has too."""
    scale = bench.data.scale
    length = scale.genotypes.length_bp if key == "sites" else scale.wide.length_bp
    first = OFFSET_BP + REGION_OFFSET_BP
    return f"{CONTIG}:{first}-{first + min(100_000, round(length / 16)) - 1}"


def carried(connection: "DuckDBPyConnection") -> float:
    """Genotypes with at least one copy of an ALT."""
    people = "homozygotes + heterozygotes + hemizygotes + half_calls"
    query = f"SELECT sum({people}) FROM allele_frequency('all')"
    return float(connection.execute(query).fetchall()[0][0])


def asked_of(connection: "DuckDBPyConnection", sql: str) -> Contestant:
    return question("allelake", sql, lambda: connection.execute(sql).to_arrow_table())


def asked_in_turn(
    connections: "dict[str, DuckDBPyConnection]", sql: str, times: int
) -> dict[str, list[Run]]:
    """Asks once to be warm, then `times` times."""
    asked = {}
    for number, connection in connections.items():
        one = asked_of(connection, sql)
        one.run(False)
        asked[number] = lambda one=one: one.run(False)
    return alternate(asked, times)


def sites_of(lake: Path) -> int:
    with open_lake(lake) as opened, opened.connect() as connection:
        return int(connection.execute("SELECT count(*) FROM sites").fetchall()[0][0])


def _put(growth: Growth, measure: str, runs: dict[str, list[Run]], factor: float = 1) -> None:
    growth.measures[measure] = [
        factor * median(run.wall_seconds for run in each) for each in runs.values()
    ]
