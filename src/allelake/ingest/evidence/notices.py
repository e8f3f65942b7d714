"""What is told of reference blocks, in the same words whichever reader took the file."""

from dataclasses import dataclass, field

from allelake.ingest.spec import Notice

LEN_DISAGREES_WITH_END = "len_disagrees_with_end"
BLOCK_NOT_REFERENCE = "block_not_reference"
NO_CALL_BLOCK = "no_call_block"
BLOCK_WITHOUT_READS = "block_without_reads"

MESSAGES = {
    BLOCK_WITHOUT_READS: "reference blocks without a read (MIN_DP, else DP, is 0): evidence under "
    "raw_blocks alone",
    BLOCK_NOT_REFERENCE: "reference blocks whose genotype has another allele: no evidence, "
    "no variant",
    LEN_DISAGREES_WITH_END: "reference blocks where LEN and END disagree: END was taken",
    NO_CALL_BLOCK: "reference blocks whose genotype is not called: no evidence",
}


@dataclass
class BlockNotices:
    """Counts by code; genotypes of blocks count once for each sample, lengths once for a record."""

    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)

    def note(self, code: str, count: int, first: str) -> None:
        """Adds `count`; `first` is "contig:position" of the first of them, as the lake names it."""
        if count:
            self.counts[code] = self.counts.get(code, 0) + count
            self.first.setdefault(code, first)

    def notices(self) -> tuple[Notice, ...]:
        """A notice for each code that was counted, by code."""
        return tuple(
            Notice(code, MESSAGES[code], count, self.first[code])
            for code, count in sorted(self.counts.items())
        )
