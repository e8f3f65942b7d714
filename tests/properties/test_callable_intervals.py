"""`callable` and `calls.covered` of random lakes, base by base against the plain reference."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

import allelake
import reference as ref
from lakes import Row, asking, mixed_lake_of
from properties.asking import variant_of
from properties.grid import mixed_reference
from random_per_sample import mixed_cohort
from reference import Lake, Rules
from reference_per_sample import AS_SEX_SAYS, PerSampleBatch, Person, asked_span

# What each bit of `policies` stands for: a policy, its thresholds for one allele, a filter rule.
POLICIES = (("raw", False), ("raw_blocks", False), ("adj@1", False), ("adj@1", True))
LEVELS = [
    (Rules(policy, filter=filters), by_haploid)  # type: ignore[arg-type]
    for filters in ("any", "pass")
    for policy, by_haploid in POLICIES
]
SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (5, *range(300, 312)))]


@dataclass
class Made:
    lake: allelake.Lake
    reference: Lake
    rows: list[Row]

    def people(self) -> Iterator[tuple[int, PerSampleBatch, Person]]:
        number = 0
        for batch in self.reference.batches:
            for column, _name in enumerate(batch.samples):
                if isinstance(batch, PerSampleBatch):
                    yield number, batch, batch.people[column]
                number += 1

    def intervals(self, sample: int, contig: str, level: int) -> list[Row]:
        return sorted(
            (
                row
                for row in self.rows
                if row["sample_number"] == sample
                and row["contig"] == contig
                and int(str(row["policies"])) >> level & 1
            ),
            key=lambda row: int(str(row["start_position"])),
        )


@pytest.fixture(scope="module", params=SEEDS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    cohort = mixed_cohort(request.param)
    folder: Path = tmp_path_factory.mktemp(f"callable{request.param}")
    lake = mixed_lake_of(folder, cohort)
    ask = asking(lake)
    return Made(lake, mixed_reference(cohort, ask("FROM samples")), ask("FROM callable"))


def bases_near(lake: Lake) -> dict[str, list[int]]:
    """Bases within 25 of any record or block end."""
    found: dict[str, set[int]] = {}
    for batch in lake.batches:
        for calls in batch.call_sets:  # type: ignore[attr-defined]
            for record in calls.records:
                contig = ref.lake_contig(lake.assembly, record.contig)
                near = range(max(1, record.position - 2), record.position + 25)
                found.setdefault(contig, set()).update(near)
    return {contig: sorted(bases) for contig, bases in found.items()}


def at(intervals: list[Row], base: int) -> list[Row]:
    return [
        row
        for row in intervals
        if int(str(row["start_position"])) <= base <= int(str(row["end_position"]))
    ]


def test_each_base_is_worth_what_the_reference_says(made: Made) -> None:
    near = bases_near(made.reference)
    for number, batch, person in made.people():
        for contig, bases in near.items():
            for level, (rules, by_haploid) in enumerate(LEVELS):
                intervals = made.intervals(number, contig, level)
                for base in bases:
                    expected = batch.worth(person, contig, base, rules, by_haploid=by_haploid)
                    rows = at(intervals, base)
                    assert len(rows) <= 1, (person.name, contig, base, level)
                    found = (rows[0]["alleles"] or AS_SEX_SAYS) if rows else None
                    assert found == expected, (person.name, contig, base, level)


def test_intervals_are_merged_maximally(made: Made) -> None:
    for number, _batch, person in made.people():
        for contig in {str(row["contig"]) for row in made.rows}:
            for level in range(8):
                for one, next_one in pairwise(made.intervals(number, contig, level)):
                    end, start = int(str(one["end_position"])), int(str(next_one["start_position"]))
                    assert end < start, (person.name, contig, start, level)
                    alike = one["alleles"] == next_one["alleles"]
                    assert not alike or end + 1 < start, (person.name, contig, start, level)


def test_a_basis_is_regions_where_a_region_has_part_in_it(made: Made) -> None:
    for number, batch, person in made.people():
        for row in (row for row in made.rows if row["sample_number"] == number):
            contig, first = str(row["contig"]), int(str(row["start_position"]))
            last = min(int(str(row["end_position"])), first + 200)
            bases = range(first, last + 1)
            if any(batch.in_region(person, contig, base) for base in bases):
                assert row["basis"] == "regions", row
            elif last == row["end_position"]:
                assert row["basis"] in ("block", "record"), row


def test_covered_of_a_call_is_what_its_sample_is_known_to_be_there(made: Made) -> None:
    people = {number: (batch, person) for number, batch, person in made.people()}
    for row in asking(made.lake)("FROM calls WHERE covered IS NOT NULL"):
        batch, person = people[int(str(row["sample_number"]))]
        variant = variant_of(row)
        span = asked_span(variant)
        for level, (rules, by_haploid) in enumerate(LEVELS):
            expected = 0
            if span is not None:
                worths = {
                    batch.worth(person, variant.contig, base, rules, by_haploid=by_haploid)
                    for base in range(span[0], span[1] + 1)
                }
                worth = worths.pop()
                if not worths and worth is not None:
                    expected = 3 if isinstance(worth, str) else worth
            found = int(str(row["covered"])) >> 2 * level & 3
            assert found == expected, (person.name, variant, level)


def test_every_row_of_calls_is_the_samples_own_record(made: Made) -> None:
    expected = {
        (number, variant)
        for number, _batch, person in made.people()
        for variant in person.own
        if (own := person.own_record(variant)) is not None and own.genotype is not None
    }
    rows = asking(made.lake)("FROM calls WHERE covered IS NOT NULL")
    found = [(int(str(row["sample_number"])), variant_of(row)) for row in rows]
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert all(row["default_count"] == 0 and row["tier"] == "rare" for row in rows)
