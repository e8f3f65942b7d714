"""real_lakes: the lakes of the real files, each made when first asked for and kept for the run."""

from pathlib import Path

import pytest

from truth.real_lakes import RealLakes


@pytest.fixture(scope="session")
def real_lakes(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RealLakes:
    return RealLakes(shared_data, tmp_path_factory.mktemp("real"))
