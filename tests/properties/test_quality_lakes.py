"""Random small cohorts: quality of sites and samples equals the plain reference."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

import allelake
import reference_quality as quality
from allelake.structure.sites import SiteRules
from lakes import Row, asking, lake_of, mixed_lake_of
from properties.asking import call, variant_of
from properties.grid import cohorts_of, members_of, mixed_reference, reference_lake
from random_cohort import Shape, random_cohort
from random_per_sample import mixed_cohort
from reference import Lake, Rules, Variant, answers_at
from structure_reading import read_sites

FEW = Shape()
# No people whose ploidy changes from record to record: at a common variant nothing on disk tells
# their `0` from a half-call.
MANY = Shape(batches=2, samples=150, fewest_samples=70, sites=12, with_mixed_ploidy=False)

CASES = [("few", 3)]
SLOW_CASES = [
    ("sources", 0),
    *(("few", seed) for seed in (*range(300, 309), 320, 321)),
    *(("many", seed) for seed in range(300, 302)),
    *(("sources", seed) for seed in range(300, 306)),
]


@dataclass
class Asked:
    lake: allelake.Lake
    reference: Lake
    ask: Callable[[str], list[Row]]
    cohorts: dict[str, tuple[str, ...]]


@pytest.fixture(
    scope="module",
    params=[pytest.param(case, id=f"{case[0]}-{case[1]}") for case in CASES]
    + [pytest.param(c, id=f"{c[0]}-{c[1]}", marks=pytest.mark.slow) for c in SLOW_CASES],
)
def asked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asked]:
    name, seed = request.param
    folder: Path = tmp_path_factory.mktemp(f"quality_{name}{seed}")
    if name == "sources":
        mixed = mixed_cohort(seed)
        lake = mixed_lake_of(folder, mixed, cohorts_of(mixed))
        reference = mixed_reference(mixed, asking(lake)("FROM samples"))
        orders = members_of(mixed, reference)
    else:
        cohort = random_cohort(seed, FEW if name == "few" else MANY)
        lake = lake_of(folder, cohort, cohorts_of(cohort))
        reference = reference_lake(cohort)
        orders = members_of(cohort, reference)
    chosen = {order.name: order.samples for order in orders if order.name in ("all", "listed")}
    yield Asked(lake, reference, asking(lake), chosen)
    lake.close()


def near(value: object) -> object:
    """To nine figures; None and lists as they are."""
    return pytest.approx(value, rel=1e-9, abs=1e-12) if isinstance(value, float) else value


def test_sample_quality(asked: Asked) -> None:
    names = quality.SampleQuality._fields
    for cohort, members in asked.cohorts.items():
        expected = quality.sample_quality(asked.reference, members)
        rows = {str(r["sample_id"]): r for r in asked.ask(call("sample_quality", cohort))}
        assert set(rows) == set(expected)
        for sample, row in expected.items():
            for name in names:
                told = (cohort, sample, name)
                assert rows[sample][name] == near(getattr(row, name)), told


def test_site_quality(asked: Asked) -> None:
    """Balances need records that keep reads; a sample asked alone keeps its own."""
    for cohort, members in asked.cohorts.items():
        expected = quality.site_quality(asked.reference, members)
        rows = {variant_of(r): r for r in asked.ask(call("site_quality", cohort))}
        assert set(rows) == set(expected)
        for variant, row in expected.items():
            for name in quality.SiteQuality._fields:
                told = (cohort, variant, name)
                assert rows[variant][name] == near(getattr(row, name)), told


def test_batch_differences(asked: Asked) -> None:
    populations = asked.reference.attributes["population"]
    values = [populations.get(name) for name in asked.reference.samples]
    if len({value for value in values if value}) < 2:
        pytest.skip("all of one population")
    for within in (None, "sex"):
        strata = None if within is None else dict(asked.reference.sexes)
        expected = quality.batch_differences(
            asked.reference, populations, strata, asked.cohorts["all"], rules=Rules()
        )
        arguments = {"in_attribute": "population", "in_stratum": within}
        of_strata = defaultdict(set)
        for name in asked.cohorts["all"]:
            if populations.get(name):
                of_strata[strata and strata.get(name)].add(populations[name])
        if all(len(parts) < 2 for parts in of_strata.values()):
            with pytest.raises(duckdb.Error, match="there is nothing to compare"):
                asked.ask(call("batch_differences", "all", **arguments))
            continue
        rows = asked.ask(call("batch_differences", "all", **arguments))
        found = {(variant_of(r), str(r["attribute_value"])): r for r in rows}
        for key, row in expected.items():
            if key not in found:
                assert row.p is None or within, key
                continue
            own = found[key]
            if within is None:
                counts = (own["ac"], own["an"], own["other_ac"], own["other_an"])
                assert counts == row[:4], key
                assert own["p"] == pytest.approx(row.p, rel=1e-7), key
            elif own["test"] == "cmh":
                assert own["p"] == pytest.approx(row.p, rel=1e-7), key


def test_genotypes_that_structure_compares_people_by(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two called alleles, or missing: one place, a half-call, a contig without records, a gap."""
    monkeypatch.setattr("allelake.structure.sites.FEWEST_SITES", 0)
    order = asked.ask("SELECT sample_id FROM samples ORDER BY sample_number")
    known: defaultdict[tuple[str, int], list[Variant]] = defaultdict(list)
    for variant in asked.reference.variants:
        if len(variant.ref) == len(variant.alt) == 1 and variant.alt in "ACGT":
            known[variant.contig, variant.position].append(variant)
    for cohort, members in asked.cohorts.items():
        names = [str(row["sample_id"]) for row in order if row["sample_id"] in members]
        sites, rows = read_sites(asked.lake.path, SiteRules(min_maf=0, max_missing=1), cohort)
        for site, row in zip(sites, rows, strict=True):
            (variant,) = known[site]
            answers = answers_at(asked.reference, variant, Rules())
            counts = [answers[name].counted for name in names]
            wanted = [each.ac if each is not None and each.an == 2 else None for each in counts]
            assert row == wanted, (cohort, variant)


def test_x_heterozygosity(asked: Asked) -> None:
    expected = quality.x_heterozygosity(asked.reference, asked.cohorts["all"])
    rows = {str(r["sample_id"]): r for r in asked.ask(call("inferred_sex", "all"))}
    for sample, (called, heterozygotes, f) in expected.items():
        if rows[sample]["x_genotypes"] is None:
            assert not quality.is_joint(asked.reference, sample)
            continue
        assert (rows[sample]["x_genotypes"], rows[sample]["x_heterozygotes"]) == (
            called,
            heterozygotes,
        ), sample
        assert rows[sample]["x_f"] == near(f), sample
