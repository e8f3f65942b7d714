"""A stretch gives the same bytes as the file between its ends, and its blocks are checked."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allelake.errors import InputError
from allelake.ingest.spec import FileKind, Stretch
from allelake.ingest.stretches.read import read_stretch
from unit.ingest.inspect.vcf_bytes import END_MARKER, bgzf_block

HEADER = b"##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"


def text_of(
    path: Path, kind: FileKind, stretch: Stretch | None = None, buffer_bytes: int = 16
) -> bytes:
    pieces = []
    for buffer in read_stretch(path, kind, stretch, buffer_bytes=buffer_bytes):
        assert bytes(buffer[-1:]) == b"\n" or kind == "bcf"
        pieces.append(bytes(buffer))
    return b"".join(pieces)


LINES = st.lists(st.binary(max_size=40).map(lambda b: b"1" + b.replace(b"\n", b"x")), max_size=30)


@settings(deadline=None, max_examples=60)
@given(lines=LINES, sizes=st.lists(st.integers(0, 70), max_size=30), data=st.data())
def test_any_stretch_of_any_blocks_gives_the_lines_between_its_ends(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[bytes],
    sizes: list[int],
    data: st.DataObject,
) -> None:
    text = HEADER + b"".join(line + b"\n" for line in lines)
    blocks, at, packed_at = [], 0, 0
    starts: list[tuple[int, int]] = []
    for size in [*sizes, len(text)]:
        blocks.append(bgzf_block(text[at : at + size]))
        starts.append((at, packed_at))
        at, packed_at = min(len(text), at + size), packed_at + len(blocks[-1])
    starts.append((len(text), packed_at))
    folder = tmp_path_factory.mktemp("cut")
    packed, plain = folder / "packed", folder / "plain"
    packed.write_bytes(b"".join(blocks) + END_MARKER)
    plain.write_bytes(text)
    borders = [len(HEADER)]
    for line in lines:
        borders.append(borders[-1] + len(line) + 1)

    first = data.draw(st.sampled_from(borders))
    last = data.draw(st.sampled_from([border for border in borders if border >= first]))

    def virtual(place: int) -> int:
        start, block = data.draw(
            st.sampled_from([s for s in starts if s[0] <= place][-1:]), label="block"
        )
        return block << 16 | (place - start)

    cut = Stretch(virtual(first), virtual(last), last - first, 0)
    size = data.draw(st.integers(1, 200))
    assert text_of(packed, "bgzf", cut, size) == text[first:last]
    assert text_of(plain, "vcf", Stretch(first, last, last - first, 0), size) == text[first:last]
    assert text_of(packed, "bgzf", None, size) == text[len(HEADER) :]
    assert text_of(plain, "vcf", None, size) == text[len(HEADER) :]


def test_a_last_line_without_its_newline_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    for extra in range(1, 40):
        path.write_bytes(HEADER + b"x" * extra)
        assert text_of(path, "vcf") == b"x" * extra + b"\n"


def test_a_block_whose_checksum_is_wrong_is_refused_even_behind_the_stretch(tmp_path: Path) -> None:
    text = b"12345\n" * 10
    block = bytearray(bgzf_block(text))
    block[-5] ^= 1
    path = tmp_path / "a.vcf.gz"
    path.write_bytes(bgzf_block(text) + bytes(block) + END_MARKER)
    with pytest.raises(InputError, match="changed since it was inspected"):
        text_of(path, "bgzf", Stretch(0, (len(bgzf_block(text)) << 16) + 6, 66, 11))


@pytest.mark.parametrize("text_bytes", [54, 66, 120])
def test_a_stretch_that_has_another_length_is_refused(tmp_path: Path, text_bytes: int) -> None:
    block = bgzf_block(b"12345\n" * 10)
    path = tmp_path / "a.vcf.gz"
    path.write_bytes(block + END_MARKER)
    with pytest.raises(InputError, match="changed since it was inspected"):
        text_of(path, "bgzf", Stretch(0, len(block) << 16, text_bytes, 10))


def test_bcf_records_come_whole_and_a_cut_one_is_refused(tmp_path: Path) -> None:
    header = b"##fileformat=VCFv4.3\n\0"
    records = [
        (24).to_bytes(4, "little") + n.to_bytes(4, "little") + bytes(24 + n) for n in range(40)
    ]
    text = b"BCF\x02\x02" + len(header).to_bytes(4, "little") + header
    path = tmp_path / "a.bcf"
    path.write_bytes(text + b"".join(records))
    assert text_of(path, "bcf", None, 50) == b"".join(records)
    packed = tmp_path / "b.bcf"
    packed.write_bytes(bgzf_block(text + b"".join(records)) + END_MARKER)
    assert text_of(packed, "bcf", None, 50) == b"".join(records)
    path.write_bytes(text + b"".join(records)[:-1])
    with pytest.raises(InputError, match="inside a record"):
        text_of(path, "bcf", None, 50)
