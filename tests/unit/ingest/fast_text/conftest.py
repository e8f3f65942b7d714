"""Every test of this folder runs twice: by arrays alone, and by compiled loops."""

import pytest

from allelake.ingest.fast_text import pace


@pytest.fixture(autouse=True, params=["arrays", "loops"])
def pace_of_texts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(pace, "_loops", None)
    monkeypatch.setattr(pace, "_seen_bytes", 0)
    monkeypatch.setattr(pace, "COMPILE_AFTER_BYTES", 0 if request.param == "loops" else 1 << 60)
    return request.param
