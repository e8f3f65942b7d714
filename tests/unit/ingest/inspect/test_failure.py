"""Records that the reader cannot read are explained, without a value of any sample."""

from pathlib import Path

import pytest

from allelake.ingest.inspection.failure import explain_failure
from unit.ingest.inspect.vcf_bytes import bcf, bgzf, head, record, write

GOOD = record(position=100, rest=("GT:DP:GL:ST", "0/1:3:-1e2,nan:x-y", "./.:.:.:."))


@pytest.mark.parametrize(
    ("layout", "value", "told"),
    [
        ("GT:DP", "0/:3", "the GT of sample 2 is not allele numbers (or .) joined by / or |"),
        ("GT:DP", "0//1:3", "the GT of sample 2 is not allele numbers (or .) joined by / or |"),
        ("GT:DP", "|0|1:3", "the GT of sample 2 begins with / or |, which VCF 4.4 allows and"),
        ("GT:DP", "0/1:3.5", "the DP of sample 2 is not a whole number, as the header declares it"),
        ("DP:GT", "x:0/1", "the DP of sample 2 is not a whole number, as the header declares it"),
        ("GT:GL", "0/1:-1,abc", "the GL of sample 2 is not a number, as the header declares it"),
        ("GT", "0/1:3", "sample 2 has 2 values; FORMAT names 1"),
    ],
)
def test_a_bad_value_is_told_by_field_and_place(
    tmp_path: Path, layout: str, value: str, told: str
) -> None:
    bad = record(position=200, rest=(layout, ".", value))
    content = bgzf((head() + GOOD + bad + GOOD).encode(), 50)
    said = explain_failure(write(tmp_path, content), ("chr1", 100))
    assert said is not None
    assert said.startswith(f"line 16 at chr1:200: {told}")
    assert value not in said


def test_nothing_is_told_of_sound_records(tmp_path: Path) -> None:
    text = head() + GOOD + record(position=200, rest=("GT:NEW", "0/1:any", "0|1"))
    assert explain_failure(write(tmp_path, text)) is None
    assert explain_failure(write(tmp_path, text.removesuffix("\n"))) is None
    assert explain_failure(write(tmp_path, bcf(tmp_path, head() + GOOD))) is None
    assert explain_failure(write(tmp_path, head(()) + record(rest=()))) is None


def test_only_records_that_were_not_read_are_looked_at(tmp_path: Path) -> None:
    bad = [record(position=at, rest=("GT:DP", "0/1:x", ".")) for at in (50, 300)]
    path = write(tmp_path, head() + bad[0] + GOOD + bad[1])
    assert "line 15 at chr1:50" in str(explain_failure(path))
    assert "line 17 at chr1:300" in str(explain_failure(path, ("chr1", 100)))
