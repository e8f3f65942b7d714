"""Callable intervals base by base, with plain dictionaries: slow, and nothing of ours in it."""

from dataclasses import dataclass

Level = dict[int, list["Piece"]]


@dataclass(frozen=True)
class Piece:
    """A block, a record (`kind`) or a region with what it says; None is missing."""

    start: int
    end: int
    alleles: int
    kind: str = "block"
    room: int = 2
    dp: int | None = 30
    gq: int | None = 50
    passes: bool = True


def counts_under(piece: Piece, level: int, has_adj: bool) -> bool:
    """Whether a piece is evidence under a level, wherever it lies."""
    if piece.alleles == 0:
        return False
    if piece.kind == "region":
        return level in (0, 1, 4, 5)
    if level >= 4 and not piece.passes:
        return False
    if level % 4 == 0:
        return piece.kind == "record" or piece.dp != 0
    if level % 4 == 1:
        return True
    if not has_adj or piece.dp is None or piece.gq is None or piece.gq < 20:
        return False
    return piece.dp >= (5 if level % 4 == 3 or piece.room == 1 else 10)


def intervals(pieces, level, has_adj=True, one_copy=range(0)):
    """(start, end, alleles, min_dp, min_gq, basis) of every interval under a level, by start."""
    at_base: Level = {}
    for piece in pieces:
        if counts_under(piece, level, has_adj):
            for base in range(piece.start, piece.end + 1):
                if level % 4 != 3 or base in one_copy:
                    at_base.setdefault(base, []).append(piece)
    most = {base: max(p.alleles for p in here) for base, here in at_base.items()}
    found, base = [], min(most, default=0)
    while base <= max(most, default=-1):
        if base not in most:
            base += 1
            continue
        end = base
        while most.get(end + 1) == most[base]:
            end += 1
        own = {p for b in range(base, end + 1) for p in at_base[b] if p.alleles == most[base]}
        dp = min((p.dp for p in own if p.dp is not None), default=None)
        gq = min((p.gq for p in own if p.gq is not None), default=None)
        kinds = {p.kind for p in own}
        basis = "regions" if "region" in kinds else "block" if "block" in kinds else "record"
        found.append((base, end, most[base], dp, gq, basis))
        base = end + 1
    return found


def rows(pieces, has_adj=True, one_copy=range(0)):
    """Rows of `callable`: (start, end, alleles, policies, min_dp, min_gq, basis), sorted."""
    order = ("record", "block", "regions")
    merged = {}
    for level in range(8):
        for start, end, alleles, dp, gq, basis in intervals(pieces, level, has_adj, one_copy):
            bits, dps, gqs, bases = merged.setdefault((start, end, alleles), (0, [], [], []))
            dps.append(dp)
            gqs.append(gq)
            bases.append(order.index(basis))
            merged[start, end, alleles] = (bits | 1 << level, dps, gqs, bases)
    return [
        (*key, bits, _least(dps), _least(gqs), order[max(bases)])
        for key, (bits, dps, gqs, bases) in sorted(merged.items())
    ]


def covered(pieces, first, last, has_adj=True, one_copy=range(0)):
    """What covers the span under each level, packed two bits a level."""
    packed = 0
    for level in range(8):
        for start, end, alleles, *_ in intervals(pieces, level, has_adj, one_copy):
            if start <= first and last <= end:
                packed |= alleles << 2 * level
    return packed


def _least(values):
    return min((value for value in values if value is not None), default=None)
