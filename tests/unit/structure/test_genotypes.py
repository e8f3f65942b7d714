"""Genotypes are read as they were written, however the lake keeps them."""

import shutil
from pathlib import Path

import allelake
from allelake.structure.sites import SiteRules
from structure_reading import read_sites
from unit.structure.conftest import DrawnLake


def test_every_genotype_is_read_as_it_was_drawn(drawn_lake: DrawnLake) -> None:
    """Planes, rows of both tiers, records that are absent, reference blocks, half-calls."""
    sites, copies = read_sites(drawn_lake.path, SiteRules(min_maf=0, max_missing=1))
    assert sites == drawn_lake.sites
    assert copies == drawn_lake.copies


def test_a_cohort_is_read_without_the_others(drawn_lake: DrawnLake, tmp_path: Path) -> None:
    """Every third person: their columns do not lie together."""
    copy = tmp_path / "lake"
    shutil.copytree(drawn_lake.path, copy)
    with allelake.open(copy) as lake:
        lake.define_cohort("third", where="sample_number % 3 = 1")
    sites, copies = read_sites(copy, SiteRules(min_maf=0, max_missing=1), "third")
    assert sites == drawn_lake.sites
    assert copies == [row[1::3] for row in drawn_lake.copies]
