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
