"""Pieces of a text as arrays: compared, told apart, turned into numbers eight bytes at a time."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.fast_text.pace import loops_for

Places = NDArray[np.int64]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

# Zero bytes before and after the text, so that words may be read past both ends of a piece.
_MARGIN = 80
_WORD = 8
_ZEROS = np.uint64(0x3030303030303030)
_HIGH_HALVES = np.uint64(0xF0F0F0F0F0F0F0F0)
_SIXES = np.uint64(0x0606060606060606)
# Of the eight bytes of a word the first n (in text order), for n from 0 to 8.
_FIRST_BYTES = np.array([(1 << (8 * n)) - 1 for n in range(9)], np.uint64)
# Odd numbers without a pattern, a multiplier for each word of a hash.
_MULTIPLIERS = np.random.default_rng(1).integers(1, 1 << 63, 16, np.uint64) * np.uint64(2) + 1


@dataclass(frozen=True)
class Pieces:
    """Some pieces of a text: where each begins, and how many bytes it has."""

    start: Places
    length: Places

    @property
    def stop(self) -> Places:
        """The place after each piece."""
        return self.start + self.length

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, which: Flags | Places | slice) -> "Pieces":
        return Pieces(self.start[which], self.length[which])


class Text:
    """A text of ASCII bytes; a place in it counts from its first byte.

    `loops` does with it what arrays do, compiled; None where there is too little text for that.
    """

    def __init__(self, raw: bytes):
        padded = np.zeros(len(raw) + 2 * _MARGIN, np.uint8)
        padded[_MARGIN : _MARGIN + len(raw)] = np.frombuffer(raw, np.uint8)
        self.raw = raw
        self.bytes = padded[_MARGIN : _MARGIN + len(raw)]
        self._places: dict[bytes, Places] = {}
        # Element i is the word that begins at byte i of the padded text.
        self._words = np.ndarray((len(padded) - _WORD + 1,), "<u8", padded, strides=(1,))
        self.loops = loops_for(len(raw))
        # As `_words`, from the text's first byte on.
        self._own_words = self._words[_MARGIN:]

    def places(self, character: bytes) -> Places:
        """Where a character stands."""
        found = self._places.get(character)
        if found is None:
            found = self._places[character] = np.flatnonzero(self.bytes == ord(character))
        return found

    def text_of(self, pieces: Pieces, index: int) -> bytes:
        """One piece."""
        start = int(pieces.start[index])
        return self.raw[start : start + int(pieces.length[index])]

    def words(self, pieces: Pieces, number: int = 0) -> Words:
        """The piece's word `number`, with zeros after its end."""
        if self.loops is not None:
            found: Words = self.loops.words_of(self._own_words, pieces.start, pieces.length, number)
            return found
        left = np.minimum(np.maximum(pieces.length - _WORD * number, 0), _WORD)
        words = self._words[pieces.start + (_MARGIN + _WORD * number)]
        return words & _FIRST_BYTES[left]

    def equals(self, pieces: Pieces, value: bytes) -> Flags:
        """Which pieces are these bytes."""
        if self.loops is not None:
            words = _words_of(value)
            size = len(value)
            found: Flags = self.loops.equal_to(
                self._own_words, pieces.start, pieces.length, words, size
            )
            return found
        same: Flags = pieces.length == len(value)
        for number in range(-(-len(value) // _WORD)):
            part = value[_WORD * number : _WORD * number + _WORD].ljust(_WORD, b"\0")
            same &= self.words(pieces, number) == np.frombuffer(part, "<u8")[0]
        return same

    def starts_with(self, pieces: Pieces, value: bytes) -> Flags:
        """Which pieces begin with these bytes."""
        head = Pieces(pieces.start, np.minimum(pieces.length, len(value)))
        return self.equals(head, value)

    def same_as_before(self, pieces: Pieces, first: bytes, most_words: int = 4) -> Flags:
        """Which pieces are the one before them (`first` for the first); longer ones never are."""
        same: Flags = pieces.length <= most_words * _WORD
        same[1:] &= pieces.length[1:] == pieces.length[:-1]
        for number in range(min(most_words, _word_total(pieces))):
            words = self.words(pieces, number)
            same[1:] &= words[1:] == words[:-1]
        same[:1] &= self.equals(pieces[:1], first)
        return same

    def integers(self, pieces: Pieces) -> tuple[NDArray[np.int64], Flags]:
        """Whole numbers of 1 to 9 digits, and which pieces are such; 0 where they are not."""
        if self.loops is not None:
            found: tuple[NDArray[np.int64], Flags] = self.loops.integers_in(
                self.bytes, pieces.start, pieces.length
            )
            return found
        end = pieces.start + pieces.length + _MARGIN
        length = np.minimum(np.maximum(pieces.length, 0), _WORD)
        before = _FIRST_BYTES[_WORD - length]
        word = (self._words[end - _WORD] & ~before) | (_ZEROS & before)
        sound = (word & _HIGH_HALVES) == _ZEROS
        sound &= ((word + _SIXES) & _HIGH_HALVES) == _ZEROS
        value = _value_of_digits(word).astype(np.int64)
        nine = pieces.length == _WORD + 1
        if nine.any():
            digit = self.bytes[pieces.start[nine]].astype(np.int64) - ord("0")
            value[nine] += digit * 10**8
            sound[nine] &= (digit >= 0) & (digit <= 9)
        sound &= (pieces.length >= 1) & (pieces.length <= _WORD + 1)
        return np.where(sound, value, 0), sound

    def codes(self, pieces: Pieces, most: int, most_words: int = 8) -> tuple[Places, list[int]]:
        """A number for each distinct piece, and the first piece of each number.

        -1 for pieces longer than `most_words` words (at most 8), and where there are more than
        `most` different ones.
        """
        if self.loops is not None:
            found, places = self.loops.codes_of(
                self._own_words, pieces.start, pieces.length, most, most_words * _WORD
            )
            return found, places.tolist()
        words = [self.words(pieces, n) for n in range(min(most_words, _word_total(pieces)))]
        digest = pieces.length.astype(np.uint64) * _MULTIPLIERS[-1]
        for number, word in enumerate(words):
            digest += (word ^ (word >> np.uint64(29))) * _MULTIPLIERS[number]
        code = np.full(len(pieces), -1, np.int64)
        firsts: list[int] = []
        left = np.flatnonzero(pieces.length <= most_words * _WORD)
        while left.size and len(firsts) < most:
            first = left[0]
            alike = digest[left] == digest[first]
            same = left[alike]
            is_same = pieces.length[same] == pieces.length[first]
            for word in words:
                is_same &= word[same] == word[first]
            code[same[is_same]] = len(firsts)
            firsts.append(int(first))
            alike[alike] = is_same
            left = left[~alike]
        return code, firsts


@cache
def _words_of(value: bytes) -> Words:
    """The bytes as words, with zeros after them."""
    padded = value.ljust(-(-len(value) // _WORD) * _WORD, b"\0")
    return np.frombuffer(padded, "<u8").copy()


def _word_total(pieces: Pieces) -> int:
    return -(-int(pieces.length.max(initial=0)) // _WORD)


def _value_of_digits(word: Words) -> Words:
    """The number that eight digits spell, the first of them in the lowest byte."""
    pairs = ((word & np.uint64(0x0F0F0F0F0F0F0F0F)) * np.uint64(2561)) >> np.uint64(8)
    fours = ((pairs & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601)) >> np.uint64(16)
    mixed = (fours & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001)
    return np.asarray(mixed >> np.uint64(32))
