"""Own records that move left, and what the sample's intervals say over where they moved to."""

import random
from pathlib import Path

import pytest

from unit.ingest.evidence.per_base import Piece, covered
from unit.ingest.part.staged import rows_of
from unit.ingest.part.test_left_align import random_indels, repetitive, write_fasta
from unit.ingest.part.test_per_sample import gvcf


def _lines(rng: random.Random, text: str) -> tuple[list[str], list[Piece]]:
    """Blocks of several depths with gaps between, and indels, which they overlap as they like."""
    lines, pieces, position = [], [], 1
    for record in random_indels(rng, text, "chr1"):
        _, start, _, ref, *_ = record.split(" ")
        lines.append((int(start), record))
        pieces.append(Piece(int(start), int(start) + len(ref) - 1, 2, "record", dp=None, gq=None))
    while position < len(text) - 20:
        end, depth = position + rng.randint(0, 15), rng.choice([0, 9])
        told = f"END={end} GT:DP 0/0:{depth}"
        lines.append((position, f"chr1 {position} . {text[position - 1]} <*> . . {told}"))
        pieces.append(Piece(position, end, 2, dp=depth, gq=None))
        position = end + 1 + rng.choice([0, 0, 0, 7])
    return [line for _, line in sorted(lines, key=lambda item: item[0])], pieces


@pytest.mark.parametrize("seed", range(3))
def test_calls_are_covered_where_they_moved_to(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    text = repetitive(rng, 700)
    fasta = write_fasta(tmp_path / "ref.fa", {"chr1": text})
    lines, pieces = _lines(rng, text)
    digests = []
    # Chunks of four records, and variants that move further than is waited for.
    for number, (size, window) in enumerate([(1 << 24, 1_000), (1, 1_000), (1, 2)]):
        monkeypatch.setattr("allelake.ingest.part._FIRST_WINDOW_BASES", window)
        folder = tmp_path / str(number)
        folder.mkdir()
        made = gvcf(folder, lines, reference=fasta, duplicates="first", chunk_bytes=size)
        digests.append(sorted(file.sha256 for file in made.files))
    assert digests[0] == digests[1] == digests[2]
    assert made.counts["left_aligned"] > 5
    for row in rows_of([made], "calls"):
        is_insertion = len(row["ref"]) == 1 and len(row["alt"]) > 1
        last = row["end_position"] + is_insertion
        assert row["covered"] == covered(pieces, row["position"], last, has_adj=False)
