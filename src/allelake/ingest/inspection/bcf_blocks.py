"""What a BCF record says of a reference block: the same as the text of it would."""

from collections.abc import Mapping
from dataclasses import replace

from allelake.ingest.inspection.scan_blocks import Block, Called

# BCF2 specification 6.3.3: bytes of one integer of each type. The least of them is a missing value,
# the next one ends a vector that is shorter than the others.
WIDTHS = {1: 1, 2: 2, 3: 4}
BLOCK_FIELDS = frozenset({"GT", "LEN", "MIN_DP", "DP"})

# Of a FORMAT field: its type, bytes for each sample, and where the first sample's begin.
Stored = tuple[int, int, int]


def integers_of(raw: bytes, kind: int) -> list[int | None]:
    """The integers of one value; None: missing. Empty for what is none, as a text or a float.

    >>> integers_of(bytes([2, 128, 129]), 1)
    [2, None]
    """
    width = WIDTHS.get(kind)
    if width is None:
        return []
    least = -(1 << (8 * width - 1))
    found: list[int | None] = []
    for at in range(0, len(raw), width):
        value = int.from_bytes(raw[at : at + width], "little", signed=True)
        if value == least + 1:
            break
        found.append(None if value == least else value)
    return found


def with_genotypes(
    block: Block, record: bytes, fields: Mapping[str, Stored], samples: int
) -> Block:
    """The block with what its samples' columns say."""
    if samples > 1 and block.end is None and "LEN" not in fields:
        # Nothing says where it ends: a record without ALT of a call set is no block.
        return block
    lengths: list[int | None] = []
    tally = dict.fromkeys(Called, 0)
    without_reads = 0
    for sample in range(samples):
        if "LEN" in fields:
            lengths.append(_first(_values(record, fields["LEN"], sample)))
            if samples > 1 and block.end is None and lengths[-1] is None:
                continue
        called = Called.NOTHING
        if "GT" in fields:
            called = called_of_integers(_values(record, fields["GT"], sample))
        tally[called] += 1
        if called is Called.REFERENCE:
            without_reads += _depth(record, fields, sample) == 0
    return replace(
        block,
        lengths=tuple(lengths),
        no_calls=tally[Called.NO_CALL],
        not_reference=tally[Called.OTHER],
        without_reads=without_reads,
    )


def called_of_integers(alleles: list[int | None]) -> Called:
    """What a GT says of a block: allele n is (n + 1) << 1, a missing one 0; the last bit is phase.

    >>> [called_of_integers(gt).name for gt in ([2, 3], [2], [0, 0], [0, 2], [2, 4])]
    ['REFERENCE', 'REFERENCE', 'NO_CALL', 'NO_CALL', 'OTHER']
    """
    numbers = [(allele or 0) >> 1 for allele in alleles]
    if any(number > 1 for number in numbers):
        return Called.OTHER
    return Called.REFERENCE if numbers and all(numbers) else Called.NO_CALL


def has_allele(numbers: frozenset[int], record: bytes, genotypes: Stored, samples: int) -> bool:
    """Whether the genotype of a sample has one of these alleles."""
    return any(
        ((allele or 0) >> 1) - 1 in numbers
        for sample in range(samples)
        for allele in _values(record, genotypes, sample)
    )


def _depth(record: bytes, fields: Mapping[str, Stored], sample: int) -> int | None:
    for name in ("MIN_DP", "DP"):
        if name in fields:
            depth = _first(_values(record, fields[name], sample))
            if depth is not None:
                return depth
    return None


def _values(record: bytes, field: Stored, sample: int) -> list[int | None]:
    kind, size, at = field
    return integers_of(record[at + sample * size : at + (sample + 1) * size], kind)


def _first(values: list[int | None]) -> int | None:
    return values[0] if values else None
