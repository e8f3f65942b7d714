"""The variants of many records, split and trimmed, as pieces of their text."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.fast_text.alleles import PlainAlleles
from allelake.ingest.fast_text.grammar import BASES
from allelake.ingest.fast_text.lines import ALT, REF, Lines
from allelake.ingest.fast_text.samples import Unplain
from allelake.ingest.fast_text.text import Flags, Pieces, Places, Text
from allelake.ingest.fast_text.values import cut_at
from allelake.ingest.reading.normalise import STAR_ALLELE, UNSPECIFIED_ALLELES

# Of one allele, however long: a chunk of lines is not longer.
_MOST_BASES = 1 << 30


@dataclass(frozen=True)
class Variants:
    """The variants of lines of one contig, sorted as the tables are; an element each.

    row         the line it is from
    number      which ALT of it, from 1
    ref, alt    pieces of the text
    moved       whether it is spelt otherwise than in the record
    """

    row: Places
    number: Places
    position: NDArray[np.int32]
    ref: Pieces
    alt: Pieces
    moved: Flags

    def __len__(self) -> int:
        return len(self.row)

    def __getitem__(self, which: Places) -> "Variants":
        return Variants(
            self.row[which],
            self.number[which],
            self.position[which],
            self.ref[which],
            self.alt[which],
            self.moved[which],
        )

    @property
    def end_position(self) -> NDArray[np.int32]:
        """The last base of each REF."""
        return np.asarray(self.position + self.ref.length.astype(np.int32) - 1)


@dataclass(frozen=True)
class RecordAlleles:
    """What the ALTs of each line mean for its genotype and its variants.

    hidden      the allele number that is no call (<NON_REF> or <*>); -1 if there is none
    """

    is_block: Flags
    hidden: NDArray[np.int8]


def find_variants(
    lines: Lines, alleles: PlainAlleles, position: Places, counts: Counter[str]
) -> tuple[Variants, RecordAlleles]:
    """The variants of the lines. Raises Unplain for alleles that are no plain sequences."""
    # Of a block only the length of REF counts, which has other IUPAC codes in GRCh38.
    is_block = alleles.is_no_alt | alleles.is_any_other
    if not (alleles.is_ref | is_block).all():
        raise Unplain
    hidden = np.where(alleles.has_any_other, 2, -1).astype(np.int8)
    one = np.flatnonzero(alleles.is_variant)
    several = np.flatnonzero(~is_block & ~alleles.is_variant)
    row, number, alt = one, np.ones(one.size, np.int64), alleles.alt[one]
    if several.size:
        more, more_number, more_alt = _split(lines, several, hidden, counts)
        row, number = np.concatenate([row, more]), np.concatenate([number, more_number])
        alt = _joined(alt, more_alt)
    ref = lines.columns[REF][row]
    before, after = _equal_ends(lines.text, ref, alt)
    found = Variants(
        row,
        number,
        (position[row] + before).astype(np.int32),
        Pieces(ref.start + before, ref.length - before - after),
        Pieces(alt.start + before, alt.length - before - after),
        before + after > 0,
    )
    counts["trimmed"] += int(np.count_nonzero(found.moved))
    return _sorted(lines.text, found), RecordAlleles(is_block, hidden)


def _split(
    lines: Lines, rows: Places, hidden: NDArray[np.int8], counts: Counter[str]
) -> tuple[Places, Places, Pieces]:
    """Line, number and piece of each sequence among these lines' ALTs; fills in `hidden`."""
    text = lines.text
    place, index, parts = cut_at(text, b",", lines.columns[ALT][rows])
    is_star = text.equals(parts, STAR_ALLELE.encode())
    is_hidden = np.zeros(len(parts), np.bool_)
    for name in UNSPECIFIED_ALLELES:
        is_hidden |= text.equals(parts, name.encode())
    is_sequence = BASES.accepts(text, parts, _MOST_BASES)
    if not (is_star | is_hidden | is_sequence).all():
        raise Unplain
    if (np.bincount(place[is_hidden], minlength=1) > 1).any():
        raise Unplain
    hidden[rows[place[is_hidden]]] = index[is_hidden] + 1
    counts["star_alleles"] += int(np.count_nonzero(is_star))
    made = np.bincount(place[is_sequence], minlength=rows.size)
    counts["split_records"] += int(np.count_nonzero(made > 1))
    return rows[place[is_sequence]], index[is_sequence] + 1, parts[is_sequence]


def _joined(one: Pieces, other: Pieces) -> Pieces:
    return Pieces(
        np.concatenate([one.start, other.start]), np.concatenate([one.length, other.length])
    )


def _equal_ends(text: Text, ref: Pieces, alt: Pieces) -> tuple[Places, Places]:
    """How many bases `model.allele.trim` takes from the start and from the end of each pair."""
    before, after = np.zeros((2, len(ref)), np.int64)
    shorter = np.minimum(ref.length, alt.length)
    data, ref_last, alt_last = text.bytes, ref.stop - 1, alt.stop - 1
    left = np.flatnonzero(shorter > 1)
    rows = left
    while rows.size:
        cut = after[rows]
        rows = rows[data[ref_last[rows] - cut] == data[alt_last[rows] - cut]]
        after[rows] += 1
        rows = rows[after[rows] < shorter[rows] - 1]
    shorter -= after
    rows = left[shorter[left] > 1]
    while rows.size:
        cut = before[rows]
        rows = rows[data[ref.start[rows] + cut] == data[alt.start[rows] + cut]]
        before[rows] += 1
        rows = rows[before[rows] < shorter[rows] - 1]
    return before, after


def _sorted(text: Text, found: Variants) -> Variants:
    """Sorted by position, ref and alt. Raises Unplain where two records have the same variant."""
    order = np.argsort(found.position, kind="stable")
    position = found.position[order]
    same = np.flatnonzero(position[1:] == position[:-1]).tolist()
    for place in same:
        # As insertion sort does: what stands before at this position is in order already.
        while place >= 0 and position[place] == position[place + 1]:
            here, after = (_spelt(text, found, int(order[at])) for at in (place, place + 1))
            if here == after:
                raise Unplain
            if here < after:
                break
            order[[place, place + 1]] = order[[place + 1, place]]
            place -= 1
    if bool((order[1:] > order[:-1]).all()):
        return found
    return found[order]


def _spelt(text: Text, found: Variants, place: int) -> tuple[bytes, bytes]:
    return text.text_of(found.ref, place), text.text_of(found.alt, place)
