"""Which pieces of a text are numbers, bases or genotypes, told by small automata."""

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.fast_text.text import Flags, Pieces, Text

# A piece that is longer is not accepted: nothing plain is.
MOST_CHARACTERS = 1000
_DEAD = 255
_DIGITS = b"0123456789"


class Grammar:
    """An automaton over bytes: steps (state, characters, next state), and the states to end in."""

    def __init__(self, steps: list[tuple[int, bytes, int]], ends: set[int]):
        self._next = np.full((256, 256), _DEAD, np.uint8)
        for state, characters, following in steps:
            self._next[state, list(characters)] = following
        self._flat = self._next.reshape(-1)
        self._is_end = np.zeros(256, np.bool_)
        self._is_end[list(ends)] = True

    def accepts(self, text: Text, pieces: Pieces, most: int = MOST_CHARACTERS) -> Flags:
        """Which pieces the grammar accepts whole; empty ones and those above `most` never are."""
        if text.loops is not None:
            found: Flags = text.loops.accepted(
                self._flat, self._is_end, text.bytes, pieces.start, pieces.length, most
            )
            return found
        state: NDArray[np.uint8] = np.zeros(len(pieces), np.uint8)
        active = np.flatnonzero((pieces.length > 0) & (pieces.length <= most))
        start, left = pieces.start[active], pieces.length[active]
        now = state[active]
        step = 0
        while active.size:
            now = self._flat[(now.astype(np.int64) << 8) + text.bytes[start + step]]
            step += 1
            done = (left == step) | (now == _DEAD)
            if done.any():
                state[active[done]] = now[done]
                going = ~done
                active, start, left, now = active[going], start[going], left[going], now[going]
        return np.asarray(self._is_end[state] & (pieces.length > 0))


def _integers() -> Grammar:
    """Whole numbers of 1 to 9 digits with an optional sign, or '.', joined by commas."""
    steps = [(0, b"+-", 1), (0, b".", 20), (20, b",", 0)]
    steps += [(0, _DIGITS, 2), (1, _DIGITS, 2)]
    steps += [(state, _DIGITS, state + 1) for state in range(2, 10)]
    steps += [(state, b",", 0) for state in range(2, 11)]
    return Grammar(steps, {20, *range(2, 11)})


def _decimals(*, signs: bytes, joined: bool) -> Grammar:
    """Numbers with a point or an exponent, or '.'; joined by commas if so asked."""
    steps = [
        (0, _DIGITS, 2), (1, _DIGITS, 2), (2, _DIGITS, 2),  # whole part
        (0, b".", 3), (1, b".", 4), (2, b".", 5),  # '.' alone is a missing value
        (3, _DIGITS, 6), (4, _DIGITS, 6), (5, _DIGITS, 6), (6, _DIGITS, 6),  # after the point
        (2, b"eE", 7), (5, b"eE", 7), (6, b"eE", 7),
        (7, b"+-", 8), (7, _DIGITS, 9), (8, _DIGITS, 9), (9, _DIGITS, 9),  # exponent
    ]  # fmt: skip
    ends = {2, 3, 5, 6, 9}
    if signs:
        steps.append((0, signs, 1))
    if joined:
        steps += [(state, b",", 0) for state in ends]
    return Grammar(steps, ends)


def _genotypes() -> Grammar:
    """GT of one or two alleles of one digit each, or missing."""
    allele = _DIGITS + b"."
    return Grammar([(0, allele, 1), (1, b"/|", 2), (2, allele, 3)], {1, 3})


INTEGERS = _integers()
DECIMALS = _decimals(signs=b"+-", joined=True)
# One number that is not negative, or '.'.
QUALITY = _decimals(signs=b"", joined=False)
GENOTYPE = _genotypes()
BASES = Grammar([(0, b"ACGTN", 1), (1, b"ACGTN", 1)], {1})
# The name of one record, or '.': no ';' and no blank.
NAME = Grammar([(0, bytes(set(range(33, 127)) - {ord(";")}), 0)], {0})
