"""Genotypes at one alternate allele as numbers, and what each format writes for them.

A genotype of an exported line is a code below `len(TEXTS)`. What the lake does not keep (which of
two unphased alleles came first, the phase of a reference genotype) has no code of its own.
"""

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]
Planes = NDArray[np.uint8]

# The text of each code; the last is a sample of which nothing is known at the line.
TEXTS = (
    *("0/0", "0|0", "0/1", "0|1", "1|0", "1/1", "1|1"),
    *("./.", ".|.", "./1", ".|1", "1|.", "./0", ".|0"),
    *("0", "1", "."),
    "./.",
)
REFERENCE, PHASED_REFERENCE = 0, 1
MISSING, HALF_REFERENCE = 7, 12
HAPLOID_REFERENCE, HAPLOID_ALT, HAPLOID_MISSING = 14, 15, 16
UNKNOWN = 17

BLOCK = 1_024
# The planes of a row of `bits`, in the order of the bits of an index into _OF_PLANES.
PLANES = ("alt1", "alt2", "short1", "short2", "haploid", "phased", "second")

# The code of a row of `calls`.
CODE_SQL = f"""CASE
    WHEN ploidy = 1 THEN CASE
        WHEN called_count = 0 THEN {HAPLOID_MISSING}
        WHEN alt_count = 1 THEN {HAPLOID_ALT}
        ELSE {HAPLOID_REFERENCE}
    END
    WHEN called_count = 0 THEN CASE WHEN is_phased THEN 8 ELSE {MISSING} END
    WHEN called_count = 1 AND alt_count = 1
        THEN CASE haplotype WHEN 1 THEN 11 WHEN 2 THEN 10 ELSE 9 END
    -- Which of two phased alleles is the missing one is not kept where none is alt.
    WHEN called_count = 1 THEN {HALF_REFERENCE}
    WHEN alt_count = 0 THEN CASE WHEN is_phased THEN {PHASED_REFERENCE} ELSE {REFERENCE} END
    WHEN alt_count = 1 THEN CASE haplotype WHEN 1 THEN 4 WHEN 2 THEN 3 ELSE 2 END
    WHEN is_phased THEN 6
    ELSE 5
END::UTINYINT"""


def _of_planes() -> Codes:
    """The code for each combination of the bits of PLANES."""
    codes = np.zeros(128, np.uint8)
    for index in range(128):
        alt1, alt2, short1, short2, haploid, phased, second = (index >> n & 1 for n in range(7))
        if short2:
            codes[index] = HAPLOID_MISSING if haploid else MISSING
        elif short1 and haploid:
            codes[index] = HAPLOID_ALT if alt1 else HAPLOID_REFERENCE
        elif short1 and alt1:
            codes[index] = (10 if second else 11) if phased else 9
        elif short1:
            codes[index] = HALF_REFERENCE
        elif alt2:
            codes[index] = 6 if phased else 5
        elif alt1:
            codes[index] = (3 if second else 4) if phased else 2
    return codes


_OF_PLANES = _of_planes()


def codes_of_planes(planes: dict[str, Planes], places: NDArray[np.intp]) -> Codes:
    """Codes (rows, places) of rows of `bits`; `planes` has 128 bytes a row, `places` are bits."""
    index: Codes | None = None
    for bit, name in enumerate(PLANES):
        plane = planes.get(name)
        if plane is None or not plane.any():
            continue
        unpacked = np.unpackbits(plane, axis=1)
        if len(places) != BLOCK:
            unpacked = unpacked[:, places]
        shifted = np.left_shift(unpacked, bit, dtype=np.uint8)
        index = shifted if index is None else np.bitwise_or(index, shifted, out=index)
    if index is None:
        return np.zeros((len(planes["alt1"]), len(places)), np.uint8)
    return _OF_PLANES[index]


def _table(dtype: type, *values: object) -> NDArray[np.generic]:
    return np.array(values, dtype)


# A tab and the genotype, four bytes; one-place genotypes take two of them.
TEXT_BYTES = np.frombuffer(
    b"".join(b"\t" + text.encode().ljust(3, b"\0") for text in TEXTS), np.uint32
)
TEXT_WIDTH = np.array([1 + len(text) for text in TEXTS], np.uint8)


def _bcf_alleles(text: str) -> tuple[int, int]:
    """Two int8 of BCF's GT: (allele + 1) << 1 | phased, the second one -127 where there is none."""
    first, *rest = text.replace("|", "/").split("/")
    is_phased = "|" in text
    numbers = [0 if allele == "." else (int(allele) + 1) << 1 for allele in (first, *rest)]
    return numbers[0], (numbers[1] | is_phased) if rest else 0x81


BCF_BYTES = np.array([_bcf_alleles(text) for text in TEXTS], np.uint8).view(np.uint16)[:, 0]

# Copies of ALT, called alleles and whether the genotype has one place, by code.
COPIES = np.array([text.count("1") for text in TEXTS], np.int8)
CALLED = np.array([text.count("0") + text.count("1") for text in TEXTS], np.int8)
IS_HAPLOID = np.array([len(text) == 1 for text in TEXTS], np.bool_)
IS_PHASED = np.array(["|" in text for text in TEXTS], np.bool_)
IS_HALF_CALL = (CALLED == 1) & ~IS_HAPLOID
IS_DIPLOID_CARRIER = (COPIES > 0) & ~IS_HAPLOID
