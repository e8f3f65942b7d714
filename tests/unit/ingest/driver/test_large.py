"""A file large enough to be inspected in pieces, from the driver's end."""

from pathlib import Path

import pytest

from allelake.errors import InputError
from allelake.ingest.inspection.pieces import LEAST_TEXT_BYTES, PIECE_BYTES
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.options import IngestOptions
from allelake.ingest.run import ingest
from allelake.warehouse.assembly import Assembly, Contig
from allelake.warehouse.lake import create_lake
from unit.ingest.driver.test_ingest import Watcher
from unit.ingest.part.running import vcf

SAMPLES = 3000
RECORDS = PIECE_BYTES // (4 * SAMPLES) + 500


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """An empty lake with one contig."""
    contig = Contig("chr1", 100_000, (), "autosome")
    create_lake(tmp_path / "small.lake", Assembly("small", (contig,), ()))
    return tmp_path / "small.lake"


def large(path: Path, last: str = "") -> Path:
    """Text of two pieces; `last` stands for the genotype of the last sample in the last record."""
    columns = "0|0\t" * (SAMPLES - 2)
    body = [
        f"chr1\t{10 * n + 1}\t.\tA\tC\t.\tPASS\t.\tGT\t{columns}0|1\t1|1"
        for n in range(1, RECORDS + 1)
    ]
    if last:
        body[-1] = body[-1].removesuffix("1|1") + last
    path.write_text(vcf([f"s{n}" for n in range(SAMPLES)], []) + "\n".join(body) + "\n")
    assert path.stat().st_size > max(PIECE_BYTES, LEAST_TEXT_BYTES)
    return path


def test_a_large_file_is_taken_and_its_progress_ends_at_its_size(
    lake: Path, tmp_path: Path
) -> None:
    path = large(tmp_path / "large.vcf")
    watcher = Watcher()
    result = ingest(lake, [path], IngestOptions(workers=2), watcher)
    (batch,) = result.batches
    (part,) = batch.plan.parts
    assert part.inputs[0].stretch is not None
    assert batch.counts["records_kept"] == batch.counts["variants"] == RECORDS
    assert batch.counts["genotypes"] == RECORDS * SAMPLES
    done = [done for done, _ in watcher.progress["inspect"]]
    assert done == sorted(done)
    assert done[-1] <= path.stat().st_size


def test_a_large_file_is_refused_in_the_words_of_one_reader(lake: Path, tmp_path: Path) -> None:
    path = large(tmp_path / "large.vcf", last="1|x")
    with pytest.raises(InputError) as expected:
        inspect_file(path)
    with pytest.raises(InputError) as found:
        ingest(lake, [path], IngestOptions(workers=2))
    assert str(found.value) == str(expected.value)
    assert f"record {RECORDS} " in str(found.value)
