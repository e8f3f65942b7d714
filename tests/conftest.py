"""Fixtures for every test.

shared_data   the folder of real public files named by ALLELAKE_DATA; read only. Where the variable
              is not set these tests skip; where it is set, a missing file fails.
own_workers   ingests start their workers as users' do, not from the nursery (see nursery.py)
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import nursery

# Folders, or files that begin so, whose tests ask lakes that take many seconds to make, and are
# made once for each process: one process runs them all.
TOGETHER = (
    "tests/docs/",
    *(f"tests/truth/test_{name}.py" for name in ("truth", "adj", "bravo", "strata")),
    *(f"tests/truth/test_{name}.py" for name in ("live_bcftools", "quality_tools")),
)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """With --dist loadfile: file by file, but for what is run together."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith(TOGETHER):
                return "/".join(nodeid.split("/")[:2])
            return str(super()._split_scope(nodeid))

    return Together(config, log)


@pytest.fixture(scope="session", autouse=True)
def _nursery() -> Iterator[None]:
    if sys.platform != "linux":
        yield
        return
    with nursery.workers_from_nursery():
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """What tests write need not outlive a power cut, and waiting was a third of their time.

    Tests of fsync put their own in its place; kill_commit.py runs by itself with the real one.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture
def own_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allelake.ingest.family.start_process", nursery.START_PROCESS)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    named = os.environ.get("ALLELAKE_DATA")
    if not named:
        pytest.skip("ALLELAKE_DATA is not set: the real public files are not on this machine")
    folder = Path(named)
    assert folder.is_dir(), f"ALLELAKE_DATA names {folder}, which is no folder"
    return folder
