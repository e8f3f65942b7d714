"""Records of one call set that come to the same variant: found, compared, and settled by a rule."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from allelake.errors import InputError
from allelake.ingest.reading.normalise import Variant
from allelake.ingest.reading.records import RecordRows
from allelake.ingest.spec import DuplicatesRule
from allelake.model.genotype import NO_ALLELE, count_alleles

_MOST_LISTED = 20


class Duplicates:
    """Keeps one variant per key; under `refuse` it remembers those whose genotypes differ."""

    def __init__(self, rule: DuplicatesRule, counts: Counter[str]) -> None:
        self._rule = rule
        self._counts = counts
        self._listed: list[str] = []
        self._refused = 0

    def settle(self, variants: Sequence[Variant], rows: RecordRows) -> list[Variant]:
        """One variant for each key; they come sorted by key, and as in the file within one."""
        kept = []
        for _, group in groupby(variants, key=lambda variant: variant.key):
            first, *others = group
            kept.append(self._choose(first, others, rows) if others else first)
        return kept

    def refuse(self) -> None:
        """Raises if any were unlike and no rule was given for them."""
        if self._refused:
            listed = "\n  ".join(self._listed)
            what = "variant has" if self._refused == 1 else "variants have"
            more = self._refused - len(self._listed)
            raise InputError(
                f"{self._refused} {what} several records with unlike genotypes:\n  {listed}"
                + (f"\n  and {more} more" if more else "")
                + "\nRepair the file, or say --duplicates first (keep the first record) or "
                "--duplicates most_alt (keep the one with most copies of the ALT)"
            )

    def _choose(self, first: Variant, others: Sequence[Variant], rows: RecordRows) -> Variant:
        unlike = [other for other in others if not _alike(first, other, rows)]
        self._counts["duplicates_alike"] += len(others) - len(unlike)
        self._counts["duplicates_resolved"] += len(unlike)
        chosen = first
        if unlike and self._rule == "refuse":
            self._refused += 1
            if len(self._listed) < _MOST_LISTED:
                sides = ", ".join(_spelt(variant) for variant in (first, *others))
                self._listed.append(f"{first.record.where}: {sides}")
        elif unlike and self._rule == "most_alt":
            # max() gives the first of those that are equal.
            chosen = max((first, *others), key=lambda variant: _copies(variant, rows))
        chosen.duplicate_records = len(others)
        return chosen


def _alike(one: Variant, other: Variant, rows: RecordRows) -> bool:
    """Whether both have the same copies, called alleles and ploidy for every sample."""
    a, b = one.record.row, other.record.row
    if rows.has_gt[a] != rows.has_gt[b]:
        return False
    counted = [
        (*count_alleles(rows.first[row], rows.second[row], index), rows.second[row] == NO_ALLELE)
        for row, index in ((a, one.alt_index), (b, other.alt_index))
    ]
    return all(np.array_equal(x, y) for x, y in zip(*counted, strict=True))


def _copies(variant: Variant, rows: RecordRows) -> int:
    row = variant.record.row
    copies, _ = count_alleles(rows.first[row], rows.second[row], variant.alt_index)
    return int(copies.sum(dtype=np.int64))


def _spelt(variant: Variant) -> str:
    alts = ",".join(variant.record.alts)
    written = f"{variant.record.position} {variant.record.ref}>{alts}"
    return written if len(written) <= 60 else f"{written[:57]}..."
