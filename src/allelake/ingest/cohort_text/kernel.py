"""The lines of multi-sample VCF text taken apart: fixed columns copied, genotypes into arrays.

Everything is compiled. A byte that is not where the plain form of a line has it ends the reading:
what htslib would make of it is htslib's to say.
"""

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.cohort_text.room import Arrays, Bytes, Formats, Heads, State
from allelake.ingest.compiled import compiled

# Why `take_lines` stopped.
MORE = 0  # the buffer is at its end
FULL = 1  # no row, line or room for fixed columns or depths is left
OTHER_CONTIG = 2  # the next line is of another contig
NEW_FORMAT = 3  # the next line has a FORMAT that is not in the table
ODD = 4  # the next line is not plain

# What to do with a field of FORMAT.
GT, TEXT, INTEGERS, DECIMALS, DP, GQ, AD, PS = range(8)

# CHROM to FORMAT
HEAD_COLUMNS = 9
MISSING = np.int32(-(2**31))
NO_ROW = -1

_TAB, _NEWLINE, _COLON, _COMMA, _DOT, _MINUS, _PLUS = 9, 10, 58, 44, 46, 45, 43
_ZERO, _SLASH, _BAR, _STAR, _LESS, _BIG_E, _SMALL_E = 48, 47, 124, 42, 60, 69, 101
_REF_END, _ALT_END, _FORMAT_START, _FORMAT_END = 3, 4, 7, 8
_NON_REF = b"<NON_REF>"
_MOST_ALTS, _MOST_DIGITS = 127, 9
# Where a reading stands: `State.at`.
PLACE, ROW, LINE, HEAD, DEPTH, HELD = range(6)


@compiled
def take_lines(data: Bytes, state: State, formats: Formats, heads: Heads, arrays: Arrays) -> int:
    """Takes lines of one contig until something stops it; says what, and `state.at` where."""
    at = state.at
    while at[PLACE] < data.size:
        line, row = at[LINE], at[ROW]
        is_full = row == arrays.first.shape[0] or at[HELD] >= state.most_held
        if is_full or line == heads.row.size:
            return FULL
        end, status = _copy_head(data, state, heads)
        if status != MORE:
            return status
        alts = _count_alts(heads.text, heads.ends[line])
        if alts > _MOST_ALTS:
            return ODD
        number = _find_format(heads, line, formats)
        if number < 0:
            return NEW_FORMAT
        depths = np.int64(state.samples) * (alts + 1) if alts > 1 and arrays.pairs.size > 1 else 0
        if at[DEPTH] + depths > arrays.depths.size:
            return FULL
        heads.alts[line] = alts
        heads.format[line] = number
        heads.depths[line] = at[DEPTH]
        has_row = state.keeps and _has_variant(heads.text, heads.ends[line])
        heads.row[line] = row if has_row else NO_ROW
        fields = formats.fields[number, : formats.totals[number]]
        after = _take_pairs(data, end, state, alts, row, arrays) if fields.size == 1 else -1
        if after < 0:
            after = _take_samples(data, end, state, fields, alts, row, arrays)
        if after < 0:
            return ODD
        at[PLACE] = after
        at[HEAD] = heads.ends[line, _FORMAT_END] + 1
        at[LINE] += 1
        if has_row:
            at[ROW] += 1
            at[DEPTH] += depths
            at[HELD] += np.int64(state.samples) * _held(fields, alts)
    return MORE


@compiled
def _held(fields: NDArray[np.int32], alts: int) -> int:
    """How many numbers of AD and PS a sample has."""
    held = 0
    for field in fields:
        held += (alts + 1) * (field == AD) + (field == PS)
    return held


@compiled
def _copy_head(data: Bytes, state: State, heads: Heads) -> tuple[int, int]:
    """Copies CHROM to FORMAT of the next line; where its samples begin, and whether it is plain."""
    place, out, line = state.at[PLACE], state.at[HEAD], state.at[LINE]
    for i in range(state.contig.size):
        if data[place + i] != state.contig[i]:
            return 0, OTHER_CONTIG
    if data[place + state.contig.size] != _TAB:
        return 0, OTHER_CONTIG
    column = 0
    while column < HEAD_COLUMNS:
        if out == heads.text.size:
            return 0, FULL
        byte = data[place]
        heads.text[out] = byte
        if byte == _TAB:
            heads.ends[line, column] = out
            column += 1
        elif byte < 32 or byte == 127:
            return 0, ODD
        place += 1
        out += 1
    heads.text[out - 1] = _NEWLINE
    return place, MORE


@compiled
def _count_alts(text: Bytes, ends: NDArray[np.int32]) -> int:
    start, stop = ends[_REF_END] + 1, ends[_ALT_END]
    if stop - start == 1 and text[start] == _DOT:
        return 0
    alts = 1
    for place in range(start, stop):
        alts += text[place] == _COMMA
    return alts


@compiled
def _has_variant(text: Bytes, ends: NDArray[np.int32]) -> bool:
    """Whether ALT is anything but one of `.`, `*`, `<*>` and `<NON_REF>` alone."""
    start, size = ends[_REF_END] + 1, ends[_ALT_END] - ends[_REF_END] - 1
    if size == 1:
        return bool(text[start] != _DOT and text[start] != _STAR)
    if size == 3 and text[start] == _LESS:
        return bool(text[start + 1] != _STAR)
    if size == 9 and text[start] == _LESS:
        same = True
        for i in range(size):
            same &= text[start + i] == _NON_REF[i]
        return not same
    return True


@compiled
def _find_format(heads: Heads, line: int, formats: Formats) -> int:
    """The number of the line's FORMAT; -1 if it was not met before."""
    start, stop = heads.ends[line, _FORMAT_START] + 1, heads.ends[line, _FORMAT_END]
    for number in range(formats.length.size):
        if formats.length[number] != stop - start:
            continue
        same = True
        for i in range(stop - start):
            if formats.text[number, i] != heads.text[start + i]:
                same = False
                break
        if same:
            return number
    return -1


@compiled
def _take_pairs(data: Bytes, start: int, state: State, alts: int, row: int, arrays: Arrays) -> int:
    """Samples that are all like `0|1`: the place after the line, or -1 if one is not."""
    samples, end = state.samples, start + 4 * state.samples
    if end > data.size or data[end - 1] != _NEWLINE:
        return -1
    text = data[start:end]
    first, second = arrays.first[row, state.pad :], arrays.second[row, state.pad :]
    phased = arrays.phased[row, state.pad :]
    sound: np.bool_ = np.bool_(True)
    highest = np.int8(0)
    for i in range(samples):
        a, separator, b, after = text[4 * i], text[4 * i + 1], text[4 * i + 2], text[4 * i + 3]
        one, two = np.int8(a) - np.int8(_ZERO), np.int8(b) - np.int8(_ZERO)
        is_bar = separator == _BAR
        one = np.int8(-1) if a == _DOT else one
        two = np.int8(-1) if b == _DOT else two
        sound &= (one >= -1) & (one <= 9) & (two >= -1) & (two <= 9)
        sound &= (a != _SLASH) & (b != _SLASH)
        sound &= is_bar | (separator == _SLASH)
        sound &= (after == _TAB) | (i == samples - 1)
        highest = max(highest, one, two)
        first[i], second[i], phased[i] = one, two, is_bar
    if arrays.dp.size > 1:
        arrays.dp[row, state.pad : state.pad + samples] = MISSING
    if arrays.gq.size > 1:
        arrays.gq[row, state.pad : state.pad + samples] = MISSING
    return end if sound and highest <= alts else -1


@compiled
def _take_samples(
    data: Bytes,
    place: int,
    state: State,
    fields: NDArray[np.int32],
    alts: int,
    row: int,
    arrays: Arrays,
) -> int:
    """Samples of any form: the place after the line, or -1 if one is not plain."""
    samples, pad = state.samples, state.pad
    first, second = arrays.first[row, pad:], arrays.second[row, pad:]
    phased, depths, free = arrays.phased[row, pad:], arrays.depths, state.at[DEPTH]
    has_dp, has_gq = arrays.dp.size > 1, arrays.gq.size > 1
    has_ad, has_ps = arrays.pairs.size > 1, arrays.ps.size > 1
    dp, gq = arrays.dp[row * has_dp, pad * has_dp :], arrays.gq[row * has_gq, pad * has_gq :]
    pairs, ps = arrays.pairs[row * has_ad, :, pad * has_ad :], arrays.ps[row * has_ps]
    for sample in range(samples):
        if has_ad and alts > 1:
            _clear(depths, free, alts)
        place, one, two, is_bar, numbers = _sample(data, place, fields, alts, depths, free)
        free += alts + 1
        ending = _NEWLINE if sample == samples - 1 else _TAB
        if place < 0 or data[place] != ending or one > alts or two > alts:
            return -1
        place += 1
        first[sample], second[sample], phased[sample] = one, two, is_bar
        if has_dp:
            dp[sample] = numbers[0]
        if has_gq:
            gq[sample] = numbers[1]
        if has_ps:
            ps[sample] = numbers[2]
        if has_ad and alts == 1:
            pairs[0, sample], pairs[1, sample] = numbers[3], numbers[4]
    return place


@compiled
def _sample(
    data: Bytes,
    place: int,
    fields: NDArray[np.int32],
    alts: int,
    depths: NDArray[np.int32],
    free: int,
) -> tuple[int, int, int, bool, tuple[np.int32, np.int32, np.int32, np.int32, np.int32]]:
    """One sample's fields: the place of what ends them, or -1, and their values.

    These are both alleles, the separator, DP, GQ, PS, and AD of REF and the only ALT.
    """
    place, one = _allele(data, place)
    two, is_bar = -2, False
    if place >= 0 and (data[place] == _SLASH or data[place] == _BAR):
        is_bar = data[place] == _BAR
        place, two = _allele(data, place + 1)
    dp = gq = ps = ref = alt = MISSING
    for k in range(1, fields.size):
        if place < 0 or data[place] != _COLON:
            # Fields at the end may be left out.
            break
        place += 1
        field = fields[k]
        if field == INTEGERS:
            place = _pass_integers(data, place)
        elif field == AD:
            place, ref, alt = _depths(data, place, alts, depths, free)
        elif field == DP:
            place, dp = _integer(data, place)
        elif field == GQ:
            place, gq = _integer(data, place)
        elif field == PS:
            place, ps = _integer(data, place)
        elif field == DECIMALS:
            place = _pass_decimals(data, place)
        else:
            place = _pass_text(data, place)
    return place, one, two, is_bar, (dp, gq, ps, ref, alt)


@compiled
def _allele(data: Bytes, place: int) -> tuple[int, int]:
    """An allele number, -1 for `.`; the place after it is -1 where there is none."""
    if data[place] == _DOT:
        return place + 1, -1
    start, value = place, 0
    while data[place] - _ZERO >= 0 and data[place] - _ZERO <= 9 and place - start < 4:
        value = value * 10 + data[place] - _ZERO
        place += 1
    return (place, value) if place > start else (-1, 0)


@compiled
def _digit(data: Bytes, place: int) -> np.uint32:
    """The digit that stands there, or more than 9."""
    return np.uint32(np.uint32(data[place]) - np.uint32(_ZERO))


@compiled
def _integer(data: Bytes, place: int) -> tuple[int, np.int32]:
    """A whole number of at most 9 digits, or `.`; the place after it is -1 where there is none."""
    if data[place] == _DOT:
        return place + 1, MISSING
    is_minus = data[place] == _MINUS
    place += is_minus
    start, value = place, np.uint32(0)
    digit = _digit(data, place)
    while digit <= np.uint32(9):
        value = np.uint32(value * np.uint32(10) + digit)
        place += 1
        digit = _digit(data, place)
    size = place - start
    number = np.int32(value)
    return (place if 0 < size <= _MOST_DIGITS else -1), -number if is_minus else number


@compiled
def _depths(
    data: Bytes, place: int, alts: int, depths: NDArray[np.int32], free: int
) -> tuple[int, np.int32, np.int32]:
    """AD: the place after it, and both values of one ALT; of several they go to `depths[free:]`.

    All are missing unless there are as many as alleles.
    """
    total, ref, alt = 0, MISSING, MISSING
    while True:
        place, value = _integer(data, place)
        if place < 0:
            return -1, MISSING, MISSING
        if total == 0:
            ref = value
        elif total == 1:
            alt = value
        if alts > 1 and total <= alts:
            depths[free + total] = value
        total += 1
        if data[place] != _COMMA:
            break
        place += 1
    if total == alts + 1:
        return place, ref, alt
    if alts > 1:
        _clear(depths, free, alts)
    return place, MISSING, MISSING


@compiled
def _clear(depths: NDArray[np.int32], free: int, alts: int) -> None:
    for place in range(free, free + alts + 1):
        depths[place] = MISSING


@compiled
def _pass_integers(data: Bytes, place: int) -> int:
    """The place after whole numbers joined by commas, or -1."""
    while True:
        if data[place] == _DOT:
            place += 1
        else:
            place += data[place] == _MINUS
            start, place = place, _pass_digits(data, place)
            if place == start or place - start > _MOST_DIGITS:
                return -1
        if data[place] != _COMMA:
            return place
        place += 1


@compiled
def _pass_decimals(data: Bytes, place: int) -> int:
    """The place after decimal numbers joined by commas, or -1."""
    while True:
        place += data[place] == _MINUS or data[place] == _PLUS
        whole = _pass_digits(data, place)
        digits, place = whole - place, whole
        if data[place] == _DOT:
            after = _pass_digits(data, place + 1)
            digits += after - place - 1
            is_lone = digits == 0 and data[place - 1] != _MINUS and data[place - 1] != _PLUS
            place = after
        else:
            is_lone = False
        if digits == 0 and not is_lone:
            return -1
        if digits and (data[place] == _SMALL_E or data[place] == _BIG_E):
            place += 1
            place += data[place] == _MINUS or data[place] == _PLUS
            after = _pass_digits(data, place)
            if after == place:
                return -1
            place = after
        if data[place] != _COMMA:
            return place
        place += 1


@compiled
def _pass_digits(data: Bytes, place: int) -> int:
    while _digit(data, place) <= np.uint32(9):
        place += 1
    return place


@compiled
def _pass_text(data: Bytes, place: int) -> int:
    """The place after a text, which is not empty and has no control characters, or -1."""
    start = place
    while data[place] != _COLON and data[place] >= 32 and data[place] != 127:
        place += 1
    return place if place > start else -1
