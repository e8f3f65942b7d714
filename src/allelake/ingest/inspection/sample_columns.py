"""Compiled: cuts text of several samples into lines, and looks through the samples' columns."""

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.compiled import compiled

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

# Of the samples' columns of a line: a TextScan may have something to tell of them; it has nothing;
# it has if the FORMAT has integers, since there is a number of ten digits.
ODD, PLAIN, LONG_NUMBER = 0, 1, 2

_TAB, _NEWLINE, _DOT, _SLASH, _ZERO, _PIPE, _MINUS = 9, 10, 46, 47, 48, 124, 45
_COMMA, _COLON, _G, _T = 44, 58, 71, 84

# Eight bytes at a time: numba makes the widest instructions of plain arithmetic on such words, and
# of nothing that looks at bytes one by one (20 against 1 GB/s). A machine that counts bytes the
# other way round is not among those that the libraries are built for.
_HIGH, _LOW = np.uint64(0x8080808080808080), np.uint64(0x7F7F7F7F7F7F7F7F)
_ONES, _ZEROS = np.uint64(0x0101010101010101), np.uint64(0x3030303030303030)
_TABS, _NEWLINES = np.uint64(0x0909090909090909), np.uint64(0x0A0A0A0A0A0A0A0A)
_SLASHES, _PIPES = np.uint64(0x2F2F2F2F2F2F2F2F), np.uint64(0x7C7C7C7C7C7C7C7C)
_DOTS, _MINUSES = np.uint64(0x2E2E2E2E2E2E2E2E), np.uint64(0x2D2D2D2D2D2D2D2D)
# Added to bytes below 128, these set the high bits of those from 32 on, and from 10 on.
_BELOW_32, _BEYOND_9 = np.uint64(0x6060606060606060), np.uint64(0x7676767676767676)
_SEVEN, _FIFTY_SIX = np.uint64(7), np.uint64(56)
# "0|0\t0|0\t" and "0/0\t0/0\t", and which bits of them tell an allele from 0 to 7 from others.
_TWO_PHASED, _TWO_UNPHASED = np.uint64(0x09307C3009307C30), np.uint64(0x09302F3009302F30)
_TWO_MASK = np.uint64(0xFFF8FFF8FFF8FFF8)


@compiled
def cut_lines(buffer: Bytes, samples: int, starts: Ints, tabs: Ints, kinds: Bytes) -> int:
    """How many lines there are; each ends in a newline and has no fewer bytes than two a sample.

    `starts` gets where each line begins, and where one after the last would, `tabs` the first nine
    tabs of each, `kinds` what its samples' columns are; ODD also where it has other columns.
    """
    end, line, at = len(buffer), 0, 0
    while at < end and line < len(kinds):
        starts[line] = at
        after = -1
        kinds[line] = ODD
        mine = tabs[9 * line : 9 * line + 9]
        if _find_tabs(buffer, at, end, mine):
            first = mine[8] + 1
            is_gt = mine[8] - mine[7] == 3
            if is_gt and buffer[first - 3] == _G and buffer[first - 2] == _T:
                after = _only_genotypes(buffer, first, end, samples)
                kinds[line] = ODD if after < 0 else PLAIN
            else:
                after = line_end(buffer, first, end) + 1
                kinds[line] = _samples(buffer, first, after - 1, samples)
        at = after if after > 0 else line_end(buffer, at, end) + 1
        line += 1
    starts[line] = at
    return line


@compiled
def _find_tabs(buffer: Bytes, at: int, end: int, tabs: Ints) -> bool:
    """Finds the first nine tabs of a line without other control characters before the ninth."""
    found = 0
    while at < end:
        byte = buffer[at]
        if byte < 32 or byte > 126:
            if byte != _TAB:
                return False
            tabs[found] = at
            found += 1
            if found == 9:
                return True
        at += 1
    return False


@compiled
def _only_genotypes(buffer: Bytes, first: int, end: int, samples: int) -> int:
    """Where the next line begins if these are `samples` genotypes of one-digit alleles; else -1."""
    after = first + 4 * samples
    if after <= end and buffer[after - 1] == _NEWLINE and _all_diploid(buffer, first, after):
        return after
    stop = line_end(buffer, first, end)
    if stop < 0:
        return -1
    words = buffer[first:stop][: (stop - first) // 8 * 8].view(np.uint64)
    separators, tabs, odd = np.uint64(0), np.uint64(0), np.uint64(0)
    for i in range(len(words)):
        tab = _equal(words[i], _TABS)
        mark = _equal(words[i], _SLASHES) | _equal(words[i], _PIPES)
        odd |= _HIGH & ~(tab | mark | _digits_in(words[i]) | _equal(words[i], _DOTS))
        tabs += _count(tab)
        separators += _count(mark)
    if odd:
        return -1
    tab_total, separator_total = int(tabs), np.int64(separators)
    for i in range(first + 8 * len(words), stop):
        byte = buffer[i]
        if byte == _TAB:
            tab_total += 1
        elif byte in (_SLASH, _PIPE):
            separator_total += 1
        elif byte != _DOT and (byte < _ZERO or byte > _ZERO + 9):
            return -1
    is_plain = tab_total == samples - 1 and stop - first == 2 * (samples + separator_total) - 1
    return stop + 1 if is_plain else -1


@compiled
def _all_diploid(buffer: Bytes, first: int, after: int) -> bool:
    """Whether genotypes of alleles 0 to 7, all with one separator, fill these bytes."""
    separator = buffer[first + 1]
    if separator != _PIPE and separator != _SLASH:
        return False
    wanted = _TWO_PHASED if separator == _PIPE else _TWO_UNPHASED
    words = buffer[first:after][: (after - 1 - first) // 8 * 8].view(np.uint64)
    odd = np.uint64(0)
    for i in range(len(words)):
        odd |= (words[i] ^ wanted) & _TWO_MASK
    if odd:
        return False
    for i in range(first + 8 * len(words), after, 4):
        is_allele = (buffer[i] & 0xF8) == _ZERO and (buffer[i + 2] & 0xF8) == _ZERO
        ending = _NEWLINE if i + 4 == after else _TAB
        if not is_allele or buffer[i + 1] != separator or buffer[i + 3] != ending:
            return False
    return True


@compiled
def _samples(buffer: Bytes, first: int, stop: int, samples: int) -> int:
    """What these columns are, as `kinds` has it; a newline stands at `stop`."""
    if len(buffer) - stop < 8:
        return _samples_one_by_one(buffer, first, stop, samples)
    size = (stop - first) // 8 * 8
    words = buffer[first : first + size].view(np.uint64)
    second = buffer[first + 1 : first + 1 + size].view(np.uint64)
    third = buffer[first + 2 : first + 2 + size].view(np.uint64)
    fourth = buffer[first + 3 : first + 3 + size].view(np.uint64)
    fifth = buffer[first + 4 : first + 4 + size].view(np.uint64)
    tabs, controls, close = np.uint64(0), np.uint64(0), np.uint64(0)
    for i in range(len(words)):
        word = words[i]
        tab = _equal(word, _TABS)
        tabs += _count(tab)
        # High bits: bytes from 32 on, and from 127 on.
        seen = ((word & _LOW) + _BELOW_32) | word
        beyond = ((word & _LOW) + _ONES) | word
        controls |= _HIGH & ~tab & (~seen | beyond)
        close |= _equal(word, _MINUSES)
        run = _digits_in(word) & _digits_in(second[i]) & _digits_in(third[i])
        close |= run & _digits_in(fourth[i]) & _digits_in(fifth[i])
    if controls:
        return ODD
    total = int(tabs)
    is_close = close != np.uint64(0)
    digits = 0
    for i in range(first + size, stop):
        byte = buffer[i]
        total += int(byte == _TAB)
        digits += int(byte >= _ZERO and byte <= _ZERO + 9)
        is_close |= byte == _MINUS or byte > 126 or (byte < 32 and byte != _TAB)
    if is_close or digits >= 5:
        return _samples_one_by_one(buffer, first, stop, samples)
    return PLAIN if total == samples - 1 else ODD


@compiled
def _samples_one_by_one(buffer: Bytes, first: int, stop: int, samples: int) -> int:
    """The same of a line with a long number or a minus sign, told by each of its bytes."""
    tabs, run, is_allele, is_long = 0, 0, True, False
    before = _TAB
    for at in range(first, stop + 1):
        byte = int(buffer[at])
        if byte >= _ZERO and byte <= _ZERO + 9:
            run += 1
            if run >= 5 and is_allele:
                return ODD
            is_long |= run >= 10
        else:
            if before == _MINUS and (byte <= 32 or byte in (_COLON, _COMMA)):
                return ODD
            if (byte < 32 and byte != _TAB and at < stop) or byte > 126:
                return ODD
            run = 0
            is_allele = byte in (_SLASH, _PIPE, _TAB)
            tabs += int(byte == _TAB)
        before = byte
    if tabs != samples - 1:
        return ODD
    return LONG_NUMBER if is_long else PLAIN


@compiled
def line_end(buffer: Bytes, at: int, end: int) -> int:
    """Where the newline is; -1: there is none."""
    words = buffer[at : at + (end - at) // 128 * 128].view(np.uint64)
    block = 0
    while block < len(words):
        found = np.uint64(0)
        for i in range(16):
            found |= _equal(words[block + i], _NEWLINES)
        if found:
            break
        block += 16
    at += 8 * block
    while at < end:
        if buffer[at] == _NEWLINE:
            return at
        at += 1
    return -1


@compiled
def _equal(word: np.uint64, eight: np.uint64) -> np.uint64:
    """The high bits of the bytes that are the same in both words."""
    differs = word ^ eight
    return _HIGH & ~(((differs & _LOW) + _LOW) | differs)


@compiled
def _digits_in(word: np.uint64) -> np.uint64:
    """The high bits of the bytes that are digits."""
    value = word ^ _ZEROS
    return _HIGH & ~(((value & _LOW) + _BEYOND_9) | value)


@compiled
def _count(high_bits: np.uint64) -> np.uint64:
    """How many of the eight are set."""
    return ((high_bits >> _SEVEN) * _ONES) >> _FIFTY_SIX
