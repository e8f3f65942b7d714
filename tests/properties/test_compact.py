"""Compact changes no answer: every question before and after, on lakes made at random."""

from pathlib import Path

import pytest

import allelake
from allelake.warehouse.upkeep import compact as compacting
from lakes import CohortOrder, asking, lake_of, mixed_lake_of, random_cohort
from properties.every_macro import every_answer
from random_cohort import Shape
from random_per_sample import mixed_cohort

SMALL = Shape(batches=4, samples=8, sites=12)
SOME = [CohortOrder("some", "sample_number % 2 = 0", ())]


def lake_in(folder: Path, seed: int) -> allelake.Lake:
    return lake_of(folder, random_cohort(seed, SMALL), SOME)


@pytest.mark.parametrize("seed", [pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2)])
def test_no_question_has_another_answer_after_compact(tmp_path: Path, seed: int) -> None:
    lake = lake_in(tmp_path, seed)
    before, found = every_answer(asking(lake)), lake.check()
    assert len(before) > 70
    assert sum(isinstance(answer, list) and bool(answer) for answer in before.values()) > 40
    report = lake.compact()
    assert report.files_after < report.files_before
    assert every_answer(asking(lake)) == before
    assert lake.check() == found


@pytest.mark.slow
# Of these seeds some group is split.
@pytest.mark.parametrize("seed", [10, 11, 12, 13, 16, 19])
def test_nor_where_files_are_filled_only_to_a_few_rows(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A target so low that some files are full, some groups are split, and some stay."""
    lake = lake_in(tmp_path, seed)
    before, found = every_answer(asking(lake)), lake.check()
    with monkeypatch.context() as patch:
        patch.setattr(compacting, "TARGET_ROWS", 4)
        lake.compact()
        per_group: dict[tuple[str, str | None, str | None], int] = {}
        for file in lake.files():
            group = (file.table, file.tier, file.contig)
            per_group[group] = per_group.get(group, 0) + 1
        assert max(per_group.values()) > 1
    assert every_answer(asking(lake)) == before
    assert lake.check() == found


def test_an_ingest_after_compact_and_the_past_answer_as_ever(tmp_path: Path) -> None:
    cohort = random_cohort(3, SMALL)
    lake = lake_of(tmp_path, cohort, SOME)
    number = lake.snapshot
    before = lake.allele_frequency().to_dicts()
    lake.compact()
    lake.define_cohort("other", where="sex = 'XX'")
    assert lake.allele_frequency().to_dicts() == before
    with allelake.open(lake.path, as_of=number) as past:
        assert past.allele_frequency().to_dicts() == before


@pytest.mark.slow
@pytest.mark.parametrize("seed", [4, 5, 6, 7])
def test_nor_in_lakes_of_gvcfs_exomes_and_joint_call_sets(tmp_path: Path, seed: int) -> None:
    lake = mixed_lake_of(tmp_path, mixed_cohort(seed), SOME)
    before, found = every_answer(asking(lake)), lake.check()
    assert sum(isinstance(answer, list) and bool(answer) for answer in before.values()) > 30
    lake.compact()
    assert every_answer(asking(lake)) == before
    assert lake.check() == found
