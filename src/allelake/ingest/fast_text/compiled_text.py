"""What `text`, `lines`, `grammar`, `info` and `values` do with arrays, as compiled loops.

Each function gives, element for element, what the arrays' own way gives; a test compares them.
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
def words_of(words: Words, start: Places, length: Places, number: int) -> Words:
    """Word `number` of each piece, with zeros after its end; `start` counts in `words`."""
    found = np.empty(start.size, np.uint64)
    before = 8 * number
    for i in range(start.size):
        left = length[i] - before
        if left <= 0:
            found[i] = 0
            continue
        word = words[start[i] + before]
        if left < _EIGHT:
            word &= (np.uint64(1) << np.uint64(8 * left)) - np.uint64(1)
        found[i] = word
    return found


@compiled
def equal_to(words: Words, start: Places, length: Places, value: Words, size: int) -> Flags:
    """Which pieces are the `size` bytes that `value` has, with zeros after them."""
    same = np.empty(start.size, np.bool_)
    for i in range(start.size):
        same[i] = length[i] == size
        if length[i] == size:
            left = size
            for number in range(value.size):
                word = words[start[i] + 8 * number]
                if left < _EIGHT:
                    word &= (np.uint64(1) << np.uint64(8 * left)) - np.uint64(1)
                if word != value[number]:
                    same[i] = False
                left -= 8
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
        digest = np.uint64(size) * np.uint64(0x9E3779B97F4A7C15)
        left = size
        number = 0
        while left > 0:
            word = words[start[i] + 8 * number]
            if left < _EIGHT:
                word &= (np.uint64(1) << np.uint64(8 * left)) - np.uint64(1)
            digest = (digest ^ word) * np.uint64(0xD6E8FEB86659FD93)
            digest ^= digest >> np.uint64(32)
            left -= 8
            number += 1
        slot = np.int64(digest & np.uint64(slots - 1))
        while table[slot] >= 0:
            other = firsts[table[slot]]
            is_same = length[other] == size
            left = size
            number = 0
            while is_same and left > 0:
                difference = words[start[i] + 8 * number] ^ words[start[other] + 8 * number]
                if left < _EIGHT:
                    difference &= (np.uint64(1) << np.uint64(8 * left)) - np.uint64(1)
                if difference != 0:
                    is_same = False
                left -= 8
                number += 1
            if is_same:
                break
            slot = (slot + 1) & (slots - 1)
        if table[slot] < 0:
            if total == most:
                continue
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
