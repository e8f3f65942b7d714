"""What `text`, `lines`, `grammar`, `info` and `values` do with arrays, as compiled loops.

Each function gives, element for element, what the arrays' own way gives; the tests run by both.
`start` counts from the text's first byte, `words` has the eight bytes from each place on.
Imported only by `pace`, since compiling costs more than a short text takes.
"""

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.compiled import compiled

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

_EIGHT = 8


@compiled
def word_at(words: Words, start: int, left: int) -> np.uint64:
    """Eight bytes of the text from `start` on, zeros after `left` of them; `left` above 0."""
    word: np.uint64 = words[start]
    if left < _EIGHT:
        word &= (np.uint64(1) << np.uint64(8 * left)) - np.uint64(1)
    return word


@compiled
def words_of(words: Words, start: Places, length: Places, number: int) -> Words:
    """Word `number` of each piece, with zeros after its end."""
    found = np.zeros(start.size, np.uint64)
    before = 8 * number
    for i in range(start.size):
        if length[i] > before:
            found[i] = word_at(words, start[i] + before, length[i] - before)
    return found


@compiled
def equal_to(words: Words, start: Places, length: Places, value: Words, size: int) -> Flags:
    """Which pieces are the `size` bytes that `value` has, with zeros after them."""
    same = np.empty(start.size, np.bool_)
    for i in range(start.size):
        same[i] = length[i] == size
        if length[i] == size:
            for number in range(value.size):
                before = 8 * number
                if word_at(words, start[i] + before, size - before) != value[number]:
                    same[i] = False
    return same


@compiled
def integers_in(data: Bytes, start: Places, length: Places) -> tuple[Places, Flags]:
    """Whole numbers of 1 to 9 digits, and which pieces are such; 0 where they are not."""
    value = np.zeros(start.size, np.int64)
    sound = np.zeros(start.size, np.bool_)
    for i in range(start.size):
        size = length[i]
        if size < 1 or size > 9:
            continue
        number = np.int64(0)
        is_sound = True
        for place in range(start[i], start[i] + size):
            digit = np.int64(data[place]) - 48
            if digit < 0 or digit > 9:
                is_sound = False
            number = number * 10 + digit
        if is_sound:
            value[i] = number
            sound[i] = True
    return value, sound


@compiled
def digest_of(words: Words, start: int, size: int) -> np.uint64:
    """A number that is the same for equal pieces, and seldom for others."""
    digest = np.uint64(size) * np.uint64(0x9E3779B97F4A7C15)
    for before in range(0, size, 8):
        word = word_at(words, start + before, size - before)
        digest = (digest ^ word) * np.uint64(0xD6E8FEB86659FD93)
        digest ^= digest >> np.uint64(32)
    return digest


@compiled
def are_same(words: Words, one: int, other: int, size: int) -> bool:
    """Whether two pieces of one length have the same bytes."""
    for before in range(0, size, 8):
        left = size - before
        if word_at(words, one + before, left) != word_at(words, other + before, left):
            return False
    return True


@compiled
def codes_of(
    words: Words, start: Places, length: Places, most: int, most_bytes: int
) -> tuple[Places, Places]:
    """A number for each distinct piece, and the first piece of each; -1 as `Text.codes` says."""
    code = np.full(start.size, -1, np.int64)
    firsts = np.empty(most, np.int64)
    slots = 1
    while slots < 4 * most:
        slots *= 2
    table = np.full(slots, -1, np.int64)
    total = 0
    for i in range(start.size):
        size = length[i]
        if size > most_bytes:
            continue
        slot = np.int64(digest_of(words, start[i], size) & np.uint64(slots - 1))
        while table[slot] >= 0:
            first = firsts[table[slot]]
            if length[first] == size and are_same(words, start[i], start[first], size):
                break
            slot = (slot + 1) & (slots - 1)
        if table[slot] < 0 and total < most:
            table[slot] = total
            firsts[total] = i
            total += 1
        code[i] = table[slot]
    return code, firsts[:total]


@compiled
def accepted(
    following: Bytes, is_end: Flags, data: Bytes, start: Places, length: Places, most: int
) -> Flags:
    """Which pieces an automaton accepts whole; empty ones and those longer than `most` never."""
    found = np.zeros(start.size, np.bool_)
    for i in range(start.size):
        size = length[i]
        if size <= 0 or size > most:
            continue
        state = np.int64(0)
        for place in range(start[i], start[i] + size):
            state = np.int64(following[(state << 8) + data[place]])
            if state == 255:
                break
        found[i] = is_end[state]
    return found


@compiled
def cut_columns(data: Bytes, columns: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start and length of each column of each line, a row for each column; none if not plain."""
    nothing = np.empty((columns, 0), np.int64)
    total = 0
    newlines = 0
    odd = 0
    for place in range(data.size):
        byte = data[place]
        is_newline = byte == 10
        newlines += is_newline
        total += is_newline or byte == 9
        odd += byte < 32 or byte >= 127
    if newlines == 0 or total != newlines * columns or odd != total:
        return nothing, nothing
    starts = np.empty((columns, newlines), np.int64)
    lengths = np.empty((columns, newlines), np.int64)
    row = 0
    column = 0
    begin = 0
    for place in range(data.size):
        byte = data[place]
        if byte > 10:
            continue
        if (byte == 10) != (column == columns - 1):
            return nothing, nothing
        starts[column, row] = begin
        lengths[column, row] = place - begin
        begin = place + 1
        column += 1
        if column == columns:
            column = 0
            row += 1
    return starts, lengths


@compiled
def count_in(data: Bytes, start: Places, length: Places, character: int) -> Places:
    """How often each piece has the character."""
    found = np.zeros(start.size, np.int64)
    for i in range(start.size):
        total = 0
        for place in range(start[i], start[i] + length[i]):
            total += data[place] == character
        found[i] = total
    return found


@compiled
def parts_of(
    data: Bytes, start: Places, length: Places, character: int
) -> tuple[Places, Places, Places, Places]:
    """(piece, place in it from 0, start, length) of each part between these characters."""
    total = start.size
    for i in range(start.size):
        for place in range(start[i], start[i] + length[i]):
            total += data[place] == character
    row = np.empty(total, np.int64)
    index = np.empty(total, np.int64)
    begins = np.empty(total, np.int64)
    lengths = np.empty(total, np.int64)
    at = 0
    for i in range(start.size):
        begin = start[i]
        number = 0
        for place in range(start[i], start[i] + length[i]):
            if data[place] == character:
                row[at], index[at] = i, number
                begins[at], lengths[at] = begin, place - begin
                begin = place + 1
                number += 1
                at += 1
        row[at], index[at] = i, number
        begins[at], lengths[at] = begin, start[i] + length[i] - begin
        at += 1
    return row, index, begins, lengths


@compiled
def first_in(data: Bytes, start: Places, length: Places, character: int) -> Places:
    """How many bytes of each piece stand before the character; its length where it is not there."""
    found = np.empty(start.size, np.int64)
    for i in range(start.size):
        size = length[i]
        before = 0
        while before < size and data[start[i] + before] != character:
            before += 1
        found[i] = before
    return found


@compiled
def ends_in(
    data: Bytes, start: Places, length: Places, character: int
) -> tuple[NDArray[np.int64], Places]:
    """Where each part between these characters ends, a row for each place of a part; how many
    characters each piece has. A piece with fewer parts ends in its own end from there on.
    """
    total = count_in(data, start, length, character)
    most = 0
    for i in range(start.size):
        most = max(most, total[i])
    ends = np.empty((most + 1, start.size), np.int64)
    for i in range(start.size):
        number = 0
        stop = start[i] + length[i]
        for place in range(start[i], stop):
            if data[place] == character:
                ends[number, i] = place
                number += 1
        for rest in range(number, most + 1):
            ends[rest, i] = stop
    return ends, total
