"""Which cohorts, regions and rules a random lake is asked about."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import reference as ref
from lakes import CohortOrder
from random_cohort import RandomCohort
from reference import Batch, Lake, Rules

POLICIES: tuple[ref.Policy, ...] = ("raw", "adj@1")
PLOIDIES: tuple[ref.PloidyRule, ...] = ("as_called", "by_sex")
FILTERS: tuple[ref.FilterRule, ...] = ("any", "pass")


def reference_lake(cohort: RandomCohort) -> Lake:
    """The same people in the plain reference."""
    batches = tuple(Batch(b.texts, b.absent, assembly=cohort.assembly) for b in cohort.batches)
    return Lake(batches, cohort.assembly, cohort.sexes, {"population": cohort.populations})


def cohorts_of(cohort: RandomCohort) -> tuple[CohortOrder, ...]:
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


def questions_of(cohort: RandomCohort, lake: Lake) -> list[Question]:
    """Every question, in a random order of the cohort's seed."""
    everything = product(cohorts_of(cohort), regions_of(lake, cohort.seed), rules_of(lake))
    questions = [Question(*each) for each in everything]
    random.Random(cohort.seed).shuffle(questions)
    return questions


def rules_of(lake: Lake) -> Iterator[Rules]:
    """All rules that the lake can answer under."""
    for policy, ploidy, filters in product(POLICIES, PLOIDIES, FILTERS):
        if policy == "raw" or any(batch.has_adj for batch in lake.batches):
            yield Rules(policy, ploidy, filters)


def regions_of(lake: Lake, seed: int) -> tuple[list[ref.Region] | None, ...]:
    """Everywhere, one region, and several that overlap."""
    rng = random.Random(seed)
    some = rng.sample(lake.variants, min(3, len(lake.variants)))
    around = [(v.contig, max(1, v.position - 3), v.position + 3) for v in some]
    return (None, around[:1], [*around, *around[:1]]) if around else (None,)
