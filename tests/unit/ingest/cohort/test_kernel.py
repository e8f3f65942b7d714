"""The kernel against regular expressions: what is written in one sample's column, byte by byte."""

import re

import numpy as np
import pytest

from allelake.ingest.cohort_text import kernel
from allelake.ingest.cohort_text.room import Arrays, Formats, Heads, State

GENOTYPE = re.compile(rb"(\d{1,4}|\.)(?:([/|])(\d{1,4}|\.))?")
INTEGER = re.compile(rb"\.|-?\d{1,9}")
DECIMAL = re.compile(rb"\.|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
TEXT = re.compile(rb"[^\x00-\x1f\x7f:]+")
MISSING = -(2**31)


class Reading:
    """One line of some samples, taken by the kernel."""

    def __init__(
        self, samples: bytes, fields: list[int], alts: bytes = b"G", total: int = 3
    ) -> None:
        fmt = b":".join(b"%d" % field for field in fields)
        line = b"\t".join([b"c", b"9", b".", b"A", alts, b".", b".", b".", fmt, samples])
        data = np.zeros(len(line) + 65, np.uint8)
        data[: len(line)] = np.frombuffer(line, np.uint8)
        data[len(line)] = 10
        text = np.zeros((1, 64), np.uint8)
        text[0, : len(fmt)] = np.frombuffer(fmt, np.uint8)
        size = np.array([len(fmt)], np.int32)
        formats = Formats(text, size, np.array([fields], np.int32), np.array([len(fields)]))
        formats = formats._replace(totals=formats.totals.astype(np.int32))
        numbers = [np.zeros(2, np.int32) for _ in range(3)]
        heads = Heads(
            np.zeros(99, np.uint8), np.zeros((2, 9), np.int32), *numbers, np.zeros(2, np.int64)
        )
        wide = total + 1
        self.arrays = Arrays(
            np.zeros((2, wide), np.int8),
            np.zeros((2, wide), np.int8),
            np.zeros((2, wide), np.bool_),
            np.zeros((2, wide), np.int32),
            np.zeros((2, wide), np.int32),
            np.zeros((2, 2, wide), np.int32),
            np.zeros(64 * wide, np.int32),
            np.zeros((2, total), np.int32),
        )
        state = State(np.zeros(6, np.int64), np.frombuffer(b"c", np.uint8), total, 1, True, 99)
        why = kernel.take_lines(data[: len(line) + 1], state, formats, heads, self.arrays)
        self.is_plain = why == kernel.MORE

    def genotype(self, sample: int) -> tuple[int, int, bool]:
        """Both alleles of a sample, and whether a bar is between them."""
        arrays, at = self.arrays, (0, sample + 1)
        return int(arrays.first[at]), int(arrays.second[at]), bool(arrays.phased[at])


def expected(written: bytes, alts: int) -> tuple[int, int, bool] | None:
    """What a GT says; None where it is not plain."""
    found = GENOTYPE.fullmatch(written)
    if found is None:
        return None
    one, two = (
        -1 if side == b"." else -2 if side is None else int(side) for side in found.group(1, 3)
    )
    return None if max(one, two) > alts else (one, two, found[2] == b"|")


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("sample", range(3))
@pytest.mark.parametrize("fields", [[kernel.GT], [kernel.GT, kernel.TEXT]])
def test_any_byte_in_a_genotype_is_what_it_is_or_is_not_plain(
    fields: list[int], sample: int, place: int
) -> None:
    further = b":x" * (len(fields) - 1)
    for byte in range(256):
        cells = [bytearray(b"0|1"), bytearray(b"./0"), bytearray(b"1|1")]
        cells[sample][place] = byte
        reading = Reading(b"\t".join(bytes(cell) + further for cell in cells), fields)
        wanted = [expected(bytes(cell), 1) for cell in cells]
        if byte == ord(":") and len(fields) == 2:
            wanted[sample] = None
        assert reading.is_plain == (None not in wanted), byte
        if reading.is_plain:
            assert [reading.genotype(i) for i in range(3)] == wanted, byte


@pytest.mark.parametrize(
    ("field", "pattern"),
    [
        (kernel.DP, INTEGER),
        (kernel.GQ, INTEGER),
        (kernel.PS, INTEGER),
        (kernel.INTEGERS, re.compile(rb"(?:%b)(?:,(?:%b))*" % (INTEGER.pattern, INTEGER.pattern))),
        (kernel.AD, re.compile(rb"(?:%b)(?:,(?:%b))*" % (INTEGER.pattern, INTEGER.pattern))),
        (kernel.DECIMALS, re.compile(rb"(?:%b)(?:,(?:%b))*" % (DECIMAL.pattern, DECIMAL.pattern))),
        (kernel.TEXT, TEXT),
    ],
)
@pytest.mark.parametrize("written", [b"123", b"-4", b".", b"1,2", b"1.5e-3", b".,7", b"123456789"])
def test_any_byte_in_a_field_is_what_it_is_or_is_not_plain(
    field: int, pattern: re.Pattern[bytes], written: bytes
) -> None:
    for place in range(len(written) + 1):
        for byte in set(range(256)) - {ord(":"), 9, 10}:
            value = written[:place] + bytes([byte]) + written[place + 1 :]
            reading = Reading(b"0|1:%b\t0|0\t1|1:%b" % (value, value), [kernel.GT, field])
            assert reading.is_plain == bool(pattern.fullmatch(value)), value
            if reading.is_plain and field == kernel.DP:
                number = MISSING if value == b"." else int(value)
                assert reading.arrays.dp[0].tolist()[1:] == [number, MISSING, number]
            if reading.is_plain and field == kernel.AD:
                parts = [MISSING if part == b"." else int(part) for part in value.split(b",")]
                wanted = parts if len(parts) == 2 else [MISSING, MISSING]
                assert reading.arrays.pairs[0, :, 1].tolist() == wanted
                assert reading.arrays.pairs[0, :, 2].tolist() == [MISSING, MISSING]


def test_depths_of_several_alts_lie_sample_after_sample() -> None:
    reading = Reading(b"0|1:1,2,3\t0|2:4,5\t0:.\t1", [kernel.GT, kernel.AD], b"G,T", 4)

    assert reading.is_plain
    assert reading.arrays.depths[:12].tolist() == [1, 2, 3, *[MISSING] * 9]


def test_a_line_with_a_sample_too_many_or_too_few_is_not_plain() -> None:
    for fields, cell in (([kernel.GT], b"0|1"), ([kernel.GT, kernel.DP], b"0|1:3")):
        plain = [Reading(b"\t".join([cell] * n), fields).is_plain for n in (2, 3, 4)]
        assert plain == [False, True, False]
    assert not Reading(b"0|1\t0|1\t", [kernel.GT]).is_plain
    assert not Reading(b"\t0|1\t0|1", [kernel.GT]).is_plain
