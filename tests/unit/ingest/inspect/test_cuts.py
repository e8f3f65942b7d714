"""A file that was cut, anywhere: refused, or whole up to a record's end.

The kinds of cut that leave a valid file are named in `INVISIBLE`; with an index or the number of
expected records they are refused as well.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from allelake.errors import InputError
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.spec import FileReport
from unit.ingest.inspect.vcf_bytes import (
    DECLARED,
    END_MARKER,
    bcf,
    bgzf,
    bgzf_block,
    gzipped,
    head,
    indexed,
    record,
    write,
)

RECORDS = 90
BLOCK_BYTES = 700
# What cannot be seen from the file alone; the manual lists the same.
INVISIBLE = {
    "plain": "text that ends after a line",
    "gzip members": "whole members that end after a line",
    "bgzf, marker put back": "whole blocks that end after a line, and an end marker",
    "bcf, marker put back": "whole blocks that end after a record, and an end marker",
    "bcf, raw": "records that end after a record",
}


def text(layout: str = "GT:DP", filling: str = "") -> str:
    """Records whose last column often reads the same when it has lost its end."""
    chance = random.Random(7)
    lines = []
    for number in range(RECORDS):
        values = [
            f"{chance.choice(['0/0', '0/1', './.', '1'])}:{chance.choice([3, 31, 312])}"
            for _ in range(3)
        ]
        if layout == "GT":
            values = [value.split(":")[0] for value in values]
        info = f"DP={chance.randrange(1000)};NOTE=x{chance.randrange(1000)}"
        contig = "chr1" if number < RECORDS - 20 else "chr2"
        lines.append(record(contig, 100 + 7 * number, info=info, rest=(layout, *values)))
    return head(("ann", "bo", "cy"), (*DECLARED, f"##note={filling}")) + "".join(lines)


def cuts(content: bytes, borders: list[int]) -> Iterator[int]:
    """Every eighth byte, each one near the end, and each near a border of blocks."""
    near = {at + off for at in borders for off in (-1, 0, 1)}
    for at in range(1, len(content)):
        if at % 8 == 0 or len(content) - at < 100 or at in near:
            yield at


def block_borders(content: bytes) -> list[int]:
    borders, at = [], 0
    while at < len(content):
        at += int.from_bytes(content[at + 16 : at + 18], "little") + 1
        borders.append(at)
    return borders


def accepted(
    folder: Path, content: bytes, tail: bytes, borders: list[int], **asked: int
) -> Iterator[tuple[int, FileReport]]:
    """The cuts that are taken, each with its report."""
    path = folder / "cut"
    for at in cuts(content, borders):
        if content[:at] + tail == content:
            continue
        path.write_bytes(content[:at] + tail)
        try:
            yield at, inspect_file(path, **asked)
        except InputError as refusal:
            assert str(path) in str(refusal)


@pytest.mark.parametrize("layout", ["GT:DP", "GT"])
def test_plain_text_is_taken_only_where_a_line_ends(tmp_path: Path, layout: str) -> None:
    """Or where its last line is whole but for the newline, which a lone GT can show."""
    whole = text(layout)
    lines = whole.count("\n", 0, whole.index("#CHROM"))
    for at, report in accepted(tmp_path, whole.encode(), b"", []):
        kept = whole[:at]
        codes = [notice.code for notice in report.notices]
        if not kept.endswith("\n"):
            assert whole[at] == "\n" and layout == "GT", at
            assert "no_last_newline" in codes
        assert report.records == len(kept.splitlines()) - lines - 1


def test_plain_text_is_refused_by_the_expected_records(tmp_path: Path) -> None:
    whole = text()
    assert not list(accepted(tmp_path, whole.encode(), b"", [], expect_records=RECORDS))
    assert inspect_file(write(tmp_path, whole), expect_records=RECORDS).records == RECORDS


def test_gzip_is_never_taken_when_cut(tmp_path: Path) -> None:
    assert not list(accepted(tmp_path, gzipped(text().encode()), b"", []))


def test_gzip_members_are_taken_only_where_a_line_ends(tmp_path: Path) -> None:
    whole = text().encode()
    middle = whole.index(b"\n", len(whole) // 2) + 1
    members = [whole[:middle], whole[middle : middle + 300], whole[middle + 300 :]]
    packed = gzipped(*members)
    borders = [len(gzipped(*members[:count])) for count in (1, 2, 3)]
    taken = list(accepted(tmp_path, packed, b"", borders))
    assert [at for at, _ in taken] == [borders[0]]
    assert not list(accepted(tmp_path, packed, b"", borders, expect_records=RECORDS))


@pytest.mark.parametrize("tail", [b"", END_MARKER], ids=["", "marker put back"])
def test_bgzf_is_taken_only_where_blocks_end_with_lines(tmp_path: Path, tail: bytes) -> None:
    whole = text().encode()
    packed = bgzf(whole, BLOCK_BYTES)
    borders = block_borders(packed)
    for at, report in accepted(tmp_path, packed, tail, borders):
        assert at in borders and tail
        kept = whole[: BLOCK_BYTES * (borders.index(at) + 1)]
        assert kept.endswith(b"\n"), at
        assert (
            report.records == kept.count(b"\n") - whole[: whole.index(b"#CHROM")].count(b"\n") - 1
        )
    assert not list(accepted(tmp_path, packed, tail, borders, expect_records=RECORDS))


def test_bgzf_blocks_that_end_with_lines_are_taken_with_a_marker(tmp_path: Path) -> None:
    """The invisible kind does exist: this is what the manual warns of."""
    lines = text().encode().splitlines(keepends=True)
    blocks = [bgzf_block(b"".join(lines[start : start + 10])) for start in range(0, len(lines), 10)]
    report = inspect_file(write(tmp_path, b"".join(blocks[:5]) + END_MARKER))
    assert 0 < report.records < RECORDS


def test_blocks_cut_inside_a_record_are_refused_with_a_marker(tmp_path: Path) -> None:
    """Also where the record keeps all its columns: its last value may have lost its end."""
    for lost in range(2, 42):
        # Writers fill every block but the last: a cut file has none that is shorter.
        filling = "x" * (-(len(text()) - lost) % 10)
        kept = text(filling=filling).encode()[:-lost]
        size = len(kept) // 10
        assert len(kept) == 10 * size
        blocks = [bgzf_block(kept[start : start + size]) for start in range(0, len(kept), size)]
        with pytest.raises(InputError):
            inspect_file(write(tmp_path, b"".join(blocks) + END_MARKER))


@pytest.mark.parametrize("tail", [b"", END_MARKER], ids=["", "marker put back"])
def test_bcf_is_taken_only_where_blocks_end_with_records(tmp_path: Path, tail: bytes) -> None:
    raw = bcf(tmp_path, text(), raw=True)
    packed = bgzf(raw, BLOCK_BYTES)
    borders = block_borders(packed)
    ends = record_ends(raw)
    for at, report in accepted(tmp_path, packed, tail, borders):
        assert at in borders and tail
        assert ends[report.records] == BLOCK_BYTES * (borders.index(at) + 1)
    assert not list(accepted(tmp_path, packed, tail, borders, expect_records=RECORDS))


def test_raw_bcf_is_taken_only_where_a_record_ends(tmp_path: Path) -> None:
    raw = bcf(tmp_path, text(), raw=True)
    ends = record_ends(raw)
    taken = list(accepted(tmp_path, raw, b"", ends))
    assert {at: report.records for at, report in taken} == {
        at: number for number, at in enumerate(ends[:-1])
    }
    assert not list(accepted(tmp_path, raw, b"", ends, expect_records=RECORDS))


def record_ends(raw: bytes) -> list[int]:
    """Where the header ends, and each record."""
    ends = [9 + int.from_bytes(raw[5:9], "little")]
    while ends[-1] < len(raw):
        at = ends[-1]
        shared, genotypes = (int.from_bytes(raw[at + k : at + k + 4], "little") for k in (0, 4))
        ends.append(at + 8 + shared + genotypes)
    return ends


@pytest.mark.parametrize("kind", ["tbi", "csi", "bcf"])
@pytest.mark.parametrize("tail", [b"", END_MARKER], ids=["", "marker put back"])
def test_an_index_shows_every_cut(tmp_path: Path, kind: str, tail: bytes) -> None:
    name = "calls.bcf" if kind == "bcf" else "calls.vcf.gz"
    lines = text()
    content = bgzf(bcf(tmp_path, lines, raw=True) if kind == "bcf" else lines.encode(), BLOCK_BYTES)
    path = write(tmp_path, content, name)
    index = indexed(path, csi=kind == "csi")
    assert inspect_file(path).index == index
    borders = block_borders(content)
    # The last border is the end marker's: with another one put in its place the file is whole.
    for at in cuts(content, borders[:-1]):
        if content[:at] + tail == content:
            continue
        path.write_bytes(content[:at] + tail)
        with pytest.raises(InputError):
            inspect_file(path)
