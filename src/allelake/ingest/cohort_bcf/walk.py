"""BCF records found in a buffer, with where their fields stand: compiled."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.compiled import compiled

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

# Why a walk ended: no whole record is left, the table is full, or a record that is not plain, or
# lies on another contig, is next.
END, FULL, ODD = 0, 1, 2

# What the alleles of a record are: one ALT that is a variant as it stands; sequences and `*`, all
# different; anything else.
ONE_ALT, SEQUENCES, OTHER = 0, 1, 2

# Columns of the table that a walk fills, one row per record; places are bytes of the buffer.
# STOP is the end of what all samples share. FILTER and QUAL: where the values begin. POS counts
# from 1. VARIANTS is 0 where no ALT is but `*`, `<*>` or `<NON_REF>`.
(
    START, STOP, POS, QUAL_AT, ID_AT, ID_BYTES, REF_AT, REF_BYTES, ALT_AT, ALT_BYTES, ALLELES,
    SORT, VARIANTS, FILTER_AT, FILTER_TYPE, FILTERS,
) = range(16)  # fmt: skip
COLUMNS = 16
# Columns of the tables of INFO and FORMAT fields: where the values begin, their type (-1: the
# record does not have the field), and how many there are (of FORMAT: for each sample).
VALUES_AT, TYPE, VALUES = range(3)
ABSENT = -1


class Known(NamedTuple):
    """The dictionary numbers of a file's header, and those of the fields that are wanted.

    If `gt_place` is not negative, that one of the wanted FORMAT fields must be in every record, in
    integers of 8 or 16 bits.
    """

    samples: int
    filters: Flags
    info: Flags
    formats: Flags
    wanted_info: Numbers
    wanted_formats: Numbers
    gt_place: int = -1


class Found(NamedTuple):
    """The tables that a walk fills: COLUMNS of each record, and where wanted fields stand."""

    table: Numbers
    info: Numbers
    formats: Numbers

    @classmethod
    def of(cls, records: int, known: Known) -> "Found":
        """Room for so many records."""
        return cls(
            np.zeros((records, COLUMNS), np.int64),
            np.zeros((records, known.wanted_info.size, 3), np.int64),
            np.zeros((records, known.wanted_formats.size, 3), np.int64),
        )


# BCF2 specification 6.3.3.
INT8, INT16, INT32, FLOAT, TEXT = 1, 2, 3, 5, 7
_FIXED_BYTES = 32
_MAX_RECORD_BYTES = 1 << 30
_MOST_ALLELES = 64

_IS_BASE = np.zeros(256, np.bool_)
_IS_BASE[np.frombuffer(b"ACGTN", np.uint8)] = True
_NON_REF = np.frombuffer(b"<NON_REF>", np.uint8)
_STAR, _LESS = 42, 60


@compiled
def _unsigned(data: Bytes, at: int) -> int:
    low = np.int64(data[at]) | np.int64(data[at + 1]) << 8
    return int(low | np.int64(data[at + 2]) << 16 | np.int64(data[at + 3]) << 24)


@compiled
def _integer(data: Bytes, at: int, kind: int) -> int:
    if kind == 1:
        return int(np.int64(np.int8(data[at])))
    if kind == 2:
        return int(np.int64(np.int16(np.int64(data[at]) | np.int64(data[at + 1]) << 8)))
    return int(np.int64(np.int32(_unsigned(data, at))))


@compiled
def _typed(data: Bytes, at: int, end: int) -> tuple[int, int, int, int]:
    """Where the value described there begins, its type, how many, its bytes; type -1: unclear."""
    if at >= end:
        return at, -1, 0, 0
    kind, total = int(np.int64(data[at] & 15)), int(np.int64(data[at] >> 4))
    at += 1
    if total == 15:
        if at >= end:
            return at, -1, 0, 0
        of = int(np.int64(data[at]))
        width = 1 if of == 0x11 else 2 if of == 0x12 else 4 if of == 0x13 else 0
        if width == 0 or at + 1 + width > end:
            return at, -1, 0, 0
        total = _integer(data, at + 1, of & 15)
        at += 1 + width
    width = 0
    if kind == 1 or kind == 7:
        width = 1
    elif kind == 2:
        width = 2
    elif kind == 3 or kind == 5:
        width = 4
    elif kind != 0 or total:
        return at, -1, 0, 0
    size = total * width
    if total < 0 or at + size > end:
        return at, -1, 0, 0
    return at, kind, total, size


@compiled
def _key(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """The dictionary number there, and where what follows begins; -1: unclear."""
    if at >= end:
        return -1, at
    of = int(np.int64(data[at]))
    width = 1 if of == 0x11 else 2 if of == 0x12 else 4 if of == 0x13 else 0
    if width == 0 or at + 1 + width > end:
        return -1, at
    return _integer(data, at + 1, of & 15), at + 1 + width


@compiled
def _is_bases(data: Bytes, at: int, size: int) -> bool:
    for place in range(at, at + size):
        if not _IS_BASE[data[place]]:
            return False
    return size > 0


@compiled
def _is_same(data: Bytes, one: int, other: int, size: int) -> bool:
    for place in range(size):  # noqa: SIM110 - compiled, and a generator is not
        if data[one + place] != data[other + place]:
            return False
    return True


@compiled
def _sort_of(data: Bytes, alleles: Numbers, total: int) -> int:
    """What the alleles are that begin at alleles[:, 0] and have alleles[:, 1] bytes."""
    if total < 2 or not _is_bases(data, alleles[0, 0], alleles[0, 1]):
        return OTHER
    has_star = False
    for number in range(1, total):
        at, size = alleles[number, 0], alleles[number, 1]
        is_star = size == 1 and data[at] == _STAR
        has_star = has_star or is_star
        if not is_star and not _is_bases(data, at, size):
            return OTHER
        for earlier in range(number):
            same = alleles[earlier, 1] == size
            if same and _is_same(data, alleles[earlier, 0], at, size):
                return OTHER
    if total > 2 or has_star:
        return SEQUENCES
    ref, alt = alleles[0, 0], alleles[1, 0]
    ref_end, alt_end = ref + alleles[0, 1], alt + alleles[1, 1]
    is_short = ref_end - ref == 1 or alt_end - alt == 1
    shares = data[ref] == data[alt] or data[ref_end - 1] == data[alt_end - 1]
    return ONE_ALT if is_short or not shares else SEQUENCES


@compiled
def _is_no_variant(data: Bytes, at: int, size: int) -> bool:
    """Whether an ALT is `*`, `<*>` or `<NON_REF>`."""
    if size == 1:
        return bool(data[at] == _STAR)
    if size == 3:
        return bool(data[at] == _LESS and data[at + 1] == _STAR and data[at + 2] == _LESS + 2)
    if size != _NON_REF.size:
        return False
    for place in range(size):  # noqa: SIM110 - compiled, and a generator is not
        if data[at + place] != _NON_REF[place]:
            return False
    return True


@compiled
def _take_alleles(
    data: Bytes, at: int, end: int, total: int, alleles: Numbers, row: Numbers
) -> int:
    """The byte after the ID and the alleles, which go into the row; -1: not plain."""
    at, kind, _, size = _typed(data, at, end)
    if kind != TEXT or total < 1 or total > _MOST_ALLELES:
        return -1
    row[ID_AT], row[ID_BYTES] = at, size
    at += size
    for number in range(total):
        at, kind, _, size = _typed(data, at, end)
        if kind != TEXT:
            return -1
        alleles[number, 0], alleles[number, 1] = at, size
        at += size
    row[REF_AT], row[REF_BYTES], row[ALLELES] = alleles[0, 0], alleles[0, 1], total
    row[ALT_AT] = alleles[1, 0] if total > 1 else at
    row[ALT_BYTES] = alleles[1, 1] if total > 1 else 0
    row[SORT], row[VARIANTS] = _sort_of(data, alleles, total), 0
    for number in range(1, total):
        row[VARIANTS] += not _is_no_variant(data, alleles[number, 0], alleles[number, 1])
    return at


@compiled
def _take_filters(data: Bytes, at: int, end: int, filter_known: Flags, row: Numbers) -> int:
    """The byte after FILTER, all of whose numbers are known; -1: not plain."""
    at, kind, total, size = _typed(data, at, end)
    if kind < 0 or kind > INT32:
        return -1
    row[FILTER_AT], row[FILTER_TYPE], row[FILTERS] = at, kind, total
    width = size // total if total else 0
    for place in range(total):
        number = _integer(data, at + place * width, kind)
        if number < 0 or number >= filter_known.size or not filter_known[number]:
            return -1
    return at + size


@compiled
def _take_fields(
    data: Bytes,
    at: int,
    end: int,
    total: int,
    samples: int,
    known: Flags,
    wanted: Numbers,
    found: Numbers,
    used: Numbers,
) -> int:
    """The byte after INFO (`samples` 1) or FORMAT, with where the wanted fields stand; -1: odd.

    Every field is known, and none stands there twice.
    """
    for place in range(wanted.size):
        found[place, TYPE] = ABSENT
    if total > used.size:
        return -1
    for number in range(total):
        key, at = _key(data, at, end)
        if key < 0 or key >= known.size or not known[key]:
            return -1
        used[number] = key
        for earlier in range(number):
            if used[earlier] == key:
                return -1
        at, kind, values, size = _typed(data, at, end)
        if kind < 0 or at + size * samples > end:
            return -1
        for place in range(wanted.size):
            if wanted[place] == key:
                found[place, VALUES_AT], found[place, TYPE] = at, kind
                found[place, VALUES] = values
        at += size * samples
    return at


@compiled
def _take_record(
    data: Bytes,
    bounds: tuple[int, int, int],
    contig: int,
    most_sort: int,
    known: Known,
    found: Found,
    count: int,
    scratch: tuple[Numbers, Numbers],
) -> bool:
    """Fills the tables' row; False: not plain. `bounds`: begin, end of what is shared, end."""
    at, middle, end = bounds
    row = found.table[count]
    row[START], row[STOP] = at, middle
    row[POS], row[QUAL_AT] = _integer(data, at + 12, 3) + 1, at + 20
    totals = _unsigned(data, at + 24), _unsigned(data, at + 28)
    format_total, samples = totals[1] >> 24, totals[1] & 0xFFFFFF
    is_right = samples == known.samples or totals[1] == 0
    if not is_right or _integer(data, at + 8, 3) != contig:
        return False
    place = _take_alleles(data, at + _FIXED_BYTES, middle, totals[0] >> 16, scratch[0], row)
    if place < 0 or row[SORT] > most_sort:
        return False
    place = _take_filters(data, place, middle, known.filters, row)
    if place < 0:
        return False
    held, used = found.info[count], scratch[1]
    place = _take_fields(
        data, place, middle, totals[0] & 0xFFFF, 1, known.info, known.wanted_info, held, used
    )
    if place != middle:
        return False
    own, wanted = found.formats[count], known.wanted_formats
    place = _take_fields(
        data, middle, end, format_total, known.samples, known.formats, wanted, own, used
    )
    if place != end:
        return False
    return known.gt_place < 0 or own[known.gt_place, TYPE] in (INT8, INT16)


@compiled
def walk(
    data: Bytes, start: int, contig: int, most_sort: int, known: Known, found: Found
) -> tuple[int, int, int]:
    """How many plain records begin at byte `start`, where the next one begins, and why it ended.

    A plain record lies on `contig`, is what the BCF specification says to the byte, has only
    dictionary numbers that are marked as known, no field twice, and alleles of sort `most_sort` or
    a lower one. With FORMAT it has values for all samples.
    """
    scratch = (np.empty((_MOST_ALLELES, 2), np.int64), np.empty(256, np.int64))
    count, at = 0, start
    while at + 8 <= data.size:
        shared, genotypes = _unsigned(data, at), _unsigned(data, at + 4)
        if shared < 24 or shared + genotypes > _MAX_RECORD_BYTES:
            return count, at, ODD
        middle = at + 8 + shared
        end = middle + genotypes
        if end > data.size:
            break
        if count == len(found.table):
            return count, at, FULL
        bounds = (at, middle, end)
        if not _take_record(data, bounds, contig, most_sort, known, found, count, scratch):
            return count, at, ODD
        count, at = count + 1, end
    return count, at, END


@compiled
def copy_shared(data: Bytes, table: Numbers, info: Numbers, made: Bytes, base: int) -> None:
    """Copies what all samples share of some records, one after the other, and moves the places.

    Afterwards `table` and `info` speak of a buffer in which `made` begins at `base`.
    """
    at = 0
    for record in range(len(table)):
        row = table[record]
        start, stop = row[START], row[STOP]
        made[at : at + stop - start] = data[start:stop]
        shift = base + at - start
        row[START] += shift
        row[STOP] += shift
        row[QUAL_AT] += shift
        row[ID_AT] += shift
        row[REF_AT] += shift
        row[ALT_AT] += shift
        row[FILTER_AT] += shift
        for place in range(info.shape[1]):
            info[record, place, VALUES_AT] += shift
        at += stop - start
