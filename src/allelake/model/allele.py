"""Alleles as a variant's key spells them: trimmed, left-aligned, and told apart by kind."""

from collections.abc import Callable
from typing import Literal

AlleleKind = Literal["snv", "mnv", "insertion", "deletion", "symbolic", "breakend"]

# Raised whenever the rules below would give another key for the same record; `batches` keeps it.
NORMALISER_VERSION = 1

# Reference bases from `start` to `end`, 1-based and inclusive, in upper case.
ReferenceBases = Callable[[int, int], str]

# A repeat is longer than this only rarely, and most indels do not move at all.
_BASES_PER_LOOK = 64


def classify(ref: str, alt: str) -> AlleleKind:
    """What kind of change an ALT is; of a change of length the direction decides.

    >>> classify("A", "G"), classify("AT", "A"), classify("A", "<DEL>"), classify("A", "A]chr2:9]")
    ('snv', 'deletion', 'symbolic', 'breakend')
    """
    if is_breakend(alt):
        return "breakend"
    if is_symbolic(alt):
        return "symbolic"
    if len(ref) == len(alt):
        return "snv" if len(ref) == 1 else "mnv"
    return "insertion" if len(alt) > len(ref) else "deletion"


def is_breakend(alt: str) -> bool:
    """Whether an ALT joins two places: `A[chr2:9[`, or a single end as `A.` or `.A`."""
    return "[" in alt or "]" in alt or (len(alt) > 1 and (alt[0] == "." or alt[-1] == "."))


def is_symbolic(alt: str) -> bool:
    """Whether an ALT is a name in angle brackets."""
    return alt.startswith("<")


def trim(position: int, ref: str, alt: str) -> tuple[int, str, str]:
    """The shortest spelling of a change without looking at the reference.

    Equal bases go from the end first, then from the start; at least one base of each stays.

    >>> trim(100, "CAGT", "CGGT")
    (101, 'A', 'G')
    >>> trim(100, "CAA", "CA")
    (100, 'CA', 'C')
    """
    shorter = min(len(ref), len(alt))
    cut = 0
    while cut < shorter - 1 and ref[-1 - cut] == alt[-1 - cut]:
        cut += 1
    if cut:
        ref, alt, shorter = ref[:-cut], alt[:-cut], shorter - cut
    start = 0
    while start < shorter - 1 and ref[start] == alt[start]:
        start += 1
    return position + start, ref[start:], alt[start:]


def left_align(
    position: int, ref: str, alt: str, bases: ReferenceBases, contig_length: int
) -> tuple[int, str, str]:
    """The leftmost shortest spelling of a change on the given reference.

    The procedure of Tan, Abecasis and Kang (Bioinformatics 2015), which `bcftools norm` follows:
    an indel is moved left for as long as the sequence allows, with one reference base before it.
    At the start of a contig, where there is none, the base after it stands instead.

    >>> left_align(6, "AA", "A", lambda start, end: "GCAAAA"[start - 1 : end], 6)
    (2, 'CA', 'C')
    """
    shorter = min(len(ref), len(alt))
    cut = 0
    while cut < shorter and ref[-1 - cut] == alt[-1 - cut]:
        cut += 1
    if cut < shorter or len(ref) == len(alt):
        return trim(position, ref, alt)
    inserted = len(alt) > len(ref)
    piece = (alt if inserted else ref)[: max(len(ref), len(alt)) - cut]
    anchor, piece = _roll_left(position - 1, piece, bases)
    if anchor:
        before = bases(anchor, anchor)
        longer = before + piece
        return (anchor, before, longer) if inserted else (anchor, longer, before)
    after_position = 1 if inserted else len(piece) + 1
    if after_position > contig_length:
        return trim(position, ref, alt)
    after = bases(after_position, after_position)
    longer = piece + after
    return (1, after, longer) if inserted else (1, longer, after)


def _roll_left(anchor: int, piece: str, bases: ReferenceBases) -> tuple[int, str]:
    """Where a piece after base `anchor` ends up when moved left, and what it reads there."""
    rolled, length = 0, len(piece)
    while anchor > rolled:
        end = anchor - rolled
        look = bases(max(1, end - _BASES_PER_LOOK + 1), end)
        matched = 0
        while matched < len(look) and look[-1 - matched] == piece[(-1 - rolled) % length]:
            matched += 1
            rolled += 1
        if matched < len(look):
            break
    turn = rolled % length
    return anchor - rolled, piece[length - turn :] + piece[: length - turn]
