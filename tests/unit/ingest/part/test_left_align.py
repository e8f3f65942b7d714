"""Variants with a reference are spelt as `bcftools norm -f` spells them."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from allelake.errors import InputError
from allelake.ingest.reading.fasta import ReferenceFasta
from allelake.model.allele import left_align, trim
from unit.ingest.part.running import CONTIGS, run, spec_for, vcf
from unit.ingest.part.staged import Staged
from unit.ingest.part.test_order import assert_sorted


def repetitive(rng: random.Random, length: int) -> str:
    """A sequence of short repeats, in which indels have many spellings."""
    text = ""
    while len(text) < length:
        unit = "".join(rng.choice("ACGT") for _ in range(rng.choice([1, 1, 2, 3, 5])))
        text += unit * rng.randint(1, 12)
    return text[:length]


def write_fasta(path: Path, contigs: dict[str, str], width: int = 60) -> Path:
    lines = []
    for name, text in contigs.items():
        lines += [f">{name} described", *(text[i : i + width] for i in range(0, len(text), width))]
    path.write_text("\n".join(lines) + "\n")
    return path


def random_indels(rng: random.Random, text: str, contig: str) -> list[str]:
    """Records with indels, spelt with too many bases, or as `bcftools norm` would."""
    records = []
    for position in sorted(rng.sample(range(1, len(text) - 30), 60)):
        ref = text[position - 1 : position - 1 + rng.randint(1, 6)]
        cut = rng.randint(0, len(ref) - 1)
        inserted = rng.choice(["", ref, repetitive(rng, 4), text[position : position + 3]])
        alt = ref[: len(ref) - cut] + inserted
        if alt != ref:
            records.append(f"{contig} {position} . {ref} {alt} . . . GT 0/1")
    return records


@pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed")
@pytest.mark.parametrize("seed", range(5))
def test_indels_are_spelt_as_bcftools_norm_spells_them(tmp_path: Path, seed: int) -> None:
    """Repeats, contig starts, several contigs, small chunks."""
    rng = random.Random(seed)
    contigs = {name: repetitive(rng, 700) for name in ("chr1", "chrX")}
    fasta = write_fasta(tmp_path / "ref.fa", contigs)
    records = [r for name, text in contigs.items() for r in random_indels(rng, text, name)]
    text = vcf(["a"], records)
    (tmp_path / "in.vcf").write_text(text)
    command = ["bcftools", "norm", "-f", str(fasta), str(tmp_path / "in.vcf")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    expected = {
        (row[0], int(row[1]), row[3], row[4])
        for row in (line.split("\t") for line in done.stdout.splitlines() if line[0] != "#")
    }
    spec = spec_for(1, reference=fasta, duplicates="first")
    for chunk_bytes in (1, 1 << 20):
        summary = run(tmp_path, text, spec, chunk_bytes=chunk_bytes)
        assert_sorted(summary)
        assert {key[:4] for key in Staged.of([summary]).sites} == expected
    assert summary.counts["left_aligned"] > 5


def test_a_variant_that_moves_further_than_the_window_is_found_in_order(tmp_path: Path) -> None:
    """5,000 bases of CA: a deletion at their end is one at their start, before 97 others."""
    text = "G" + "CA" * 2_500 + "TTTT"
    fasta = write_fasta(tmp_path / "ref.fa", {"chr1": text})
    records = [
        f"chr1 {position} . {text[position - 1]} G . . . GT 0/1"
        for position in range(100, 4900, 50)
    ]
    records.append(f"chr1 {len(text) - 6} . {text[-7:-4]} {text[-7]} . . . GT 1/1")
    spec = spec_for(1, reference=fasta)
    summary = run(tmp_path, vcf(["a"], records), spec, chunk_bytes=1)
    assert_sorted(summary)
    first = next(iter(Staged.of([summary]).sites))
    assert first[:4] == ("chr1", 1, "GCA", "G")
    assert summary.counts["records_read"] == len(records)


def test_a_wrong_ref_is_refused_with_both_sequences(tmp_path: Path) -> None:
    """The record's reference is not this one."""
    fasta = write_fasta(tmp_path / "ref.fa", {"chr1": "ACGTACGTAC"})
    with pytest.raises(InputError, match=r"input0.vcf: record chr1:3: REF is T, .* has G there"):
        run(tmp_path, vcf(["a"], ["chr1 3 . T A . . . GT 0/1"]), spec_for(1, reference=fasta))


def test_a_ref_past_the_end_of_the_contig_is_refused(tmp_path: Path) -> None:
    """There are fewer bases than REF says."""
    fasta = write_fasta(tmp_path / "ref.fa", {"chr1": "ACGTACGTAC"})
    with pytest.raises(InputError, match=r"REF is ACC, but the reference .* has AC there"):
        run(tmp_path, vcf(["a"], ["chr1 9 . ACC A . . . GT 0/1"]), spec_for(1, reference=fasta))


def test_an_ambiguous_reference_base_may_be_its_first_base_or_n(tmp_path: Path) -> None:
    """VCF 4.3 asks for the alphabetically first base of a code; others wrote N."""
    fasta = write_fasta(tmp_path / "ref.fa", {"chr1": "ARRA"})
    records = ["chr1 2 . A G . . . GT 0/1", "chr1 3 . N G . . . GT 0/1"]
    summary = run(tmp_path, vcf(["a"], records), spec_for(1, reference=fasta))
    assert summary.counts["variants"] == 2


def test_a_reference_without_the_contig_is_refused(tmp_path: Path) -> None:
    """Else its records would pass unchecked."""
    fasta = write_fasta(tmp_path / "ref.fa", {"chr9": "ACGT"})
    with pytest.raises(InputError, match="has no sequence named chr1"):
        run(tmp_path, vcf(["a"], ["chr1 3 . G A . . . GT 0/1"]), spec_for(1, reference=fasta))


@pytest.mark.parametrize("width", [1, 7, 60, 10_000])
@pytest.mark.parametrize("with_index", [False, True])
def test_any_stretch_of_a_fasta_is_found(tmp_path: Path, width: int, with_index: bool) -> None:
    """With a .fai and without one, across lines, past the end."""
    rng = random.Random(width)
    contigs = {name: repetitive(rng, 300).lower() for name in CONTIGS}
    path = write_fasta(tmp_path / "ref.fa", contigs, width)
    if with_index:
        pytest.importorskip("pysam").faidx(str(path))
    with ReferenceFasta(path) as fasta:
        for name, text in contigs.items():
            assert fasta.length_bp(name) == 300
            for _ in range(20):
                start = rng.randint(1, 300)
                end = start + rng.randint(0, 50)
                assert fasta.bases(name, start, end) == text[start - 1 : end].upper()


def test_a_compressed_fasta_is_refused(tmp_path: Path) -> None:
    """Its bases cannot be looked up by position."""
    path = tmp_path / "ref.fa.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00")
    with pytest.raises(InputError, match="compressed"):
        ReferenceFasta(path)


@pytest.mark.parametrize("seed", range(3))
def test_left_aligning_twice_changes_nothing_and_keeps_the_sequence(seed: int) -> None:
    """The changed sequence is what a variant means, however it is spelt."""
    rng = random.Random(seed)
    text = repetitive(rng, 400)

    def bases(start: int, end: int) -> str:
        return text[start - 1 : end]

    for _ in range(300):
        position = rng.randint(1, 380)
        ref = bases(position, position + rng.randint(0, 5))
        alt = rng.choice([ref[: rng.randint(1, len(ref))], ref + bases(position, position + 3)])
        moved = left_align(position, ref, alt, bases, len(text))
        assert _changed(text, *moved) == _changed(text, position, ref, alt)
        assert left_align(*moved, bases, len(text)) == moved
        assert trim(*moved) == moved
        assert moved[0] <= trim(position, ref, alt)[0]


def _changed(text: str, position: int, ref: str, alt: str) -> str:
    assert text[position - 1 : position - 1 + len(ref)] == ref
    return text[: position - 1] + alt + text[position - 1 + len(ref) :]
