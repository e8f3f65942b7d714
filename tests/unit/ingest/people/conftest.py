"""A lake with samples and no genotypes.

lake   GRCh38; samples s1, s2, s3 of batch 1; each test has its own copy
"""

from pathlib import Path

import pytest

from small_lakes import copy_of, lake_with_samples


@pytest.fixture(scope="session")
def three_samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lake_with_samples(tmp_path_factory.mktemp("people") / "a.lake", "s1", "s2", "s3")


@pytest.fixture
def lake(three_samples: Path, tmp_path: Path) -> Path:
    return copy_of(three_samples, tmp_path)
