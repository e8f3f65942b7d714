"""Fixtures of the warehouse's tests.

lake          an empty GRCh38 lake of one's own
one_batch     a lake of one's own with batch 1: 120 people, chr22 and chrX, both tiers
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.warehouse.building import commit_batch, new_lake


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """What these tests write need not outlive a power cut, and waiting was a third of their time.

    Tests of fsync put their own in its place; kill_commit.py runs by itself with the real one.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


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
