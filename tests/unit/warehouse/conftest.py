"""Fixtures of the warehouse's tests.

lake          an empty GRCh38 lake of one's own
one_batch     a lake of one's own with batch 1: 120 people, chr22 and chrX, both tiers
"""

import shutil
from pathlib import Path

import pytest

from unit.warehouse.building import commit_batch, new_lake


@pytest.fixture(scope="session")
def empty_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_lake(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def batch_template(empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("template") / "b.lake"
    shutil.copytree(empty_template, lake)
    commit_batch(lake, 1)
    return lake


@pytest.fixture
def lake(empty_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(empty_template, tmp_path / "a.lake"))


@pytest.fixture
def one_batch(batch_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(batch_template, tmp_path / "b.lake"))
