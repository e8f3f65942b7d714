"""Compiled: takes lines of which a TextScan has nothing to say, until one may be otherwise.

A line is plain if it can be shown that a TextScan would only count it. This is stricter than the
TextScan, never laxer: whatever is not known here is given to it.
"""

import numpy as np

from allelake.ingest.compiled import compiled
from allelake.ingest.inspection.sample_columns import LONG_NUMBER, ODD, Bytes, Ints

# What take_plain_lines answers in its array: the first and last position, the last base; and of the
# first line at or after `cut_from` that no line before it reaches: its place in the buffer (-1:
# there is none), its position, and how many lines were taken before it.
ANSWERS = 6
FIRST, LAST, LAST_BASE, CUT, CUT_POSITION, CUT_LINES = range(ANSWERS)
# Kinds of INFO fields, and numbers of values that depend on the record or on nothing.
TEXT, INTEGER, FLOAT, FLAG = range(4)
ANY_NUMBER, NUMBER_A, NUMBER_R = -1, -2, -3
# What has more of them is left to the TextScan.
MOST_ALTS = 16
MOST_ITEMS = 128

# Lists of texts are (bytes, where each begins and ends). FORMATs that begin with GT, with whether
# they have integers; FILTERs; INFO fields with their kinds, numbers, and a table to look them up;
# and runs of INFO fields that were met, as (items, where each run begins and ends).
Fields = tuple[Bytes, Ints, Ints, Ints, Ints]
Shapes = tuple[Ints, Ints]
Known = tuple[tuple[Bytes, Ints, Ints], tuple[Bytes, Ints], Fields, Shapes]

_DOT, _MINUS, _COMMA, _SEMICOLON, _EQUALS, _ZERO, _STAR = 46, 45, 44, 59, 61, 48, 42


@compiled
def take_plain_lines(
    buffer: Bytes,
    lines: tuple[Ints, Ints, Bytes],
    first: int,
    last: int,
    contig: Bytes,
    position: int,
    reach: int,
    cut_from: int,
    known: Known,
    answer: Ints,
) -> int:
    """Takes plain lines from number `first` to before `last`; the first that is not plain, or last.

    `lines` are those of `cut_lines`. `contig` and `position` are those of the line before, `reach`
    is the last base before.
    """
    starts, tabs, kinds, formats = lines[0], lines[1], lines[2], known[0]
    items = np.empty(MOST_ITEMS + 1, np.int64)
    last_base, first_position, line = reach, 0, first
    answer[CUT] = -1
    while line < last:
        mine = tabs[9 * line : 9 * line + 9]
        if kinds[line] == ODD:
            break
        here = _fixed_columns(buffer, starts[line], mine, contig, position, known, items)
        if here < 0:
            break
        layout = _find(buffer, mine[7] + 1, mine[8], formats[0], formats[1])
        if layout < 0 or (kinds[line] == LONG_NUMBER and formats[2][layout] > 0):
            break
        if cut_from <= starts[line] and here > last_base and answer[CUT] < 0:
            answer[CUT], answer[CUT_POSITION], answer[CUT_LINES] = starts[line], here, line - first
        if line == first:
            first_position = here
        position = here
        last_base = max(last_base, here + mine[3] - mine[2] - 2)
        line += 1
    answer[FIRST], answer[LAST], answer[LAST_BASE] = first_position, position, last_base
    return line


@compiled
def _fixed_columns(
    buffer: Bytes,
    at: int,
    tabs: Ints,
    contig: Bytes,
    position: int,
    known: Known,
    items: Ints,
) -> int:
    """POS of the line if its columns before FORMAT are plain, or -1; `tabs` are its first nine."""
    filters, fields, shapes = known[1], known[2], known[3]
    if not _same(buffer, at, tabs[0], contig, 0, len(contig)):
        return -1
    here = _number(buffer, tabs[0] + 1, tabs[1])
    if here < 1 or here < position or not _is_name(buffer, tabs[1] + 1, tabs[2]):
        return -1
    alts = _alleles(buffer, tabs[2] + 1, tabs[3], tabs[4])
    if alts < 1:
        return -1
    quality = tabs[4] + 1
    if not _is_dot(buffer, quality, tabs[5]) and not _is_decimal(buffer, quality, tabs[5]):
        return -1
    if _find(buffer, tabs[5] + 1, tabs[6], filters[0], filters[1]) < 0:
        return -1
    if _is_dot(buffer, tabs[6] + 1, tabs[7]):
        return here
    total = _info_items(buffer, tabs[6] + 1, tabs[7], alts, fields, items)
    return here if total > 0 and _is_known_shape(items, total, shapes) else -1


@compiled
def _same(one: Bytes, start: int, stop: int, other: Bytes, begin: int, size: int) -> bool:
    if stop - start != size:
        return False
    i = 0
    while i < size and one[start + i] == other[begin + i]:
        i += 1
    return i == size


@compiled
def _find(buffer: Bytes, start: int, stop: int, texts: Bytes, bounds: Ints) -> int:
    """Which of the texts stands there; -1: none."""
    for i in range(len(bounds) - 1):
        if _same(buffer, start, stop, texts, bounds[i], bounds[i + 1] - bounds[i]):
            return i
    return -1


@compiled
def _is_dot(buffer: Bytes, start: int, stop: int) -> bool:
    return stop - start == 1 and buffer[start] == _DOT


@compiled
def _number(buffer: Bytes, start: int, stop: int) -> int:
    """A whole number of 1 to 9 digits, or -1."""
    if stop <= start or stop - start > 9:
        return -1
    value = 0
    for i in range(start, stop):
        digit = int(buffer[i]) - _ZERO
        if digit < 0 or digit > 9:
            return -1
        value = 10 * value + digit
    return value


@compiled
def _is_name(buffer: Bytes, start: int, stop: int) -> bool:
    """Names joined by ';' without blanks; '.' is one of them."""
    if stop <= start:
        return False
    before = _SEMICOLON
    for i in range(start, stop):
        byte = int(buffer[i])
        if byte <= 32 or (byte == _SEMICOLON and before == _SEMICOLON):
            return False
        before = byte
    return before != _SEMICOLON


@compiled
def _alleles(buffer: Bytes, start: int, ref_end: int, end: int) -> int:
    """How many ALTs there are, if all alleles are sequences (or *) that differ; else -1.

    REF lies from `start` to `ref_end`, a tab there, ALT from then on to `end`.
    """
    if not _is_sequence(buffer, start, ref_end):
        return -1
    begins = np.empty(MOST_ALTS + 2, np.int64)
    begins[0], begins[1] = start, ref_end + 1
    total, at = 0, ref_end + 1
    while True:
        stop = at
        while stop < end and buffer[stop] != _COMMA:
            stop += 1
        is_star = stop - at == 1 and buffer[at] == _STAR
        if not is_star and not _is_sequence(buffer, at, stop):
            return -1
        for other in range(total + 1):
            begin = begins[other]
            if _same(buffer, at, stop, buffer, begin, begins[other + 1] - 1 - begin):
                return -1
        total += 1
        if stop == end:
            return total
        if total == MOST_ALTS:
            return -1
        at = stop + 1
        begins[total + 1] = at


@compiled
def _is_sequence(buffer: Bytes, start: int, stop: int) -> bool:
    if stop <= start:
        return False
    for i in range(start, stop):
        byte = buffer[i]
        if byte != 65 and byte != 67 and byte != 71 and byte != 84 and byte != 78:
            return False
    return True


@compiled
def _digits(buffer: Bytes, at: int, stop: int) -> int:
    """Where the digits end that begin there."""
    while at < stop and buffer[at] >= _ZERO and buffer[at] <= _ZERO + 9:
        at += 1
    return at


@compiled
def _is_decimal(buffer: Bytes, start: int, stop: int) -> bool:
    """A number without a sign, with a point and an exponent or without."""
    whole = _digits(buffer, start, stop)
    at = whole
    if at < stop and buffer[at] == _DOT:
        at = _digits(buffer, at + 1, stop)
        if whole == start and at == whole + 1:
            return False
    elif whole == start:
        return False
    if at < stop and (buffer[at] == 101 or buffer[at] == 69):
        at += 1
        if at < stop and (buffer[at] == 43 or buffer[at] == _MINUS):
            at += 1
        first = at
        at = _digits(buffer, at, stop)
        if at == first:
            return False
    return at == stop


@compiled
def _is_value(buffer: Bytes, start: int, stop: int, kind: int) -> bool:
    """A missing value, an integer of at most 9 digits, or a number."""
    if _is_dot(buffer, start, stop):
        return True
    if start < stop and (buffer[start] == 43 or buffer[start] == _MINUS):
        start += 1
    if kind == FLOAT:
        return _is_decimal(buffer, start, stop)
    return start < stop <= start + 9 and _digits(buffer, start, stop) == stop


@compiled
def _are_values(buffer: Bytes, start: int, stop: int, kind: int, wanted: int) -> bool:
    """Values joined by commas, so many as wanted; one that is missing stands for all."""
    if _is_dot(buffer, start, stop):
        return True
    total, at = 0, start
    while True:
        comma = at
        while comma < stop and buffer[comma] != _COMMA:
            comma += 1
        if not _is_value(buffer, at, comma, kind):
            return False
        total += 1
        if comma == stop:
            return wanted < 0 or total == wanted
        at = comma + 1


@compiled
def key_digest(buffer: Bytes, start: int, stop: int) -> int:
    """A number for a text, to look it up by."""
    digest = np.uint64(14695981039346656037)
    for i in range(start, stop):
        digest = (digest ^ np.uint64(buffer[i])) * np.uint64(1099511628211)
    return int((digest ^ (digest >> np.uint64(29))) & np.uint64(0x7FFFFFFF))


@compiled
def _field(buffer: Bytes, start: int, stop: int, fields: Fields) -> int:
    """Which declared INFO field has this name; -1: none."""
    texts, bounds, table = fields[0], fields[1], fields[4]
    mask = len(table) - 1
    slot = key_digest(buffer, start, stop) & mask
    while table[slot] >= 0:
        i = int(table[slot])
        if _same(buffer, start, stop, texts, bounds[i], bounds[i + 1] - bounds[i]):
            return i
        slot = (slot + 1) & mask
    return -1


@compiled
def _info_items(
    buffer: Bytes,
    start: int,
    end: int,
    alts: int,
    fields: Fields,
    items: Ints,
) -> int:
    """How many numbers were put into `items`: ALTs, then 2 x field + has a value; -1: not plain."""
    kinds, numbers = fields[2], fields[3]
    items[0] = alts
    total, at = 1, start
    while total <= MOST_ITEMS:
        name_end = at
        while name_end < end and buffer[name_end] != _EQUALS and buffer[name_end] != _SEMICOLON:
            name_end += 1
        field = _field(buffer, at, name_end, fields)
        if field < 0:
            return -1
        has_value = name_end < end and buffer[name_end] == _EQUALS
        stop = name_end
        while stop < end and buffer[stop] != _SEMICOLON:
            stop += 1
        kind = kinds[field]
        if has_value and kind != TEXT:
            wanted = numbers[field]
            if wanted == NUMBER_A:
                wanted = alts
            elif wanted == NUMBER_R:
                wanted = alts + 1
            if kind == FLAG or not _are_values(buffer, name_end + 1, stop, kind, wanted):
                return -1
        items[total] = 2 * field + has_value
        total += 1
        if stop == end:
            return total
        at = stop + 1
    return -1


@compiled
def _is_known_shape(items: Ints, total: int, shapes: Shapes) -> bool:
    known, bounds = shapes
    for i in range(len(bounds) - 1):
        begin = bounds[i]
        if bounds[i + 1] - begin == total:
            is_same = True
            for k in range(total):
                if known[begin + k] != items[k]:
                    is_same = False
                    break
            if is_same:
                return True
    return False
