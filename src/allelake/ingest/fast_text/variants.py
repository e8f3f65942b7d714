"""The variants of many records, split and trimmed: no object for a record with one base changed."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.fast_text.alleles import PlainAlleles
from allelake.ingest.fast_text.lines import ALT, REF, Lines
from allelake.ingest.fast_text.samples import Unplain
from allelake.ingest.fast_text.text import Flags, Pieces, Places
from allelake.ingest.reading.normalise import STAR_ALLELE, UNSPECIFIED_ALLELES
from allelake.model.allele import trim

_BASES = frozenset("ACGTN")


@dataclass(frozen=True)
class Variants:
    """The variants of lines of one contig, sorted as the tables are; an element each.

    row         the line it is from
    number      which ALT of it, from 1
    moved       whether it is spelt otherwise than in the record
    """

    row: Places
    number: Places
    position: NDArray[np.int32]
    ref: list[str]
    alt: list[str]
    moved: Flags

    def __len__(self) -> int:
        return len(self.row)

    @property
    def end_position(self) -> NDArray[np.int32]:
        """The last base of each REF."""
        return np.asarray(self.position + np.array(list(map(len, self.ref)), np.int32) - 1)


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
    raw = lines.text.raw.decode("ascii")
    ref, alt = _cut(raw, lines.columns[REF][one]), _cut(raw, alleles.alt[one])
    spelt, moved = position[one].copy(), np.zeros(one.size, np.bool_)
    is_long = (lines.columns[REF].length[one] > 1) | (alleles.alt.length[one] > 1)
    for place in np.flatnonzero(is_long).tolist():
        old = ref[place]
        spelt[place], ref[place], alt[place] = trim(int(spelt[place]), old, alt[place])
        moved[place] = len(ref[place]) != len(old)
    counts["trimmed"] += int(np.count_nonzero(moved))
    row, number = [one], [np.ones(one.size, np.int64)]
    more = _Several(lines, raw, position, counts)
    for line in np.flatnonzero(~is_block & ~alleles.is_variant).tolist():
        hidden[line] = more.take(line)
    row.append(np.array(more.row, np.int64))
    number.append(np.array(more.number, np.int64))
    found = Variants(
        np.concatenate(row),
        np.concatenate(number),
        np.concatenate([spelt, np.array(more.position, np.int64)]).astype(np.int32),
        ref + more.ref,
        alt + more.alt,
        np.concatenate([moved, np.array(more.moved, np.bool_)]),
    )
    return _sorted(found), RecordAlleles(is_block, hidden)


def _cut(raw: str, pieces: Pieces) -> list[str]:
    bounds = zip(pieces.start.tolist(), pieces.stop.tolist(), strict=True)
    return [raw[start:stop] for start, stop in bounds]


class _Several:
    """The variants of lines with several ALTs, one line at a time."""

    def __init__(self, lines: Lines, raw: str, position: Places, counts: Counter[str]):
        self._ref = lines.columns[REF]
        self._alt = lines.columns[ALT]
        self._raw = raw
        self._position = position
        self._counts = counts
        self.row: list[int] = []
        self.number: list[int] = []
        self.position: list[int] = []
        self.ref: list[str] = []
        self.alt: list[str] = []
        self.moved: list[bool] = []

    def take(self, line: int) -> int:
        """Split a line; the number of its hidden allele, or -1."""
        raw, hidden, made = self._raw, -1, 0
        written = raw[self._ref.start[line] : self._ref.start[line] + self._ref.length[line]]
        alts = raw[self._alt.start[line] : self._alt.start[line] + self._alt.length[line]]
        for number, one in enumerate(alts.split(","), 1):
            if one in UNSPECIFIED_ALLELES:
                if hidden > 0:
                    raise Unplain
                hidden = number
            elif one == STAR_ALLELE:
                self._counts["star_alleles"] += 1
            elif one and _BASES.issuperset(one):
                self._add(line, number, written, one)
                made += 1
            else:
                raise Unplain
        self._counts["split_records"] += made > 1
        return hidden

    def _add(self, line: int, number: int, written: str, one: str) -> None:
        position, ref, alt = int(self._position[line]), written, one
        if len(ref) > 1 or len(alt) > 1:
            position, ref, alt = trim(position, ref, alt)
            self._counts["trimmed"] += len(ref) != len(written)
        self.row.append(line)
        self.number.append(number)
        self.position.append(position)
        self.ref.append(ref)
        self.alt.append(alt)
        self.moved.append(len(ref) != len(written))


def _sorted(found: Variants) -> Variants:
    """Sorted by position, ref and alt. Raises Unplain where two records have the same variant."""
    order = np.argsort(found.position, kind="stable")
    position = found.position[order]
    same = np.flatnonzero(position[1:] == position[:-1]).tolist()
    for place in same:
        # As insertion sort does: what stands before at this position is in order already.
        while place >= 0 and position[place] == position[place + 1]:
            first, second = int(order[place]), int(order[place + 1])
            here, after = (
                (found.ref[first], found.alt[first]),
                (found.ref[second], found.alt[second]),
            )
            if here == after:
                raise Unplain
            if here < after:
                break
            order[[place, place + 1]] = order[[place + 1, place]]
            place -= 1
    if bool((order[1:] > order[:-1]).all()):
        return found
    listed = order.tolist()
    return Variants(
        found.row[order],
        found.number[order],
        position,
        [found.ref[i] for i in listed],
        [found.alt[i] for i in listed],
        found.moved[order],
    )
