"""Multi-sample text read fast has the bytes of text read record by record, or is left to that."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allelake.errors import InputError
from allelake.ingest.part import run_part
from allelake.ingest.spec import PartSummary
from unit.ingest.cohort.both_ways import both, is_same, part_of, spec_of, told
from unit.ingest.part.random_vcf import random_records
from unit.ingest.part.running import vcf

PEOPLE = ["ann", "bo", "cy"]


def written(folder: Path, *records: str, people: list[str] = PEOPLE) -> Path:
    """A file of records written with blanks for tabs."""
    path = folder / "a.vcf"
    path.write_text(vcf(people, records))
    return path


@pytest.mark.parametrize("chunk_bytes", [24 << 20, 20_000])
@pytest.mark.parametrize(("seed", "people"), [(1, 3), (2, 40), (3, 130), (4, 1100)])
def test_random_cohorts_have_the_same_bytes(
    seed: int, people: int, chunk_bytes: int, tmp_path: Path
) -> None:
    rng = Random(seed)
    records = random_records(rng, people, 4000 // people, with_fields=seed % 2 == 0)
    path = written(tmp_path, *records, people=[f"s{i}" for i in range(people)])

    # Trimming may make two of one variant.
    fast, slow = both(path, tmp_path, chunk_bytes=chunk_bytes, duplicates="first")

    assert isinstance(fast, PartSummary)
    assert isinstance(slow, PartSummary)
    assert fast.counts["split_records"] > 0
    assert fast.counts["star_alleles"] > 0
    assert told(fast) == told(slow)


def test_samples_in_another_order_have_the_same_bytes(tmp_path: Path) -> None:
    records = random_records(Random(5), 5, 300)
    path = written(tmp_path, *records, people=list("abcde"))

    fast, slow = both(path, tmp_path, columns=(3, 0, 4, 1, 2), first_sample=11, duplicates="first")

    assert isinstance(fast, PartSummary)
    assert is_same(fast, slow)


PLAIN = {
    "a missing genotype without separator": ("chr1 9 . A G . . . GT . 0/1 1",),
    "half-calls": ("chr1 9 . A G . . . GT ./1 1|. .|.",),
    "alleles of two digits": (
        "chr1 9 . A C,G,T,AC,AG,AT,CA,CC,CG,CT,GA . . . GT 0/10 11|9 10",
    ),
    "names, filters, quality and INFO": (
        "chr1 9 rs1 A G 1e3 PASS PER_ALT=0.5;FLAG GT 0/1 0/0 1/1",
        "chr1 12 rs2;rs3 A G 30.25 q10 TEXTS=a,b;PER_ALLELE=1,2 GT 0/1 0/0 1/1",
        "chr1 13 . A G,T 30.25 q10 TEXTS=.;PER_ALLELE=1,2,.;PER_ALT=.,2 GT 0/1 0/2 1/1",
    ),
    "numbers that hardly fit": (
        "chr1 9 . A G 1e39 . PER_ALT=1e39 GT 0/1 0/0 1/1",
        "chr1 10 . A G 3.4028236e38 . PER_ALT=1e-46 GT 0/1 0/0 1/1",
        "chr1 11 . A G .5 . PER_ALT=0.30000000000000004 GT 0/1 0/0 1/1",
        "chr1 12 . A G 5. . PER_ALT=123456789.123456789123456789 GT 0/1 0/0 1/1",
    ),
    "symbolic alleles and breakends": (
        "chr1 9 . A <DEL> . . END=100;SVTYPE=DEL;SVLEN=-91 GT 0/1 0/0 1/1",
        "chr1 12 . A A[chr1:9[ . . SVTYPE=BND GT 0/1 0/0 1/1",
        "chr1 14 . A <DUP> . . SVLEN=40 GT 0/1 0/0 1/1",
        "chr1 15 . A <INS> . . . GT 0/1 0/0 1/1",
    ),
    "records without a variant": (
        "chr1 9 . A . . . . GT 0/0 0/0 0/0",
        "chr1 9 . A * . . . GT 0/1 0/0 0/0",
        "chr1 9 . A <NON_REF> . . . GT 0/0 0/0 0/0",
        "chr1 12 . A <*> . . . GT 0/0 0/0 0/0",
        "chr1 12 . A <DEL> . . END=12 GT 0/1 0/0 0/0",
    ),
    "alleles that stand for any other": ("chr1 9 . A G,<NON_REF> . . . GT 0/2 1/2 2|2",),
    "bases in lower case": ("chr1 9 . a G . . . GT 0/1 0/0 0/0",),
    "alleles with bases in common": (
        "chr1 9 . CAAG CAAT . . . GT 0/1 0/0 0/0",
        "chr1 10 . A G . . . GT 0/1 0/0 0/0",
        "chr1 11 . A G . . . GT 0/1 0/0 0/0",
        "chr1 12 . C T . . . GT 0/1 0/0 0/0",
    ),
    "records alike": (
        "chr1 9 . C T . . . GT 0/1 0/0 0/0",
        "chr1 9 . C T . . . GT 0|1 0/0 0/0",
    ),
    "fields left out, missing or of another order": (
        "chr1 9 . C T . . . GT:DP:GQ:AD 0/1:3:4:1,2 0/0 0/0:.:.:.",
        "chr1 12 . C T . . . GT:AD:GQ:DP 0/1:.,2:-4:3 0/0:1 0/0:1,2,3",
        "chr1 13 . C T . . . GT 0/1 0/0 0/0",
        "chr1 14 . C T,G . . . GT:DP:AD 0/1:9:1,2,3 0/0 0/0:1:1,2",
        "chr1 15 . C T . . . GT:PER_GENOTYPE:DP 0/1:1,2,-3:9 ./.:. 0/0:.,.:7",
    ),
    "phase sets": (
        "chr1 9 . C T . . . GT:PS 0|1:100 0/0:. 0/0",
        "chr1 12 . C T . . . GT 0|1 0/0 1|0",
        "chr1 13 . C T . . . GT:PS 0|1:100 0|1:-7 0/0:12345",
    ),
    "texts and decimals that are not kept": (
        "chr1 9 . C T . . . GT:WORD:PER_ALLELE 0|1:x,y;/|:1.5,2e-3 0/0:.:. 0/0:p:.5,1.,-3E+2",
    ),
    "haploid people on X": (
        "chrX 900 . C T . . . GT 0|1 0/1 0/0",
        "chrX 2000 . C T . . . GT 0 0/1 0/0",
        "chrX 2010 . C T . . . GT 1 0/1 0/0",
        "chrM 5 . C T . . . GT 1 0 0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("records", PLAIN.values(), ids=PLAIN.keys())
@pytest.mark.parametrize("chunk_bytes", [24 << 20, 1])
def test_what_is_understood_has_the_same_bytes(
    records: tuple[str, ...], chunk_bytes: int, tmp_path: Path
) -> None:
    fast, slow = both(written(tmp_path, *records), tmp_path, chunk_bytes=chunk_bytes)

    assert isinstance(fast, PartSummary), (fast, slow)
    assert is_same(fast, slow), (told(fast), told(slow))


LEFT = {
    "three alleles": "GT 0/0/1 0/0 0/0",
    "an allele beyond ALT": "GT 0/2 0/0 0/0",
    "an undeclared field": "GT:XX 0/1:3 0/0:3 0/0:3",
    "no GT": "DP 3 3 3",
    "GT not first": "DP:GT 3:0/1 3:0/0 3:0/0",
    "a number of ten digits": "GT:DP 0/1:3000000000 0/0 0/0",
    "a number with a plus": "GT:DP 0/1:+3 0/0 0/0",
    "an empty field": "GT:DP:GQ 0/1::3 0/0 0/0",
}


@pytest.mark.parametrize("samples", LEFT.values(), ids=LEFT.keys())
def test_what_is_not_understood_is_left_to_the_reader_of_records(
    samples: str, tmp_path: Path
) -> None:
    path = written(tmp_path, "chr1 9 . A G . . . GT 0|1 0|0 0|0", f"chr1 12 . A G . . . {samples}")

    fast, _ = both(path, tmp_path)

    assert fast is None


def test_unlike_records_of_one_variant_are_refused_in_the_same_words(tmp_path: Path) -> None:
    path = written(
        tmp_path, "chr1 9 . C T . . . GT 0/1 0/0 0/0", "chr1 9 . C T . . . GT 1/1 0/0 0/0"
    )

    fast, slow = both(path, tmp_path)

    assert isinstance(slow, str)
    assert "unlike genotypes" in slow
    assert fast == slow


@pytest.mark.parametrize("rule", ["first", "most_alt"])
def test_unlike_records_are_settled_by_the_same_rule(rule: str, tmp_path: Path) -> None:
    path = written(
        tmp_path, "chr1 9 . C T 3 . . GT 0/1 0/0 0/0", "chr1 9 . C T 4 . . GT 1/1 0/0 0/0"
    )

    fast, slow = both(path, tmp_path, duplicates=rule)

    assert isinstance(fast, PartSummary)
    assert fast.counts["duplicates_resolved"] == 1
    assert is_same(fast, slow)


def test_half_calls_are_made_haploid_where_the_profile_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, "chrX 2000 . C T . . . GT ./1 0/. 0/0")

    fast, slow = both(path, tmp_path, half_calls_are_haploid=True)

    assert isinstance(fast, PartSummary)
    assert [notice.count for notice in fast.notices] == [2]
    assert is_same(fast, slow)


def test_genotypes_that_may_be_filtered_are_left_to_the_reader_of_records(tmp_path: Path) -> None:
    path = written(tmp_path, "chr1 9 . C T . . . GT:FT 0/1:q10 0/0:PASS 0/0:PASS")

    assert both(path, tmp_path, filter_genotypes_by_ft=True)[0] is None


def test_contigs_that_are_not_kept_are_skipped_and_counted(tmp_path: Path) -> None:
    records = random_records(Random(3), 3, 40)
    path = written(tmp_path, *records)

    fast, slow = both(path, tmp_path, contig_names={"chrX": "chrX"})

    assert isinstance(fast, PartSummary)
    assert fast.counts["records_skipped"] == 40
    assert is_same(fast, slow)


def test_a_small_part_is_read_without_the_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "chr1 9 . C T . . . GT 0/1 0/0 0/0")
    report_path = both(path, tmp_path / "both")[1]
    assert isinstance(report_path, PartSummary)
    monkeypatch.setattr("allelake.ingest.cohort.part._source", lambda *_: pytest.fail("asked"))
    from allelake.ingest.inspection.whole_file import inspect_file

    report = inspect_file(path)
    (tmp_path / "staging").mkdir()
    summary = run_part(spec_of(report), part_of(report), tmp_path / "staging")

    assert told(summary) == told(report_path)


SEEDS = (
    "chr1 9 rs1 A G 30 PASS FLAG GT:AD:DP:GQ 0/1:1,2:3:4 0|0:5,0:5:99 .:.:.:.",
    "chr1 12 . AT A,G . q10 PER_ALT=1,2.5 GT 0|2 1|0 0|0",
    "chr1 15 . A C . . . GT 0|1 0|0 1|1",
    "chr1 19 . A <DEL> . . END=40;SVLEN=-21 GT:PS 0|1:9 0/0:. 1",
)
HEADER_BYTES = len(vcf(PEOPLE, []))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_an_altered_file_is_refused_or_left_or_has_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text = bytearray(vcf(PEOPLE, SEEDS).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(HEADER_BYTES, len(text) - 2))
        byte = data.draw(st.sampled_from(b"0123456789.,:/|;=-+\t\nACGT<>*aeE %\r\x00\xff"))
        how = data.draw(st.sampled_from(["replace", "insert", "delete"]))
        text[place : place + (how != "insert")] = bytes([byte]) if how != "delete" else b""
    folder = tmp_path_factory.mktemp("altered")
    path = folder / "a.vcf"
    path.write_bytes(text)
    try:
        fast, slow = both(path, folder)
    except InputError:
        return  # the inspection, or the plan, refuses it

    assert is_same(fast, slow)


ODD_HEADER = '##FORMAT=<ID=PL,Number=.,Type=Integer,Description="likelihoods">\n'


def test_what_htslib_says_of_a_header_is_told_once_whoever_reads_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "chr1 9 . C T . . . GT:PL 0/1:1,2,3 0/0 0/0")
    path.write_text(path.read_text().replace("##INFO=<ID=END", ODD_HEADER + "##INFO=<ID=END", 1))

    fast, slow = both(path, tmp_path)

    assert isinstance(fast, PartSummary)
    assert [notice.first for notice in fast.notices] == ["PL should be declared as Number=G"]
    assert isinstance(slow, PartSummary)
    assert slow.notices == fast.notices


def test_contigs_that_the_header_does_not_declare_are_told_in_the_same_words(
    tmp_path: Path,
) -> None:
    records = [f"{name} 9 . C T,G . . . GT 0/1 0/2 0/0" for name in ("7", "chr1", "8", "9")]
    path = written(tmp_path, *records)
    names = {name: name for name in ("7", "9", "chr1")}

    fast, slow = both(path, tmp_path, contig_names=names)

    assert isinstance(fast, PartSummary)
    assert [notice.count for notice in fast.notices] == [3]
    assert is_same(fast, slow), (fast, slow)


def test_strict_refuses_what_is_told_of_the_header(tmp_path: Path) -> None:
    path = written(tmp_path, "chr1 9 . C T . . . GT:PL 0/1:1,2,3 0/0 0/0")
    path.write_text(path.read_text().replace("##INFO=<ID=END", ODD_HEADER + "##INFO=<ID=END", 1))

    fast, slow = both(path, tmp_path, strict=True)

    assert isinstance(fast, str)
    assert "PL should be declared as Number=G" in fast
    assert "Refused by --strict" in fast
    assert fast == slow
