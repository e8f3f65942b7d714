"""The lakes that questions are asked of: 25 contigs, 8 batches, more than 1,000 files."""

from dataclasses import dataclass
from pathlib import Path

from bench_context import COHORT, Bench
from peers import allelake
from simulate import Cohort
from simulate_cohort import CONTIG, OFFSET_BP, names
from simulate_lake import LakeFiles

from allelake import open as open_lake

EVERYBODY = "large"
# So far inside the stretch, as a part of its length, the questions look.
WHERE = 0.5
REGION_BP = 100_000


@dataclass(frozen=True)
class Asked:
    """A lake, and the places and people that are asked about."""

    lake: Path
    people: int
    cohort: Path
    region: str
    # A variant with one ALT that about a twentieth of the people carry.
    position: int
    name: str
    identifier: str
    person: str

    @property
    def at(self) -> str:
        return f"{CONTIG}:{self.position}"


def build(bench: Bench, cohort: Cohort, vcf: Path, files: LakeFiles) -> Asked:
    """Ingests eight batches, defines the cohorts, and chooses what is asked about. Not timed."""
    lake = bench.work / f"query-{cohort.people}.lake"
    bench.new_lake(lake)
    for batch in ([vcf, *files.large], *files.small):
        bench.run(allelake("ingest", lake, *batch))
    tenth = bench.cohort_file(cohort.people)
    everybody = bench.work / f"all-{cohort.people}.txt"
    everybody.write_text("\n".join(names(cohort.people)) + "\n")
    for name, path in ((COHORT, tenth), (EVERYBODY, everybody)):
        bench.run(allelake("cohort", "define", lake, name, "--samples", path))
    first = OFFSET_BP + round(WHERE * cohort.length_bp) + 1
    last = first + min(REGION_BP, round(cohort.length_bp / 4)) - 1
    region = f"{CONTIG}:{first}-{last}"
    position, ref, alt, identifier = chosen_variant(lake, region)
    describe(bench, lake, cohort.people)
    return Asked(
        lake,
        cohort.people,
        tenth,
        region,
        position,
        f"{CONTIG}-{position}-{ref}-{alt}",
        identifier,
        names(cohort.people)[cohort.people // 3],
    )


def chosen_variant(lake: Path, region: str) -> tuple[int, str, str, str]:
    """Position, REF, ALT and identifier of the variant whose frequency is nearest to 0.025."""
    with open_lake(lake) as opened, opened.connect() as connection:
        (row,) = connection.execute(
            "SELECT f.position, f.ref, f.alt, s.id FROM allele_frequency(?, in_region := ?) f "
            "JOIN sites s USING (contig, position, ref, alt) "
            "WHERE s.id IS NOT NULL AND coalesce(s.record_alt_total, 1) = 1 "
            "ORDER BY abs(f.af - 0.025), f.position LIMIT 1",
            [EVERYBODY, region],
        ).fetchall()
    return row


def describe(bench: Bench, lake: Path, people: int) -> None:
    """Puts what the lake consists of into the results."""
    files = list((lake / "data").rglob("*.parquet"))
    with open_lake(lake) as opened, opened.connect() as connection:
        batches, variants, contigs = connection.execute(
            "SELECT (SELECT count(*) FROM batches), count(*), count(DISTINCT contig) "
            "FROM (SELECT DISTINCT contig, position, ref, alt FROM sites)"
        ).fetchall()[0]
    size = sum(file.stat().st_size for file in files) / 1e6
    bench.results.data[f"lake of {people:,} people"] = (
        f"{batches} batches, {contigs} contigs, {variants:,} variants, {len(files):,} files, "
        f"{size:.0f} MB"
    )
