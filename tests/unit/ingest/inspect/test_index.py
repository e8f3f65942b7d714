"""The index beside a file: another witness of how many records there are."""

import os
from pathlib import Path

import pytest

from allelake.errors import InputError
from allelake.ingest.inspection.index import read_index_counts
from allelake.ingest.inspection.whole_file import inspect_file
from unit.ingest.inspect.vcf_bytes import bcf, bgzf, head, indexed, record, write

MANY = head() + "".join(
    [record(position=10 * number) for number in range(1, 400)]
    + [record("chr2", 7 * number) for number in range(1, 50)]
)
FEW = head() + record() + record(position=200) + record("chr2", 5)


def compressed(folder: Path, text: str, name: str) -> Path:
    content = bcf(folder, text) if name.endswith(".bcf") else bgzf(text.encode())
    return write(folder, content, name)


@pytest.mark.parametrize(
    ("name", "csi"), [("a.vcf.gz", False), ("a.vcf.gz", True), ("a.bcf", True)]
)
def test_an_index_of_the_same_records_is_used(tmp_path: Path, name: str, csi: bool) -> None:
    path = compressed(tmp_path, MANY, name)
    index = indexed(path, csi=csi)
    assert read_index_counts(index) == [399, 49]
    report = inspect_file(path)
    assert (report.index, report.notices) == (index, ())


@pytest.mark.parametrize("csi", [False, True])
def test_an_index_of_other_records_is_refused(tmp_path: Path, csi: bool) -> None:
    path = compressed(tmp_path, MANY, "a.vcf.gz")
    index = indexed(path, csi=csi)
    compressed(tmp_path, FEW, "a.vcf.gz")
    with pytest.raises(InputError, match=rf"3 records; its index {index.name} knows 448"):
        inspect_file(path)


def test_an_index_of_as_many_records_elsewhere_is_refused(tmp_path: Path) -> None:
    path = compressed(tmp_path, FEW, "a.vcf.gz")
    indexed(path)
    moved = head() + record() + record(position=200) + record(position=205)
    compressed(tmp_path, moved, "a.vcf.gz")
    with pytest.raises(InputError, match=r"records per contig are \[3\]; .* knows \[1, 2\]"):
        inspect_file(path)


def test_an_older_index_that_agrees_is_told(tmp_path: Path) -> None:
    path = compressed(tmp_path, FEW, "a.vcf.gz")
    index = indexed(path)
    os.utime(index, ns=(1, 1))
    (notice,) = inspect_file(path, strict=True).notices
    assert notice.code == "index_older"


def test_a_damaged_index_is_refused(tmp_path: Path) -> None:
    path = compressed(tmp_path, MANY, "a.vcf.gz")
    index = indexed(path)
    content = index.read_bytes()
    for damaged in (b"", b"nothing", content[: len(content) // 2], content[:-40], content[28:]):
        index.write_bytes(damaged)
        with pytest.raises(InputError, match=r"the index is damaged or cut"):
            inspect_file(path)


def test_an_index_beside_plain_text_says_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, FEW, "a.vcf")
    write(tmp_path, b"anything", "a.vcf.tbi")
    assert inspect_file(path).index is None
