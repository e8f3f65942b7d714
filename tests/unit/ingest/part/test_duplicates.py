"""Records of one call set that come to one variant."""

from pathlib import Path

import pytest

from allelake.errors import InputError
from unit.ingest.part.running import run, spec_for, vcf
from unit.ingest.part.staged import Staged

SAMPLES = ["a", "b", "c"]
ALIKE = [
    "chr1 100 . A G . . . GT 0/1 0/0 ./.",
    "chr1 100 . AT GT . . . GT 1/0 0/0 ./.",
]
UNLIKE = [
    "chr1 100 first A G . . . GT 0/1 0/0 ./.",
    "chr1 100 second A G . . . GT 0/1 1/1 ./.",
    "chr1 100 third A G . . . GT 1/1 0/1 ./.",
]
KEY = ("chr1", 100, "A", "G", 100, None)


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_alike_records_are_one_and_counted(tmp_path: Path, chunk_bytes: int) -> None:
    """However the variant is spelt and whichever chromosome comes first."""
    summary = run(tmp_path, vcf(SAMPLES, ALIKE), spec_for(3), chunk_bytes=chunk_bytes)
    staged = Staged.of([summary])
    assert list(staged.sites) == [KEY]
    assert staged.sites[KEY]["duplicate_records"] == 1
    assert summary.counts["duplicates_alike"] == 1
    assert summary.counts["duplicates_resolved"] == 0


def test_unlike_records_are_refused_with_a_list_of_places(tmp_path: Path) -> None:
    """Nothing of the part stays in staging."""
    with pytest.raises(
        InputError, match=r"(?s)1 variant has.*chr1:100.*100 A>G, 100 A>G, 100 A>G"
    ) as told:
        run(tmp_path, vcf(SAMPLES, UNLIKE), spec_for(3))
    assert "--duplicates most_alt" in str(told.value)
    assert not list((tmp_path / "staging").rglob("*.parquet"))


def test_twenty_places_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    """A list of thousands would hide the message."""
    records = [
        f"chr1 {position} . A G . . . GT {genotype} 0/0 0/0"
        for position in range(1, 31)
        for genotype in ("0/1", "1/1")
    ]
    with pytest.raises(InputError, match=r"(?s)30 variants.*and 10 more") as told:
        run(tmp_path, vcf(SAMPLES, records), spec_for(3), chunk_bytes=1)
    assert str(told.value).count("chr1:") == 20


@pytest.mark.parametrize("rule, kept", [("first", "first"), ("most_alt", "second")])
def test_a_rule_chooses_among_unlike_records(tmp_path: Path, rule: str, kept: str) -> None:
    """Three copies each in the second and the third: the earlier of them."""
    summary = run(tmp_path, vcf(SAMPLES, UNLIKE), spec_for(3, duplicates=rule))
    staged = Staged.of([summary])
    assert staged.sites[KEY]["id"] == kept
    assert staged.sites[KEY]["duplicate_records"] == 2
    assert summary.counts["duplicates_resolved"] == 2
    assert staged.counts(KEY, 1, "raw") == ((0, 2) if kept == "first" else (2, 2))


def test_a_half_call_and_a_haploid_call_are_unlike(tmp_path: Path) -> None:
    """Both have one copy of one called allele, but not the same ploidy."""
    records = ["chr1 9 . A G . . . GT ./1 0/0 0/0", "chr1 9 . A G . . . GT 1 0/0 0/0"]
    with pytest.raises(InputError, match="unlike genotypes"):
        run(tmp_path, vcf(SAMPLES, records), spec_for(3))


def test_a_record_without_genotypes_is_unlike_one_with(tmp_path: Path) -> None:
    """Else which of the two counts would depend on their order."""
    records = ["chr1 9 . A G . . . GT 0/0 0/0 0/0", "chr1 9 . A G . . . DP 1 2 3"]
    with pytest.raises(InputError, match="unlike genotypes"):
        run(tmp_path, vcf(SAMPLES, records), spec_for(3))


def test_symbolic_alleles_of_different_lengths_are_different_variants(tmp_path: Path) -> None:
    """Real files have two <DEL> at one position."""
    records = [
        "chr1 9 . A <DEL> . . END=50;SVLEN=-41;SVTYPE=DEL GT 0/1 0/0 0/0",
        "chr1 9 . A <DEL> . . END=70;SVLEN=-61;SVTYPE=DEL GT 0/0 1/1 0/0",
    ]
    staged = Staged.of([run(tmp_path, vcf(SAMPLES, records), spec_for(3))])
    assert [key[4:] for key in staged.sites] == [(50, -41), (70, -61)]
