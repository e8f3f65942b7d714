"""All 19 kinds of genotype in every zone, under every rule, in both tiers, of plain files too."""

from collections.abc import Callable
from itertools import product

import pytest

import reference as ref
from lakes import Row, asking, lake_of
from properties.asking import by_variant, call, rule_arguments, variant_of
from properties.grid import FILTERS, PLOIDIES, POLICIES
from properties.nineteen_kinds import KINDS, call_set, filler, people
from random_cohort import RandomBatch, RandomCohort
from reference import Batch, Lake, Rules

# One person of each kind and sex: at most 42 of 57 genotypes are no default, so all are rare.
# Two of each: at least 66 of 114 in one block, so common. Three of each behind 990 others: 34
# people in one block, rare, and 137 in the next, common. Without details bits are all there is of
# the common ones.
LAYOUTS = {
    "rare": (1, 0, True),
    "common": (2, 0, True),
    "over_two_blocks": (3, 990, True),
    "whole": (3, 990, False),
}
Ask = Callable[[str], list[Row]]


@pytest.fixture(
    scope="module",
    # In two blocks there are rows of both tiers.
    params=[
        pytest.param(name, marks=[pytest.mark.slow] * (name in ("rare", "common")))
        for name in LAYOUTS
    ],
)
def asked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Lake, Ask]:
    copies, before, has_details = LAYOUTS[request.param]
    everyone = people(copies)
    texts = [filler(before)] if before else []
    texts.append(call_set(copies, has_details))
    kinds = {name: f"{kind} {sex}" for name, kind, sex in everyone}
    reference = Lake(
        tuple(Batch((text,)) for text in texts),
        sexes={name: sex for name, _, sex in everyone},
        attributes={"kind": kinds},
    )
    batches = tuple(RandomBatch((text,), ref.read_vcf(text).samples) for text in texts)
    cohort = RandomCohort(0, "GRCh38", batches, reference.sexes, {})
    folder = tmp_path_factory.mktemp(request.param)
    lake = lake_of(folder, cohort, attributes={"kind": kinds})
    assert lake.check() == []
    return reference, asking(lake)


def test_the_tiers_are_those_that_the_layout_means(
    asked: tuple[Lake, Ask], request: pytest.FixtureRequest
) -> None:
    _, ask = asked
    counts = {
        row["tier"]: row["n"] for row in ask("SELECT tier, count(*) AS n FROM calls GROUP BY 1")
    }
    layout = request.node.callspec.params["asked"]
    assert ("common" in counts) == (layout != "rare")
    (whole,) = ask("SELECT count(*) AS n FROM bits WHERE is_whole")
    assert (whole["n"] > 0) == (layout == "whole")
    assert "rare" in counts


ALL_RULES = [Rules(*rules) for rules in product(POLICIES, PLOIDIES, FILTERS[:1])]


def skip_adj_without_fields(reference: Lake, rules: Rules) -> None:
    if rules.policy == "adj@1" and not any(batch.has_adj for batch in reference.batches):
        pytest.skip("this lake has no GQ, DP and AD")


@pytest.mark.parametrize("rules", ALL_RULES, ids=lambda r: f"{r.policy}-{r.ploidy}")
def test_everyone_together(asked: tuple[Lake, Ask], rules: Rules) -> None:
    reference, ask = asked
    skip_adj_without_fields(reference, rules)
    rows = ask(call("allele_frequency", "all", **rule_arguments(rules)))
    found = by_variant(rows, ref.Frequency)
    expected = ref.allele_frequency(reference, rules=rules)
    wrong = [v for v in expected if found.get(v) != expected[v]]
    assert [(v, expected[v], found.get(v)) for v in wrong[:2]] == []
    assert found.keys() == expected.keys()


@pytest.mark.parametrize(
    "rules",
    # Of a call set without blocks raw_blocks counts as raw does.
    [
        pytest.param(rules, marks=[pytest.mark.slow] * (rules.policy == "raw_blocks"))
        for rules in ALL_RULES
    ],
    ids=lambda r: f"{r.policy}-{r.ploidy}",
)
def test_each_kind_and_sex_alone(asked: tuple[Lake, Ask], rules: Rules) -> None:
    """57 groups of a kind and a sex: nothing can make up for another's mistake."""
    reference, ask = asked
    skip_adj_without_fields(reference, rules)
    rows = ask(call("allele_frequency_by", "all", "kind", **rule_arguments(rules)))
    found = {
        (variant_of(row), row["attribute_value"]): ref.Frequency(
            *(row.get(name) for name in ref.Frequency._fields)  # type: ignore[arg-type]
        )
        for row in rows
    }
    # Groups are not told why their count is 0.
    expected = {
        key: row._replace(zero_reason=None)
        for key, row in ref.allele_frequency_by(reference, "kind", rules=rules).items()
    }
    wrong = [key for key in expected if found.get(key) != expected[key]]
    assert [(key, expected[key], found.get(key)) for key in wrong[:2]] == []
    assert found.keys() == expected.keys()


@pytest.mark.parametrize("ploidy", PLOIDIES)
def test_every_carrier(asked: tuple[Lake, Ask], ploidy: ref.PloidyRule) -> None:
    """Alleles, ploidy and phase of each, of a sample alone too."""
    reference, ask = asked
    rules = Rules("raw", ploidy)
    rows = ask(call("carriers", **rule_arguments(rules)))
    found = {(variant_of(row), row["sample_id"]): carrier_of(row) for row in rows}
    expected = ref.carriers(reference, rules=rules)
    wrong = [key for key in expected if found.get(key) != expected[key]]
    assert [(key, expected[key], found.get(key)) for key in wrong[:2]] == []
    assert found.keys() == expected.keys()
    for name in reference.samples[-57::7]:
        own = by_variant(ask(call("sample_variants", name, **rule_arguments(rules))), ref.Carrier)
        assert own == {variant: row for (variant, who), row in expected.items() if who == name}


def carrier_of(row: Row) -> ref.Carrier:
    return ref.Carrier(*(row[name] for name in ref.Carrier._fields))  # type: ignore[arg-type]


def test_there_are_nineteen_kinds() -> None:
    assert len(set(KINDS)) == 19
