"""Plain BCF records are taken at once, and nothing that is told of a file is different for it."""

import random
import struct
from pathlib import Path

import pytest

from allelake.errors import InputError
from allelake.ingest.inspection import scan_bcf
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.spec import FileReport
from unit.ingest.inspect.vcf_bytes import bcf, head, record, write

ROUNDS = 6
TEXT = head() + "".join(
    [
        *(
            line
            for at in range(100, 100 + 40 * ROUNDS, 40)
            for line in (
                record(position=at, name="rs1", info="DP=3;AF=0.5", rest=("GT:DP", "0/1:3", "./.")),
                record(position=at + 1, info="DP=300", filters="q10"),
                record(position=at + 2, ref="ACGT", alt="A,*", info="NOTE=a b", filters="."),
                record(position=at + 3, alt="G,T", rest=("GT:DP:GL", "0|2:3:0,1", "1:.:.")),
                record(position=at + 4, ref="AC", alt="ACAC", filters="PASS", qual="30"),
                record(position=at + 5, alt="<DEL>", info="END=900", rest=("DP", "3", "4")),
                record(position=at + 6, ref="a", alt="g"),
                record(position=at + 7, alt="T,<*>", rest=("GT", "0/2", "0/1")),
                record(position=at + 8, alt="."),
                record(position=at + 8, alt="GAT", rest=("GT:ST", "0/1:x", "0/0:yy")),
                record(position=at + 9, alt="C"),
                record(position=at + 9, alt="T"),
            )
        ),
        *(record("chr2", at) for at in range(7, 400, 7)),
    ]
)


def told(path: Path, monkeypatch: pytest.MonkeyPatch, by_hand: int) -> FileReport | str:
    """What an inspection says, with so many records taken one by one at first."""
    monkeypatch.setattr(scan_bcf, "RECORDS_BY_HAND", by_hand)
    try:
        return inspect_file(path)
    except InputError as refusal:
        return str(refusal)


def test_the_same_is_told_of_a_sound_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, bcf(tmp_path, TEXT), "calls.bcf")
    slow = told(path, monkeypatch, 10**9)
    assert isinstance(slow, FileReport)
    assert slow.records == 12 * ROUNDS + 57
    assert len(slow.notices) == 4
    assert told(path, monkeypatch, 0) == told(path, monkeypatch, 15) == slow


def test_records_are_taken_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, bcf(tmp_path, TEXT), "calls.bcf")
    taken = []
    one_by_one = scan_bcf.BcfScan._take
    monkeypatch.setattr(scan_bcf, "RECORDS_BY_HAND", 0)
    monkeypatch.setattr(
        scan_bcf.BcfScan, "_take", lambda *given: (taken.append(1), one_by_one(*given))[1]
    )
    assert inspect_file(path).records - len(taken) == 8 * ROUNDS + 57 - 5


def test_the_same_is_told_of_a_file_without_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [record(position=at, rest=()) for at in range(1, 50)]
    path = write(tmp_path, bcf(tmp_path, head(()) + "".join(records)), "calls.bcf")
    slow = told(path, monkeypatch, 10**9)
    assert isinstance(slow, FileReport)
    assert told(path, monkeypatch, 0) == slow


@pytest.mark.parametrize("seed", range(4))
def test_the_same_is_told_of_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Bytes anywhere in the records are changed; a refusal is the same to the letter."""
    draw = random.Random(seed)
    raw = bcf(tmp_path, TEXT, raw=True)
    begin = 9 + int.from_bytes(raw[5:9], "little")
    starts = [begin]
    while starts[-1] < len(raw):
        starts.append(starts[-1] + 8 + sum(struct.unpack_from("<II", raw, starts[-1])))
    refused = 0
    for _ in range(150):
        place = draw.randrange(len(starts) - 1)
        at = draw.randrange(starts[place], min(starts[place + 1], starts[place] + 60))
        value = draw.choice([0, 1, 0x11, 0x12, 0x17, 0x27, 0x7F, 0x80, 0xF1, 0xFF, raw[at] ^ 1])
        path = write(tmp_path, raw[:at] + bytes([value]) + raw[at + 1 :], "calls.bcf")
        slow = told(path, monkeypatch, 10**9)
        fast = told(path, monkeypatch, 0)
        if isinstance(slow, FileReport) and isinstance(fast, FileReport):
            assert fast.sha256 == slow.sha256
        assert fast == slow, f"byte {at - starts[place]} of record {place + 1}: {value}"
        refused += isinstance(slow, str)
    assert 30 < refused < 140


def test_a_cut_file_is_refused_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = bcf(tmp_path, TEXT, raw=True)
    for cut in range(1, 700, 13):
        path = write(tmp_path, raw[:-cut], "calls.bcf")
        assert told(path, monkeypatch, 0) == told(path, monkeypatch, 10**9)
