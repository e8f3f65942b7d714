"""Fixtures for every test.

shared_data   the folder of real public files named by ALLELAKE_DATA; read only. Where the variable
              is not set these tests skip; where it is set, a missing file fails.
"""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    named = os.environ.get("ALLELAKE_DATA")
    if not named:
        pytest.skip("ALLELAKE_DATA is not set: the real public files are not on this machine")
    folder = Path(named)
    assert folder.is_dir(), f"ALLELAKE_DATA names {folder}, which is no folder"
    return folder
