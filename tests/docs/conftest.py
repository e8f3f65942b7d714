"""demo   the folder that `make demo` makes, made once for all tests here; copy it to change it."""

from pathlib import Path

import pytest

import doc_blocks


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    doc_blocks.make_demo_lake(folder)
    return folder / "demo"
