"""What the Parquet files of parts say of every sample, read back by the rules of LAYOUT.md."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow.parquet as pq

from allelake.ingest.spec import PartSummary
from unit.ingest.part.vcf_text import Key

Row = dict[str, Any]
POLICIES = ("raw", "adj@1", "adj@1-haploid")
RAW_PLANES = ("alt1", "alt2", "short1", "short2")
PHASE_PLANES = ("haploid", "phased", "second")


def rows_of(summaries: Iterable[PartSummary], table: str) -> list[Row]:
    """All rows of a table, file after file."""
    rows: list[Row] = []
    for summary in summaries:
        for file in summary.files:
            if file.table == table:
                rows += pq.read_table(file.path, partitioning=None).to_pylist()
    return rows


def key_of(row: Row) -> Key:
    """A row's variant."""
    names = ("contig", "position", "ref", "alt", "end_position", "sv_length")
    return tuple(row[name] for name in names)


@dataclass
class Staged:
    """Everything that parts wrote, found by variant."""

    sites: dict[Key, Row]
    calls: dict[Key, dict[int, Row]] = field(default_factory=dict)
    bits: dict[tuple[Key, int, str], list[list[int]]] = field(default_factory=dict)
    ploidy: list[Row] = field(default_factory=list)
    samples: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, summaries: Sequence[PartSummary]) -> "Staged":
        """The rows of all parts."""
        sites = rows_of(summaries, "sites")
        staged = cls({key_of(row): row for row in sites})
        assert len(staged.sites) == len(sites), "two sites rows have one key"
        for row in rows_of(summaries, "calls"):
            rows = staged.calls.setdefault(key_of(row), {})
            assert row["sample_number"] not in rows, "two rows for one genotype"
            rows[row["sample_number"]] = row
        for row in rows_of(summaries, "bits"):
            planes = [_bits(row[name]) for name in RAW_PLANES]
            staged.bits[key_of(row), row["block"], row["policy"]] = planes
        staged.ploidy = rows_of(summaries, "ploidy")
        staged.samples = [row["sample_number"] for row in rows_of(summaries, "sample_counts")]
        for row in rows_of(summaries, "bits"):
            if row["is_whole"]:
                staged._add_carriers(row)
        return staged

    def _add_carriers(self, bits: Row) -> None:
        """What rows of calls of tier common would say, from a row of bits that stands for them."""
        key = key_of(bits)
        planes = {name: _bits(bits[name]) for name in (*RAW_PLANES, *PHASE_PLANES)}
        first, last = min(self.samples), max(self.samples)
        for name, plane in planes.items():
            numbers = [1024 * bits["block"] + bit for bit, is_set in enumerate(plane) if is_set]
            assert all(first <= number <= last for number in numbers), f"{name} beyond the batch"
        assert not any(
            a and not b for a, b in zip(planes["haploid"], planes["short1"], strict=True)
        )
        rows = self.calls.setdefault(key, {})
        for bit, values in enumerate(zip(*planes.values(), strict=True)):
            one = dict(zip(planes, values, strict=True))
            if one["second"]:
                assert one["alt1"] and one["phased"] and not one["alt2"] and not one["haploid"]
            if not one["alt1"]:
                continue
            sample = 1024 * bits["block"] + bit
            assert sample not in rows, "a carrier in calls and in a whole row of bits"
            is_phased = bool(one["phased"] and not one["haploid"])
            alt_count = 1 + one["alt2"]
            rows[sample] = {
                "tier": "common",
                "alt_count": alt_count,
                "called_count": 2 - one["short1"] - one["short2"],
                "default_count": self.default_count(key, sample),
                "ploidy": 2 - one["haploid"],
                "is_phased": is_phased,
                "haplotype": 1 + one["second"] if is_phased and alt_count == 1 else None,
            }

    def counts(self, key: Key, sample: int, policy: str) -> tuple[int, int]:
        """(copies of ALT, called alleles) of one sample at one variant."""
        block, bit = divmod(sample, 1024)
        row = self.calls.get(key, {}).get(sample)
        planes = self.bits.get((key, block, policy))
        if planes is not None:
            alt1, alt2, short1, short2 = (plane[bit] for plane in planes)
            return alt1 + alt2, 2 - short1 - short2
        if row is None:
            return 0, self.default_count(key, sample)
        if policy == "raw":
            assert row["tier"] == "rare", "a common row, but no plane to count from"
            return row["alt_count"], row["called_count"]
        assert not row["adj_in_bits"], "a row that does not count, but no plane to count from"
        passes = row["passes_adj" if policy == "adj@1" else "passes_adj_haploid"]
        return (row["alt_count"], row["called_count"]) if passes else (0, 0)

    def default_count(self, key: Key, sample: int) -> int:
        """Alleles of the default genotype: 1 where an interval of `ploidy` says so."""
        block, bit = divmod(sample, 1024)
        covering = [
            row
            for row in self.ploidy
            if row["contig"] == key[0]
            and row["block"] == block
            and row["start_position"] <= key[1] <= row["end_position"]
        ]
        assert len(covering) <= 1, "intervals of `ploidy` overlap"
        return 1 if covering and _bits(covering[0]["haploid"])[bit] else 2


def _bits(plane: bytes | None) -> list[int]:
    if plane is None:
        return [0] * 1024
    assert len(plane) == 128
    return [byte >> (7 - i) & 1 for byte in plane for i in range(8)]
