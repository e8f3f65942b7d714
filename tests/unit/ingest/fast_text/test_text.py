"""Pieces of text compared and read as numbers, beside plain Python."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allelake.ingest.fast_text.grammar import (
    BASES,
    DECIMALS,
    GENOTYPE,
    INTEGERS,
    QUALITY,
    Grammar,
)
from allelake.ingest.fast_text.lines import cut_lines
from allelake.ingest.fast_text.text import Pieces, Text
from allelake.ingest.fast_text.values import cut_at, texts_of
from allelake.ingest.inspection.scan_info import FLOAT, SHORT_INTEGER

WORDS = st.lists(
    st.text(alphabet="0123456789ab.,-+eE/|ACGTN", max_size=20).map(str.encode), min_size=1
)
# Without NaN and infinity, which are no plain numbers.
NUMBER = FLOAT.partition(rb"|[nN]")[0] + rb")"


def pieces_of(words: list[bytes]) -> tuple[Text, Pieces]:
    """The words, as pieces of one text."""
    raw = b"\t".join(words)
    lengths = np.array([len(word) for word in words], np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths + 1)[:-1]])
    return Text(raw), Pieces(starts, lengths)


@settings(deadline=None)  # the first call compiles
@given(WORDS)
def test_integers_are_those_of_one_to_nine_digits(words: list[bytes]) -> None:
    values, sound = (found.tolist() for found in _integers(words))

    expected = [bool(re.fullmatch(rb"\d{1,9}", word)) for word in words]
    assert sound == expected
    assert values == [int(w) if ok else 0 for w, ok in zip(words, expected, strict=True)]


def _integers(words: list[bytes]) -> tuple[np.ndarray, np.ndarray]:
    text, pieces = pieces_of(words)
    return text.integers(pieces)


@settings(deadline=None)  # the first call compiles
@given(WORDS)
def test_equal_pieces_have_equal_codes_by_first_place(words: list[bytes]) -> None:
    text, pieces = pieces_of(words)

    code, firsts = text.codes(pieces, 10_000)

    distinct = list(dict.fromkeys(words))
    assert [distinct[c] for c in code.tolist()] == words
    assert [words[first] for first in firsts] == distinct


@settings(deadline=None)  # the first call compiles
@given(WORDS)
def test_strings_are_the_pieces(words: list[bytes]) -> None:
    text, pieces = pieces_of(words)

    assert texts_of(text, pieces).to_pylist() == [word.decode() for word in words]


@settings(deadline=None)  # the first call compiles
@given(WORDS)
def test_parts_between_commas_are_those_of_split(words: list[bytes]) -> None:
    text, pieces = pieces_of(words)

    row, index, parts = cut_at(text, b",", pieces)

    expected = [
        (r, i, part) for r, word in enumerate(words) for i, part in enumerate(word.split(b","))
    ]
    found = [
        (int(r), int(i), text.text_of(parts, n))
        for n, (r, i) in enumerate(zip(row, index, strict=True))
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("grammar", "pattern"),
    [
        (INTEGERS, rb"(?:%b|\.)(?:,(?:%b|\.))*" % (SHORT_INTEGER, SHORT_INTEGER)),
        (DECIMALS, rb"(?:%b|\.)(?:,(?:%b|\.))*" % (NUMBER, NUMBER)),
        (QUALITY, rb"\.|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?"),
        (GENOTYPE, rb"[0-9.](?:[/|][0-9.])?"),
        (BASES, rb"[ACGTN]+"),
    ],
)
@settings(deadline=None)  # the first call compiles
@given(words=WORDS)
def test_a_grammar_accepts_what_its_pattern_does(
    grammar: Grammar, pattern: bytes, words: list[bytes]
) -> None:
    text, pieces = pieces_of(words)

    found = grammar.accepts(text, pieces).tolist()

    assert found == [bool(re.fullmatch(pattern, word)) for word in words]


@pytest.mark.parametrize(
    "raw",
    [
        b"a\tb\n",
        b"\t" * 9,
        b"\t" * 9 + b"\n" + b"\t" * 10 + b"\n",
        b"\t" * 8 + b"\n" + b"\t" * 10 + b"\n",
        b"\t" * 9 + b"\r\n",
        b"\t" * 9 + b"\x00\n",
        b"\t" * 9 + b"\x7f\n",
        "\t".join("é" * 10).encode() + b"\n",
        b"",
    ],
)
def test_lines_that_are_not_plain_text_of_ten_columns_are_not_cut(raw: bytes) -> None:
    assert cut_lines(raw) is None


def test_lines_are_cut_into_their_columns() -> None:
    rows = [[f"{row}{column}" for column in "abcdefghij"] for row in range(3)]
    raw = "".join("\t".join(row) + "\n" for row in rows).encode()

    lines = cut_lines(raw)

    assert lines is not None
    found = [
        [lines.text.text_of(column, row).decode() for column in lines.columns] for row in range(3)
    ]
    assert found == rows
    assert lines.line(1).decode() == "\t".join(rows[1])
