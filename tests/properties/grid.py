"""Which cohorts, regions and rules a random lake is asked about."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import reference as ref
from lakes import CohortOrder, Row
from random_cohort import RandomCohort
from random_per_sample import Ingest, MixedCohort
from reference import Batch, Lake, Rules
from reference_per_sample import PerSampleBatch, bed_regions

POLICIES: tuple[ref.Policy, ...] = ("raw", "raw_blocks", "adj@1")
PLOIDIES: tuple[ref.PloidyRule, ...] = ("as_called", "by_sex")
FILTERS: tuple[ref.FilterRule, ...] = ("any", "pass")


def reference_lake(cohort: RandomCohort) -> Lake:
    """The same people in the plain reference."""
    batches = tuple(batch_of(b.texts, b.absent, cohort.assembly) for b in cohort.batches)
    return Lake(batches, cohort.assembly, cohort.sexes, {"population": cohort.populations})


def batch_of(texts: tuple[str, ...], absent: str, assembly: str) -> ref.AnyBatch:
    """A file of one sample asked that sample alone."""
    if len(ref.read_vcf(texts[0]).samples) == 1:
        return PerSampleBatch(texts, absent, assembly=assembly)  # type: ignore[arg-type]
    return Batch(texts, absent, assembly=assembly)  # type: ignore[arg-type]


def mixed_reference(cohort: MixedCohort, samples: Iterable[Row]) -> Lake:
    """The same in the plain reference; the lake's table `samples` says which batch each is in."""
    told = sorted(samples, key=lambda row: int(str(row["sample_number"])))
    batches: dict[object, list[str]] = {}
    for row in told:
        batches.setdefault(row["batch"], []).append(str(row["sample_id"]))
    numbers = sorted(batches, key=lambda batch: int(str(batch)))
    return Lake(
        tuple(mixed_batch(cohort, tuple(batches[number])) for number in numbers),
        cohort.assembly,
        cohort.sexes,
        {"population": cohort.populations},
        cohort.participants,
        cohort.preferred if cohort.participants else frozenset(),
    )


def mixed_batch(cohort: MixedCohort, names: tuple[str, ...]) -> ref.AnyBatch:
    (ingest,) = (ingest for ingest in cohort.batches if set(names) <= set(ingest.samples))
    if ingest.is_joint:
        return Batch(
            ingest.texts,
            ingest.absent,
            assembly=cohort.assembly,
            regions=regions_in(cohort, ingest),
        )
    texts = tuple(t for t in ingest.texts if set(ref.read_vcf(t).samples) <= set(names))
    return PerSampleBatch(
        texts, ingest.absent, regions_in(cohort, ingest), cohort.assembly, order=names
    )


def regions_in(cohort: MixedCohort, ingest: Ingest) -> tuple[ref.Region, ...]:
    return bed_regions(cohort.assembly, ingest.bed or "")


def cohorts_of(cohort: RandomCohort | MixedCohort) -> tuple[CohortOrder, ...]:
    """Everyone, two by predicate, one by list, and one that is empty."""
    everyone = tuple(name for batch in cohort.batches for name in batch.samples)
    rng = random.Random(cohort.seed)
    listed = tuple(sorted(rng.sample(everyone, (len(everyone) + 1) // 2)))
    chs = tuple(name for name in everyone if cohort.populations[name] == "CHS")
    xx = tuple(name for name in everyone if cohort.sexes[name] == "XX")
    return (
        CohortOrder("all", None, everyone),
        CohortOrder("chs", "population = 'CHS'", chs),
        CohortOrder("women", "sex = 'XX'", xx),
        CohortOrder("listed", None, listed),
        CohortOrder("nobody", "population = 'none of them'", ()),
    )


@dataclass(frozen=True)
class Question:
    """One cohort, some regions, some rules."""

    cohort: CohortOrder
    regions: list[ref.Region] | None
    rules: Rules


def members_of(cohort: RandomCohort | MixedCohort, lake: Lake) -> tuple[CohortOrder, ...]:
    """The cohorts with those samples that count: one for each participant."""
    return tuple(
        replace(order, samples=lake.counted_once(order.samples)) for order in cohorts_of(cohort)
    )


def questions_of(cohort: RandomCohort | MixedCohort, lake: Lake) -> list[Question]:
    """Every question, in a random order of the cohort's seed."""
    everything = product(members_of(cohort, lake), regions_of(lake, cohort.seed), rules_of(lake))
    questions = [Question(*each) for each in everything]
    random.Random(cohort.seed).shuffle(questions)
    return questions


def rules_of(lake: Lake) -> Iterator[Rules]:
    """All rules that the lake can answer under."""
    for policy, ploidy, filters in product(POLICIES, PLOIDIES, FILTERS):
        if policy != "adj@1" or any(batch.has_adj for batch in lake.batches):
            yield Rules(policy, ploidy, filters)


def regions_of(lake: Lake, seed: int) -> tuple[list[ref.Region] | None, ...]:
    """Everywhere, one region, and several that overlap."""
    rng = random.Random(seed)
    some = rng.sample(lake.variants, min(3, len(lake.variants)))
    around = [(v.contig, max(1, v.position - 3), v.position + 3) for v in some]
    return (None, around[:1], [*around, *around[:1]]) if around else (None,)
