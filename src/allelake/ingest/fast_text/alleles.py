"""REF and ALT of many records: which are blocks, which have one plain ALT."""

from dataclasses import dataclass

import numpy as np

from allelake.ingest.fast_text.grammar import BASES
from allelake.ingest.fast_text.info import count_values
from allelake.ingest.fast_text.lines import ALT, REF, Lines
from allelake.ingest.fast_text.text import Flags, Pieces, Places

_ANY_OTHER = (b"<NON_REF>", b"<*>")


@dataclass(frozen=True)
class PlainAlleles:
    """What each line's alleles are.

    is_ref          REF is bases in upper case
    is_no_alt       ALT is '.'
    is_any_other    ALT is <NON_REF> or <*> alone
    is_variant      ALT is one sequence in upper case other than REF, alone or before one of these
    has_any_other   of variants: whether one of these follows
    alt             of variants: that sequence
    alt_total       how many ALTs there are, as written
    """

    is_ref: Flags
    is_no_alt: Flags
    is_any_other: Flags
    is_variant: Flags
    has_any_other: Flags
    alt: Pieces
    alt_total: Places

    @property
    def is_plain(self) -> Flags:
        """Whether a line is one of these."""
        return self.is_ref & (self.is_no_alt | self.is_any_other | self.is_variant)


def find_alleles(lines: Lines) -> PlainAlleles:
    """What the alleles of each line are."""
    text, ref, alt = lines.text, lines.columns[REF], lines.columns[ALT]
    is_no_alt = text.equals(alt, b".")
    is_any_other = np.logical_or.reduce([text.equals(alt, name) for name in _ANY_OTHER])
    candidates = np.flatnonzero(~(is_no_alt | is_any_other))
    written = alt[candidates]
    suffix = np.zeros(candidates.size, np.int64)
    for name in _ANY_OTHER:
        ending = b"," + name
        tail = Pieces(written.stop - len(ending), np.full(candidates.size, len(ending)))
        suffix[(written.length > len(ending)) & text.equals(tail, ending)] = len(ending)
    sequence = Pieces(written.start, written.length - suffix)
    is_one = BASES.accepts(text, sequence) & ~_same(lines, candidates, sequence)
    length, is_variant = alt.length.copy(), np.zeros(len(lines), np.bool_)
    has_any_other, alt_total = np.zeros_like(is_variant), np.ones(len(lines), np.int64)
    alt_total[candidates] = count_values(text, written)
    length[candidates] = sequence.length
    is_variant[candidates] = is_one
    has_any_other[candidates] = is_one & (suffix > 0)
    alt_total[is_no_alt] = 0
    return PlainAlleles(
        BASES.accepts(text, ref),
        is_no_alt,
        is_any_other,
        is_variant,
        has_any_other,
        Pieces(alt.start, length),
        alt_total,
    )


def _same(lines: Lines, rows: Places, sequence: Pieces) -> Flags:
    """Whether the ALT is REF again; sequences of grammar length differ within eight words."""
    ref = lines.columns[REF][rows]
    same = ref.length == sequence.length
    for place in np.flatnonzero(same & (ref.length > 8)).tolist():
        same[place] = lines.text.text_of(ref, place) == lines.text.text_of(sequence, place)
    short = ref.length <= 8
    same[short] &= lines.text.words(ref[short]) == lines.text.words(sequence[short])
    return np.asarray(same)
