"""Random small cohorts: VCF text -> lake -> each macro equals the plain reference.

A failing seed is in the test's name. `ALLELAKE_SEEDS=100:150` asks about those seeds instead, with
`ALLELAKE_SHAPE=sources` of lakes of every kind of file.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import pytest

import allelake
import reference as ref
from lakes import CohortOrder, Row, asking, lake_of, mixed_lake_of
from properties.asking import by_variant, call, region_texts, rule_arguments, variant_of
from properties.grid import (
    Question,
    cohorts_of,
    members_of,
    mixed_reference,
    questions_of,
    reference_lake,
)
from random_cohort import RandomCohort, Shape, random_cohort
from random_per_sample import MixedCohort, mixed_cohort
from reference import Lake

FEW = Shape()
# More than 51 genotypes of a block that are no default make a variant common.
MANY = Shape(batches=2, samples=150, fewest_samples=70, sites=12, with_mixed_ploidy=False)
# People whose ploidy changes from record to record. At a common variant nothing on disk tells their
# `0` from a half-call, so call rates are not asked of these.
MIXED = replace(MANY, with_mixed_ploidy=True)
# Over the end of a block of 1,024.
WIDE = replace(MANY, samples=1_300, fewest_samples=600, sites=4)

# gVCFs of several dialects, single-sample VCFs, exomes and a joint call set in one lake.
SOURCES = None

CASES = [("many", MANY, 103), ("sources", SOURCES, 0)]
SLOW_CASES = (
    [("few", FEW, seed) for seed in (3, 5, *range(200, 212))]
    + [("many", MANY, seed) for seed in (102, 104, *range(230, 234))]
    + [("mixed", MIXED, seed) for seed in range(230, 232)]
    + [("wide", WIDE, seed) for seed in range(240, 242)]
    + [("sources", SOURCES, seed) for seed in (1, 2, 3, *range(250, 262))]
)
if os.environ.get("ALLELAKE_SEEDS"):
    first, last = map(int, os.environ["ALLELAKE_SEEDS"].split(":"))
    shapes = {"few": FEW, "many": MANY, "sources": SOURCES}
    chosen = os.environ.get("ALLELAKE_SHAPE", "few")
    CASES, SLOW_CASES = [(chosen, shapes[chosen], seed) for seed in range(first, last)], []

QUESTIONS = 6


@dataclass
class Asked:
    """A lake, the same people in the plain reference, and what to ask."""

    cohort: RandomCohort | MixedCohort
    lake: allelake.Lake
    reference: Lake
    ask: Callable[[str], list[Row]]
    questions: list[Question]
    shape: Shape | None

    @property
    def cohorts(self) -> tuple[CohortOrder, ...]:
        return members_of(self.cohort, self.reference)

    @property
    def has_people_with_two_samples(self) -> bool:
        return bool(self.reference.participants)


@pytest.fixture(
    scope="module",
    params=[pytest.param(case, id=f"{case[0]}-{case[2]}") for case in CASES]
    + [
        pytest.param(case, id=f"{case[0]}-{case[2]}", marks=pytest.mark.slow) for case in SLOW_CASES
    ],
)
def asked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asked]:
    name, shape, seed = request.param
    folder = tmp_path_factory.mktemp(f"{name}{seed}")
    cohort: RandomCohort | MixedCohort
    if shape is SOURCES:
        cohort = mixed_cohort(seed)
        lake = mixed_lake_of(folder, cohort, cohorts_of(cohort))
        reference = mixed_reference(cohort, asking(lake)("FROM samples"))
    else:
        cohort = random_cohort(seed, shape)
        lake = lake_of(folder, cohort, cohorts_of(cohort))
        reference = reference_lake(cohort)
    questions = questions_of(cohort, reference)
    yield Asked(cohort, lake, reference, asking(lake), questions, shape)
    lake.close()


def differences(expected: dict, found: dict) -> list[str]:  # type: ignore[type-arg]
    told = [
        f"{key}: expected {expected.get(key)}, found {found.get(key)}"
        for key in sorted(expected.keys() | found.keys(), key=str)
        if expected.get(key) != found.get(key)
    ]
    return told[:3]


def frequency_call(question: Question, macro: str = "allele_frequency", **further: object) -> str:
    regions = region_texts(question.regions)
    named = {"in_region": regions, **rule_arguments(question.rules), **further}
    return call(macro, question.cohort.name, **named)


def test_a_lake_agrees_with_itself(asked: Asked) -> None:
    assert asked.lake.check() == []


def test_allele_frequency(asked: Asked) -> None:
    for question in asked.questions[:QUESTIONS]:
        expected = ref.allele_frequency(
            asked.reference, question.cohort.samples, question.regions, question.rules
        )
        found = by_variant(asked.ask(frequency_call(question)), ref.Frequency)
        assert differences(expected, found) == [], question


def test_allele_frequency_with_bounds(asked: Asked) -> None:
    for question, bounds in zip(
        asked.questions[:3],
        ({"min_ac": 1}, {"min_an": 1}, {"min_ac": 2, "min_an": 3}),
        strict=True,
    ):
        expected = ref.allele_frequency(
            asked.reference, question.cohort.samples, question.regions, question.rules, **bounds
        )
        found = by_variant(asked.ask(frequency_call(question, **bounds)), ref.Frequency)
        assert differences(expected, found) == [], (question, bounds)


def test_carriers(asked: Asked) -> None:
    for question in asked.questions[:QUESTIONS]:
        expected = ref.carriers(
            asked.reference, question.cohort.samples, question.regions, question.rules
        )
        rows = asked.ask(
            call(
                "carriers",
                region_texts(question.regions),
                in_cohort=question.cohort.name,
                **rule_arguments(question.rules),
            )
        )
        found = {
            (variant_of(row), row["sample_id"]): ref.Carrier(
                *(row[name] for name in ref.Carrier._fields)  # type: ignore[arg-type]
            )
            for row in rows
        }
        assert len(found) == len(rows)
        assert differences(expected, found) == [], question


def test_one_region_is_answered_as_a_list_of_it(asked: Asked) -> None:
    """Of one region where nothing has to be told apart shorter plans give the same."""
    spans = asked.ask(
        "SELECT contig, quantile_disc(position, 0.3) AS low, quantile_disc(position, 0.7) AS high "
        "FROM sites WHERE struct_extract(asked_plain_piece(contig), 'low') > 0 GROUP BY contig "
        "LIMIT 1"
    )
    ends = ("", ":{low}-{high}", ":{high}", ":{low}-")
    regions = [f"{span['contig']}{end.format(**span)}" for span, end in product(spans, ends)]
    assert asked.ask("SELECT is_known_cohort('listed') AS is_known") == [{"is_known": True}]
    if asked.shape is MANY:
        # Else the two plans would be compared with themselves.
        assert regions and asked.ask("SELECT is_plain_lake() AS is_plain") == [{"is_plain": True}]
    (anybody, *_) = asked.cohort.batches[0].samples
    templates = (
        "SELECT * REPLACE (list_sort(failed_filters) AS failed_filters) "
        "FROM allele_counts('listed', NULL, {}, 'raw', 'by_sex', 'any')",
        "SELECT * EXCLUDE (failed_filters) "
        "FROM allele_counts('nobody', NULL, {}, 'raw_blocks', 'as_called', 'any')",
        "FROM carriers({}, in_cohort := 'listed')",
        f"FROM sample_variants('{anybody}', in_region := {{}}, in_policy := 'raw_blocks')",
    )
    for region, template in product(regions, templates):
        one, many = template.format(f"'{region}'"), template.format(f"['{region}']")
        rows = asked.ask(f"({one} EXCEPT ALL {many}) UNION ALL ({many} EXCEPT ALL {one})")
        assert rows == [], (one, len(rows))


def test_genotype_counts(asked: Asked) -> None:
    for question in asked.questions[:QUESTIONS]:
        expected = ref.genotype_counts(
            asked.reference, question.cohort.samples, question.regions, question.rules
        )
        found = by_variant(
            asked.ask(frequency_call(question, "genotype_counts")), ref.GenotypeCounts
        )
        assert differences(expected, found) == [], question


@pytest.mark.parametrize("attribute", ["population", "sex"])
def test_allele_frequency_by_an_attribute(asked: Asked, attribute: str) -> None:
    for question in asked.questions[:3]:
        whole = ref.allele_frequency_by(
            asked.reference,
            attribute,
            question.cohort.samples,
            question.regions,
            question.rules,
        )
        # Why there is no copy is told of a cohort, not of each of its parts.
        expected = {key: row._replace(zero_reason=None) for key, row in whole.items()}
        rows = asked.ask(
            call(
                "allele_frequency_by",
                question.cohort.name,
                attribute,
                in_region=region_texts(question.regions),
                **rule_arguments(question.rules),
            )
        )
        found = {
            (variant_of(row), row["attribute_value"]): ref.Frequency(
                *(row.get(name) for name in ref.Frequency._fields)  # type: ignore[arg-type]
            )
            for row in rows
        }
        assert len(found) == len(rows)
        assert differences(expected, found) == [], question


def near(expected: dict, found: dict) -> list[str]:  # type: ignore[type-arg]
    """As `differences`, for means, ratios and probabilities: equal to nine digits."""
    return differences(
        {key: rounded(value) for key, value in expected.items()},
        {key: rounded(value) for key, value in found.items()},
    )


def rounded(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(rounded, value))
    return float(f"{value:.9g}") if isinstance(value, float) else value


@pytest.mark.parametrize(
    ("macro", "shape"),
    [
        ("call_rate", ref.CallRate),
        ("hardy_weinberg", ref.HardyWeinberg),
        ("private_variants", ref.Private),
    ],
)
def test_a_macro_with_a_row_per_variant(asked: Asked, macro: str, shape: type) -> None:
    if macro == "call_rate" and asked.shape is MIXED:
        pytest.skip("ploidy changes from record to record: see MIXED")
    if macro == "private_variants" and asked.has_people_with_two_samples:
        pytest.skip("a participant's second sample is neither in the cohort nor another's")
    for question in asked.questions[:QUESTIONS]:
        expected = getattr(ref, macro)(
            asked.reference, question.cohort.samples, question.regions, question.rules
        )
        found = by_variant(asked.ask(frequency_call(question, macro)), shape)
        assert near(expected, found) == [], question


def test_cohort_summary(asked: Asked) -> None:
    if asked.shape is MIXED:
        pytest.skip("ploidy changes from record to record: see MIXED")
    for question in asked.questions[:4]:
        expected = ref.cohort_summary(
            asked.reference, question.cohort.samples, question.regions, question.rules
        )
        rows = asked.ask(frequency_call(question, "cohort_summary"))
        found = {(row["section"], row["item"]): row["value"] for row in rows}
        assert near(expected, found) == [], question


def test_sample_summary(asked: Asked) -> None:
    depths = ref.mean_depths(asked.reference)
    for cohort in asked.cohorts:
        summaries = ref.sample_summary(asked.reference, cohort.samples)
        expected = {name: (*row, *depths[name]) for name, row in summaries.items()}
        columns = (*ref.SampleSummary._fields, "mean_dp", "mean_gq")
        found = {
            row["sample_id"]: tuple(row[column] for column in columns)
            for row in asked.ask(call("sample_summary", cohort.name))
        }
        assert near(expected, found) == [], cohort.name


def test_sample_variants_are_the_carriers_rows_of_one_sample(asked: Asked) -> None:
    for question in asked.questions[:3]:
        name = asked.reference.samples[len(question.cohort.samples) // 2]
        named = {"in_region": region_texts(question.regions), **rule_arguments(question.rules)}
        rows = asked.ask(call("sample_variants", name, **named))
        carriers = ref.carriers(asked.reference, [name], question.regions, question.rules)
        expected = {variant: row for (variant, _), row in carriers.items()}
        assert differences(expected, by_variant(rows, ref.Carrier)) == [], (name, question)


def test_variants_in(asked: Asked) -> None:
    for question in asked.questions[:4]:
        expected = ref.variants_in(asked.reference, question.regions)
        rows = asked.ask(call("variants_in", region_texts(question.regions)))
        assert differences(expected, by_variant(rows, ref.Known)) == [], question.regions


def test_a_variant_is_found_by_its_name(asked: Asked) -> None:
    known = ref.variants_in(asked.reference)
    for variant in list(known)[:5]:
        alike = {v: row for v, row in known.items() if v[:4] == variant[:4]}
        rows = asked.ask(call("variant", "-".join(map(str, variant[:4]))))
        assert differences(alike, by_variant(rows, ref.Known)) == []


def test_cohort_overlap(asked: Asked) -> None:
    if asked.has_people_with_two_samples:
        pytest.skip("people and samples are counted apart: see the specs of cohort_overlap")
    cohorts = asked.cohorts
    for one, other in product(cohorts, cohorts):
        (row,) = asked.ask(call("cohort_overlap", one.name, other.name))
        found = ref.Overlap(*(row[name] for name in ref.Overlap._fields))  # type: ignore[arg-type]
        assert found == ref.cohort_overlap(one.samples, other.samples), (one.name, other.name)


def test_cohort_samples(asked: Asked) -> None:
    for cohort in asked.cohorts:
        rows = asked.ask(call("cohort_samples", cohort.name))
        assert sorted(row["sample_id"] for row in rows) == sorted(cohort.samples)


def test_adj_is_an_error_where_no_batch_has_the_fields(asked: Asked) -> None:
    if any(batch.has_adj for batch in asked.reference.batches):
        pytest.skip("a batch of this lake has GQ, DP and AD")
    with pytest.raises(allelake.QueryError, match="adj@1"):
        asked.lake.allele_frequency(policy="adj@1").to_arrow()
