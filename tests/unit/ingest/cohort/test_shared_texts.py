"""The shared multi-sample texts read fast, or left to the reader of records."""

from pathlib import Path

import pytest

from allelake.errors import AllelakeError
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.spec import PartSummary
from unit.ingest.cohort.both_ways import both, is_same

LARGEST_BYTES = 3_000_000


@pytest.mark.slow
def test_real_texts_of_several_people_have_the_same_bytes_and_the_large_are_read_fast(
    shared_data: Path, tmp_path: Path
) -> None:
    paths = [*shared_data.rglob("*.vcf"), *shared_data.rglob("*.vcf.gz")]
    fast, left, unlike = 0, 0, []
    for number, path in enumerate(sorted(paths)):
        if path.stat().st_size > LARGEST_BYTES:
            continue
        try:
            if len(inspect_file(path).header.samples) < 2:
                continue
            found, slow = both(path, tmp_path / str(number))
        except AllelakeError:
            continue  # refused by the inspection or the plan
        fast += isinstance(found, PartSummary)
        left += found is None
        if not is_same(found, slow):
            unlike.append(path)

    assert unlike == []
    assert fast > 60, left
