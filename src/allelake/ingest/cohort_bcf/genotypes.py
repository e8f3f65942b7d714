"""Typed vectors of BCF as the arrays of RecordRows: compiled."""

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.cohort_bcf.walk import Bytes, Numbers
from allelake.ingest.compiled import compiled

Alleles = NDArray[np.int8]
Integers = NDArray[np.int32]

_INT8, _INT16, _INT32, _FLOAT = 1, 2, 3, 5
_MISSING, _VECTOR_END = np.int32(-(2**31)), np.int32(-(2**31) + 1)
_NO_CALL, _NO_PLACE = np.int8(-1), np.int8(-2)
_LAST_NARROW_ALLELE = 127


@compiled
def _floor(bits: np.int32) -> int:
    """The whole part of the decimal with these bits."""
    exponent, fraction = int((bits >> 23) & 0xFF), int(bits & 0x7FFFFF)
    if exponent == 0xFF:
        least, most = int(_VECTOR_END) + 1, 2147483647
        return int(_MISSING) if fraction else least if bits < 0 else most
    size = fraction * 2.0**-23 + (1.0 if exponent else 0.0)
    value = size * 2.0 ** (max(exponent, 1) - 127)
    whole = np.floor(-value if bits < 0 else value)
    return int(min(max(whole, -2147483646.0), 2147483647.0))


@compiled
def _wide(data: Bytes, at: int, kind: int) -> int:
    """The integer there; missing values and ends of vectors as those of 32 bits.

    Of a decimal the whole part; missing where it is no number.
    """
    if kind == _INT8:
        value = np.int32(np.int8(data[at]))
        shift = np.int32(24)
    elif kind == _INT16:
        value = np.int32(np.int16(np.int32(data[at]) | np.int32(data[at + 1]) << 8))
        shift = np.int32(16)
    else:
        low = np.int32(data[at]) | np.int32(data[at + 1]) << 8
        whole = np.int32(low | np.int32(data[at + 2]) << 16 | np.int32(data[at + 3]) << 24)
        return int(_floor(whole)) if kind == _FLOAT else int(whole)
    least = _MISSING >> shift
    if value == least:
        return int(_MISSING)
    if value == least + 1:
        return int(_VECTOR_END)
    return int(value)


@compiled
def _is_end(data: Bytes, at: int, kind: int) -> bool:
    """Whether the end of a vector of decimals stands there: nothing behind it counts."""
    if kind != _FLOAT:
        return False
    return bool(
        data[at] == 2 and data[at + 1] == 0 and data[at + 2] == 0x80 and data[at + 3] == 0x7F
    )


@compiled
def _put_bytes(
    values: Bytes, first: Alleles, second: Alleles, phased: NDArray[np.bool_], limit: int
) -> bool:
    """Two alleles of 8 bits for each sample; False if one is not 0 to `limit` or a vector's end."""
    bad, most = False, np.uint8(limit)
    for sample in range(first.size):
        one, two = values[2 * sample], values[2 * sample + 1]
        is_short = two == 0x81
        bad |= (one > most) | ((two > most) & ~is_short)
        first[sample] = np.int8(one >> 1) - np.int8(1)
        second[sample] = _NO_PLACE if is_short else np.int8(two >> 1) - np.int8(1)
        phased[sample] = two & 1
    return not bad


@compiled
def _put_any(
    data: Bytes,
    at: int,
    kind: int,
    ploidy: int,
    first: Alleles,
    second: Alleles,
    phased: NDArray[np.bool_],
    limit: int,
) -> bool:
    """The same for alleles of 8 or 16 bits, one or two for each sample."""
    width = 1 if kind == _INT8 else 2
    for sample in range(first.size):
        one = _wide(data, at, kind)
        two = _VECTOR_END if ploidy == 1 else _wide(data, at + width, kind)
        at += ploidy * width
        if one < 0 or one > limit:
            return False
        first[sample] = (one >> 1) - 1
        if two == _VECTOR_END:
            second[sample], phased[sample] = _NO_PLACE, False
        elif two < 0 or two > limit:
            return False
        else:
            second[sample], phased[sample] = (two >> 1) - 1, two & 1
    return True


@compiled
def put_genotypes(
    data: Bytes,
    found: Numbers,
    alleles: Numbers,
    row: int,
    pad: int,
    samples: int,
    first: Alleles,
    second: Alleles,
    phased: NDArray[np.bool_],
) -> int:
    """Writes the GT of records into rows from `row` on; the first that is not plain, -1 for none.

    `found` says where each GT stands (place, type, values for each sample), `alleles` how many
    alleles the record has. A record without GT has missing alleles.
    """
    for record in range(len(found)):
        at, kind, ploidy = found[record, 0], found[record, 1], found[record, 2]
        one = first[row + record, pad : pad + samples]
        two = second[row + record, pad : pad + samples]
        bar = phased[row + record, pad : pad + samples]
        limit = 2 * alleles[record] + 1
        if alleles[record] > _LAST_NARROW_ALLELE:
            return record
        if kind == -1:
            one[:] = _NO_CALL
            two[:] = _NO_CALL
        elif kind == _INT8 and ploidy == 2 and limit <= 127:
            if not _put_bytes(data[at : at + 2 * samples], one, two, bar, limit):
                return record
        elif kind in (_INT8, _INT16) and ploidy in (1, 2):
            if not _put_any(data, at, kind, ploidy, one, two, bar, limit):
                return record
        else:
            return record
    return -1


@compiled
def put_integers(
    data: Bytes, found: Numbers, row: int, pad: int, samples: int, into: Integers
) -> int:
    """Writes the first value of a field of numbers; the first record that has none there, or -1.

    Missing values for a record that does not have the field.
    """
    for record in range(len(found)):
        at, kind, values = found[record, 0], found[record, 1], found[record, 2]
        line = into[row + record]
        if kind == -1:
            line[pad : pad + samples] = _MISSING
            continue
        if values < 1:
            return record
        step = values * (1 if kind == _INT8 else 2 if kind == _INT16 else 4)
        for sample in range(samples):
            line[pad + sample] = _wide(data, at + sample * step, kind)
    return -1


@compiled
def put_pairs(data: Bytes, found: Numbers, row: int, pad: int, samples: int, into: Integers) -> int:
    """Writes AD of records with one ALT into (rows, 2, columns); the first that is odd, or -1.

    Missing for a sample that has not exactly two values, and for a record without AD.
    """
    for record in range(len(found)):
        at, kind, values = found[record, 0], found[record, 1], found[record, 2]
        ref, alt = into[row + record, 0], into[row + record, 1]
        ref[pad : pad + samples] = _MISSING
        alt[pad : pad + samples] = _MISSING
        if kind == -1:
            continue
        if values < 1:
            return record
        width = 1 if kind == _INT8 else 2 if kind == _INT16 else 4
        for sample in range(samples if values > 1 else 0):
            place = at + sample * values * width
            one, two = _wide(data, place, kind), _wide(data, place + width, kind)
            if _is_end(data, place, kind):
                two = int(_MISSING)
            is_pair = one != _VECTOR_END and two != _VECTOR_END
            if values > 2 and is_pair:
                is_pair = _wide(data, place + 2 * width, kind) == _VECTOR_END
            if is_pair:
                ref[pad + sample], alt[pad + sample] = one, two
    return -1


@compiled
def integers(data: Bytes, at: int, kind: int, values: int, samples: int) -> Integers:
    """A field of integers as htslib gives it (samples, values): after a vector's end all are so."""
    made = np.empty((samples, values), np.int32)
    width = 1 if kind == _INT8 else 2 if kind == _INT16 else 4
    for sample in range(samples):
        is_over = False
        for number in range(values):
            value = _wide(data, at, kind)
            is_over = is_over or value == _VECTOR_END or _is_end(data, at, kind)
            at += width
            if is_over:
                value = int(_MISSING) if kind == _FLOAT else int(_VECTOR_END)
            made[sample, number] = value
    return made


@compiled
def texts(data: Bytes, at: Numbers, sizes: Numbers, made: Bytes, ends: NDArray[np.int32]) -> bool:
    """Copies texts one after the other; `ends` has one more. False: one is not plain ASCII."""
    place, sound = 0, True
    ends[0] = 0
    for number in range(at.size):
        for offset in range(sizes[number]):
            byte = data[at[number] + offset]
            sound &= (byte >= 32) & (byte < 127)
            made[place] = byte
            place += 1
        ends[number + 1] = place
    return sound
