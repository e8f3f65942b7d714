"""A BCF file inspected in pieces: the same report, or none; and where it may be cut."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from allelake.errors import InputError
from allelake.ingest.inspection.bgzf import END_MARKER
from allelake.ingest.inspection.merge_pieces import merge_pieces
from allelake.ingest.inspection.pieces import scan_piece, survey_file
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.spec import FileReport, Stretch
from allelake.ingest.stretches.read import read_stretch
from unit.ingest.inspect.vcf_bytes import bcf, bgzf, bgzf_block, head, record, write

NAMES = [f"s{number}" for number in range(40)]


def cohort(records: int, seed: int = 0) -> str:
    draw = random.Random(seed)
    lines, position = [], 0
    for number in range(records):
        contig = "chr1" if number < 2 * records // 3 else "chr2"
        position = draw.randint(1, 30) + (0 if number == 2 * records // 3 else position)
        ref = draw.choice(["A", "A", "ACGTACGT"])
        alt = draw.choice(["C", "C,G", "T,<*>", "<DEL>"])
        info = draw.choice([".", "DP=3", "DP=400;DB"])
        genotypes = [draw.choice(["0/0", "0/0", "0/1", "1|1", "./."]) for _ in NAMES]
        lines.append(record(contig, position, ref=ref, alt=alt, info=info, rest=("GT", *genotypes)))
    return head(NAMES) + "".join(lines)


def in_pieces(path: Path, piece_bytes: int, buffer_bytes: int = 5_000) -> FileReport | None:
    survey = survey_file(path, piece_bytes=piece_bytes, least_text_bytes=0)
    if survey is None:
        return None
    reports = [
        scan_piece(survey, piece, buffer_bytes=buffer_bytes, cut_bytes=3_000)
        for piece in survey.pieces
    ]
    whole = [report for report in reports if report is not None]
    return merge_pieces(survey, whole) if len(whole) == len(reports) else None


@pytest.mark.parametrize("piece_bytes", [1, 2_000, 7_000, 10_000_000])
@pytest.mark.parametrize("block_bytes", [900, 65_280])
def test_pieces_tell_what_the_whole_file_does(
    tmp_path: Path, piece_bytes: int, block_bytes: int
) -> None:
    raw = bcf(tmp_path, cohort(400), raw=True)
    path = write(tmp_path, bgzf(raw, block_bytes), "calls.bcf")
    whole = inspect_file(path)
    found = in_pieces(path, piece_bytes)
    if piece_bytes < block_bytes:
        # Each block is a piece; the last is the empty one at the end, where no record begins.
        assert found is None or replace(found, cuts=()) == whole
    else:
        assert found is not None
        assert replace(found, cuts=()) == whole


def test_cuts_part_records_that_do_not_overlap(tmp_path: Path) -> None:
    raw = bcf(tmp_path, cohort(400), raw=True)
    path = write(tmp_path, bgzf(raw, 900), "calls.bcf")
    found = in_pieces(path, 7_000)
    assert found is not None
    assert len(found.cuts) > 8
    assert {cut.contig for cut in found.cuts} == {"chr1", "chr2", ""}
    parts, last_base, contig = [], 0, 0
    for one, other in zip(found.cuts, found.cuts[1:], strict=False):
        stretch = Stretch(
            one.offset,
            other.offset,
            other.place - one.place,
            other.records - one.records,
            one.records,
        )
        text = b"".join(buffer.tobytes() for buffer in read_stretch(path, "bcf", stretch))
        parts.append(text)
        number, position = np.frombuffer(text[8:16], "<i4").tolist()
        assert number != contig or position + 1 > last_base
        at, records = 0, 0
        while at < len(text):
            shared, own = np.frombuffer(text[at : at + 8], "<u4").tolist()
            number, position, length = np.frombuffer(text[at + 8 : at + 20], "<i4").tolist()
            last_base = max(last_base if number == contig else 0, position + length)
            contig, records, at = number, records + 1, at + 8 + shared + own
        assert records == stretch.records
    begin = 9 + int.from_bytes(raw[5:9], "little")
    assert b"".join(parts) == raw[begin:]


def test_records_larger_than_a_buffer_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, bgzf(bcf(tmp_path, cohort(60), raw=True), 700), "calls.bcf")
    whole = inspect_file(path)
    for buffer_bytes in (50, 130, 200, 1_000):
        found = in_pieces(path, 3_000, buffer_bytes)
        assert found is None or replace(found, cuts=()) == whole
        assert found is not None or buffer_bytes < 200


def test_a_wrong_guess_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks like a record inside another one makes the pieces not join."""
    raw = bcf(tmp_path, cohort(300), raw=True)
    path = write(tmp_path, bgzf(raw, 900), "calls.bcf")
    from allelake.ingest.inspection import bcf_pieces

    guess = bcf_pieces.first_record

    def later(text: memoryview, *given: object) -> int:
        at = guess(text, *given)  # type: ignore[arg-type]
        shared, own = np.frombuffer(text[at : at + 8], "<u4").tolist()
        return int(at + 8 + shared + own)

    assert in_pieces(path, 7_000) is not None
    monkeypatch.setattr(bcf_pieces, "first_record", later)
    assert in_pieces(path, 7_000) is None


@pytest.mark.parametrize("seed", range(3))
def test_damage_is_never_taken(tmp_path: Path, seed: int) -> None:
    """Where one reader refuses the file, the pieces do not vouch for it; else they agree."""
    draw = random.Random(seed)
    raw = bcf(tmp_path, cohort(150, seed), raw=True)
    begin = 9 + int.from_bytes(raw[5:9], "little")
    vouched = 0
    for _ in range(60):
        at = draw.randrange(begin, len(raw))
        value = draw.choice([0, 1, 0x11, 0x7F, 0x80, 0xFF, raw[at] ^ 1])
        packed = bgzf(raw[:at] + bytes([value]) + raw[at + 1 :], 2_000)
        path = write(tmp_path, packed, "calls.bcf")
        found = in_pieces(path, 5_000)
        try:
            whole = inspect_file(path)
        except InputError:
            assert found is None
        else:
            vouched += found is not None
            assert found is None or replace(found, cuts=()) == whole
    assert vouched > 20


def test_damaged_blocks_are_not_vouched_for(tmp_path: Path) -> None:
    raw = bcf(tmp_path, cohort(200), raw=True)
    blocks = [bgzf_block(raw[start : start + 3_000]) for start in range(0, len(raw), 3_000)]
    whole = b"".join(blocks) + END_MARKER
    assert in_pieces(write(tmp_path, whole, "calls.bcf"), 5_000) is not None
    for number, block in enumerate(blocks):
        for place in (len(block) - 8, len(block) - 4):
            bad = block[:place] + bytes([block[place] ^ 1]) + block[place + 1 :]
            content = b"".join([*blocks[:number], bad, *blocks[number + 1 :], END_MARKER])
            assert in_pieces(write(tmp_path, content, "calls.bcf"), 5_000) is None
    assert in_pieces(write(tmp_path, b"".join(blocks), "calls.bcf"), 5_000) is None
    assert (
        in_pieces(write(tmp_path, b"".join(blocks[:-1]) + END_MARKER, "calls.bcf"), 5_000) is None
    )
