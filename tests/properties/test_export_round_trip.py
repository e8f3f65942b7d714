"""A lake, exported as VCF and taken in again, answers as before.

Several batches become one; so what a batch says of itself (its parts of `an`, who is unknown
rather than missing) is not compared, only what is said of people and variants.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

import allelake
from lakes import Row, asking, lake_of, mixed_lake_of, write_people
from make_vcf import vcf
from properties.nineteen_kinds import call_set, filler, people
from properties.test_random_lakes import FEW, MANY, MIXED, WIDE
from random_cohort import random_cohort
from random_per_sample import mixed_cohort

CASES = [("sources", 0, ".vcf.gz")]
SEEDS = (
    [("few", seed) for seed in (3, *range(300, 312))]
    + [("many", seed) for seed in (103, *range(300, 306))]
    + [("mixed", seed) for seed in range(300, 304)]
    + [("wide", 300)]
    + [("sources", seed) for seed in range(300, 312)]
)
SLOW_CASES = [(*case, ending) for case in SEEDS for ending in (".vcf.gz", ".bcf")]
SHAPES = {"few": FEW, "many": MANY, "mixed": MIXED, "wide": WIDE}

COUNTS = "ac, an, af, homozygotes, heterozygotes, hemizygotes, half_calls"
KEY = "contig, position, ref, alt, end_position, sv_length"
GENOTYPE = (
    "sample_id, alt_count, called_count, participant_id, ploidy, haplotype, phase_set, dp, gq, "
    "ad_ref, ad_alt"
)


def lake_of_case(name: str, seed: int, folder: Path) -> allelake.Lake:
    if name == "sources":
        return mixed_lake_of(folder, mixed_cohort(seed))
    return lake_of(folder, random_cohort(seed, SHAPES[name]))


def taken_in_again(lake: allelake.Lake, folder: Path, ending: str = ".vcf.gz") -> allelake.Lake:
    """A lake of the export of everybody, with the same sexes."""
    exported = folder / f"exported{ending}"
    lake.export(exported)
    again = allelake.init(folder / "again", lake.info.assembly)
    again.ingest([exported], allelake.IngestOptions(workers=1))
    known = {row["sample_id"]: row for row in lake.samples()}
    columns = {
        name: {sample: str(row[name] or "") for sample, row in known.items()}
        for name in ("participant_id", "sex")
    }
    counted = [row["sample_id"] for row in lake.cohort_samples("all")]
    again.import_samples(write_people(folder / "again.tsv", columns, counted))
    return again


def answers(ask: Callable[[str], Iterable[Row]], known_only: bool) -> dict[str, list[str]]:
    """Answers by question; `known_only`: of variants at which somebody was called."""
    where = "WHERE an > 0" if known_only else ""
    asked = {
        ploidy: f"SELECT {KEY}, {COUNTS} "
        f"FROM allele_frequency('all', in_ploidy := '{ploidy}') {where}"
        for ploidy in ("as_called", "by_sex")
    }
    asked["carriers"] = f"SELECT {KEY}, {GENOTYPE} FROM carriers()"
    asked["ids"] = (
        "SELECT contig, position, ref, alt, kind, sv_type, ids FROM variants_in(NULL) v SEMI JOIN "
        "allele_frequency('all') f ON (f.an > 0 AND v.contig = f.contig AND "
        "v.position = f.position AND v.ref = f.ref AND v.alt = f.alt)"
    )
    return {name: sorted(map(repr, map(values, ask(sql)))) for name, sql in asked.items()}


def values(row: Mapping[str, object]) -> list[tuple[str, object]]:
    return [(name, _sorted_ids(value) if name == "ids" else value) for name, value in row.items()]


def _sorted_ids(value: object) -> object:
    return sorted(value.split(";")) if isinstance(value, str) else value


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    return [
        f"{name}: before {sorted(set(rows) - set(after[name]))[:2]}, "
        f"after {sorted(set(after[name]) - set(rows))[:2]}"
        for name, rows in before.items()
        if rows != after[name]
    ]


@pytest.mark.parametrize(
    ("name", "seed", "ending"),
    [*CASES, *(pytest.param(*case, marks=pytest.mark.slow) for case in SLOW_CASES)],
)
def test_an_export_taken_in_again_answers_the_same(
    name: str, seed: int, ending: str, tmp_path: Path
) -> None:
    with lake_of_case(name, seed, tmp_path) as lake:
        again = taken_in_again(lake, tmp_path, ending)
        with again:
            before = answers(asking(lake), known_only=True)
            after = answers(asking(again), known_only=True)
    assert not differences(before, after)
    assert before["carriers"]


@pytest.mark.parametrize(
    ("copies", "ending"),
    [
        (1, ".bcf"),
        pytest.param(1, ".vcf.gz", marks=pytest.mark.slow),
        pytest.param(2, ".vcf.gz", marks=pytest.mark.slow),
    ],
)
def test_all_nineteen_kinds_come_back(copies: int, ending: str, tmp_path: Path) -> None:
    lake = allelake.init(tmp_path / "lake", "GRCh38")
    for number, text in enumerate((filler(900), call_set(copies), call_set_of_few(tmp_path))):
        path = tmp_path / f"{number}.vcf"
        path.write_text(text)
        lake.ingest([path], allelake.IngestOptions(workers=1))
    sexes = {name: sex for name, _, sex in people(copies)}
    lake.import_samples(write_people(tmp_path / "people.tsv", {"sex": sexes}, list(sexes)))
    with lake, taken_in_again(lake, tmp_path, ending) as again:
        before = answers(asking(lake), known_only=True)
        after = answers(asking(again), known_only=True)
    assert not differences(before, after)


def call_set_of_few(folder: Path) -> str:
    """A batch so small that all its genotypes are rows."""
    names = [f"few{n}" for n in range(8)]
    genotypes = "0|1 1|0 .|1 1|. ./1 1 . 0/1"
    return vcf(names, f"chr1 1000 A G PASS GT {genotypes}", f"chr2 50 C CT . GT {genotypes}")
