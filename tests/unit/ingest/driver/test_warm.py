"""What workers for a large file make ready before they fork."""

from pathlib import Path
from typing import Any

import pytest

from allelake.ingest import warm


@pytest.mark.parametrize(
    "sizes, wanted",
    [
        ({"a.vcf.gz": warm.LEAST_BYTES}, "text"),
        ({"a.vcf.gz": warm.LEAST_BYTES - 1}, ""),
        ({"a.vcf.gz": 1, "b.bcf": warm.LEAST_BYTES}, "bcf"),
        ({"none.vcf": None}, ""),
    ],
)
def test_nothing_is_made_ready_for_small_files(
    tmp_path: Path, sizes: dict[str, int | None], wanted: str
) -> None:
    """Nor for a file that is not there: whoever reads it says so."""
    for name, size in sizes.items():
        if size is not None:
            with (tmp_path / name).open("wb") as file:
                file.truncate(size)
    assert warm.wanted([tmp_path / name for name in sizes]) == wanted


def test_what_reads_text_is_loaded() -> None:
    """Kernels of the inspection, of the reading, and of the encoding of both tiers."""
    warm.warm(warm.TEXT)
    from allelake.ingest.cohort_text.kernel import take_lines
    from allelake.ingest.encoding.compiled_planes import call_details, pack_words
    from allelake.ingest.inspection.plain_lines import take_plain_lines

    functions: list[Any] = [take_lines, take_plain_lines, pack_words, call_details]
    assert all(function.signatures for function in functions)


def test_compiling_is_told_where_it_was_never_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And for large files alone."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(warm, "__file__", str(tmp_path / "warm.py"))
    small, large = tmp_path / "small.vcf.gz", tmp_path / "large.vcf.gz"
    small.write_bytes(b"")
    with large.open("wb") as file:
        file.truncate(warm.LEAST_BYTES)
    assert not warm.has_to_compile([small])
    assert warm.has_to_compile([large])
    kept = tmp_path / "cohort_text" / "__pycache__" / "kernel.take_lines-37.py311.nbi"
    kept.parent.mkdir(parents=True)
    kept.touch()
    assert not warm.has_to_compile([large])
