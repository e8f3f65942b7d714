"""The plain reference of samples that were asked alone, against counts made by hand."""

import pytest

import reference as ref
from make_vcf import vcf
from reference import Lake, Rules
from reference_per_sample import PerSampleBatch, asked_span, bed_regions, withdraw

FIELDS = ("GT", "GQ", "DP", "AD", "MIN_DP", "LEN")
RAW, BLOCKS, ADJ = Rules(), Rules("raw_blocks"), Rules("adj@1")
BY_SEX = Rules(ploidy="by_sex")
CARRIER = "chr1 100 A G PASS GT:GQ:DP:AD 0/1:50:20:10,10"


def gvcf(name: str, *rows: str) -> str:
    return vcf([name], *rows, fields=FIELDS, filters=["q10"])


def lake_of(*texts: str, absent: str = "unknown", bed: str = "", **sexes: ref.Sex) -> Lake:
    """One batch of these texts, a file each."""
    regions = bed_regions("GRCh38", bed)
    return Lake((PerSampleBatch(texts, absent, regions),), sexes=sexes)  # type: ignore[arg-type]


def parts(lake: Lake, rules: Rules = RAW, position: int = 100) -> tuple[int, int, int, int]:
    """an_record, an_block, an_assumed, unknown_samples of the first variant at a position."""
    rows = ref.allele_frequency(lake, rules=rules)
    row = next(row for variant, row in rows.items() if variant.position == position)
    return row.an_record, row.an_block, row.an_assumed, row.unknown_samples


def beside(*rows: str, carrier: str = CARRIER, rules: Rules = RAW, **more: object) -> object:
    """What a second sample of these rows adds where the first has a variant."""
    where = int(carrier.split()[1].split("/")[0])
    lake = lake_of(gvcf("a", carrier), gvcf("b", *rows), **more)  # type: ignore[arg-type]
    record, *others = parts(lake, rules, where)
    alone, *_ = parts(lake_of(gvcf("a", carrier), **more), rules, where)  # type: ignore[arg-type]
    return (record - alone, *others)


BLOCK = "chr1 {} A {} {} GT:GQ:DP:MIN_DP {}"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (BLOCK.format("50/END=100", "<NON_REF>", ".", "0/0:30:20:12"), (0, 2, 0, 0)),
        (BLOCK.format("100/END=100", "<*>", ".", "0|0:30:20:12"), (0, 2, 0, 0)),
        (BLOCK.format("50/END=100", ".", "PASS", "0:30:20:12"), (0, 1, 0, 0)),
        (BLOCK.format("50/END=99", "<NON_REF>", ".", "0/0:30:20:12"), (0, 0, 0, 1)),
        (BLOCK.format("101/END=120", "<NON_REF>", ".", "0/0:30:20:12"), (0, 0, 0, 1)),
        (BLOCK.format("50/END=100", "<NON_REF>", ".", "./.:30:20:12"), (0, 0, 0, 1)),
        (BLOCK.format("50/END=100", "<NON_REF>", ".", "0/.:30:20:12"), (0, 0, 0, 1)),
        (BLOCK.format("50/END=100", "<NON_REF>", ".", "0/1:30:20:12"), (0, 0, 0, 1)),
        (BLOCK.format("50/END=100", "<NON_REF>", ".", "0/0:30:20:0"), (0, 0, 0, 1)),
        (BLOCK.format("50/END=100", "<NON_REF>", ".", "0/0:30:0:."), (0, 0, 0, 1)),
        (BLOCK.format("50/END=100", "<NON_REF>", ".", "0/0:30:.:."), (0, 2, 0, 0)),
        ("chr1 100 A . . GT 0/0", (0, 2, 0, 0)),
        ("chr1 98 ACA . . GT 0/0", (0, 2, 0, 0)),
        ("chr1 50 A <*> . GT:LEN 0/0:51", (0, 2, 0, 0)),
        ("chr1 50 A <*> . GT:LEN 0/0:50", (0, 0, 0, 1)),
        ("chr1 50/END=100 A <*> . GT:LEN 0/0:4", (0, 2, 0, 0)),
        ("chr1 50/END=60 A <*> . GT:LEN 0/0:99", (0, 0, 0, 1)),
    ],
)
def test_what_a_block_adds(row: str, expected: object) -> None:
    assert beside(row) == expected


@pytest.mark.parametrize(
    ("rules", "values", "expected"),
    [
        (BLOCKS, "0/0:0:0:0", (0, 2, 0, 0)),
        (ADJ, "0/0:20:30:10", (0, 2, 0, 0)),
        (ADJ, "0/0:19:30:10", (0, 0, 0, 1)),
        (ADJ, "0/0:20:30:9", (0, 0, 0, 1)),
        (ADJ, "0/0:20:10:.", (0, 2, 0, 0)),
        (ADJ, "0:20:30:5", (0, 1, 0, 0)),
        (ADJ, "0/0:.:30:10", (0, 0, 0, 1)),
        (ADJ, "0/0:20:.:.", (0, 0, 0, 1)),
    ],
)
def test_what_a_block_adds_under_a_policy(rules: Rules, values: str, expected: object) -> None:
    row = BLOCK.format("50/END=150", "<NON_REF>", "q10", values)
    assert beside(row, rules=rules) == expected
    passing = Rules(rules.policy, filter="pass")
    assert beside(row, rules=passing) == (0, 0, 0, 1)
    assert beside(row.replace("q10", "."), rules=passing) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("chr1 100 A T PASS GT 0/1", (0, 2, 0, 0)),  # another ALT: called here too
        ("chr1 100 A T PASS GT ./1", (0, 1, 0, 0)),
        ("chr1 100 A T PASS GT ./.", (0, 0, 0, 1)),
        ("chr1 100 A T,<NON_REF> PASS GT 1/2", (0, 1, 0, 0)),
        ("chr1 98 CTAC C PASS GT 0/1", (0, 2, 0, 0)),  # within its own deletion
        ("chr1 100 A * PASS GT 1/1", (0, 2, 0, 0)),
        ("chr1 100 A G PASS GT 0/0", (2, 0, 0, 0)),  # its own record of the variant
        ("chr1 100 A G,T PASS GT ./.", (0, 0, 0, 0)),
        ("chr1 100 A G,T PASS GT 2/2", (2, 0, 0, 0)),
        ("chr1 90/END=500;SVLEN=-410 N <DEL> PASS GT 0/1", (0, 0, 0, 1)),  # no bases called
    ],
)
def test_what_a_record_of_its_own_adds(row: str, expected: object) -> None:
    assert beside(row) == expected


@pytest.mark.parametrize(
    ("ref_alt", "span"),
    [("A G", (100, 100)), ("ACT A", (100, 102)), ("A ACT", (100, 101)), ("AC GT", (100, 101))],
)
def test_the_whole_asked_span_must_be_covered(ref_alt: str, span: tuple[int, int]) -> None:
    carrier = f"chr1 100 {ref_alt} PASS GT 0/1"
    (variant,) = ref.allele_frequency(lake_of(gvcf("a", carrier)))
    assert asked_span(variant) == span
    for end, expected in ((span[1], (0, 2, 0, 0)), (span[1] - 1, (0, 0, 0, 1))):
        start = min(90, end)
        row = BLOCK.format(f"{start}/END={end}", "<*>", ".", "0/0:30:20:12")
        assert beside(row, carrier=carrier) == expected


def test_a_span_over_blocks_of_other_quality_is_covered_and_of_other_ploidy_is_not() -> None:
    carrier = "chr1 100 ACT A PASS GT 0/1"
    first = BLOCK.format("90/END=100", "<*>", ".", "0/0:30:20:12")
    assert beside(first, BLOCK.format("101/END=110", "<*>", ".", "0/0:3:2:1"), carrier=carrier) == (
        0,
        2,
        0,
        0,
    )
    assert beside(first, BLOCK.format("101/END=110", "<*>", ".", "0:3:2:1"), carrier=carrier) == (
        0,
        0,
        0,
        1,
    )


def test_where_evidence_overlaps_the_larger_number_holds() -> None:
    haploid = BLOCK.format("90/END=110", "<*>", ".", "0:30:20:12")
    assert beside(haploid, "chr1 98 CTAC C PASS GT 0/1") == (0, 2, 0, 0)


@pytest.mark.parametrize(
    ("bed", "row", "expected"),
    [
        ("chr1\t99\t100", "chr1 500 A G . GT 0/1", (0, 0, 2, 0)),
        ("chr1\t100\t200", "chr1 500 A G . GT 0/1", (0, 0, 0, 1)),
        ("chr1\t50\t200", "chr1 99 AA A . GT ./.", (0, 0, 0, 1)),  # its own record, not called
        ("chr1\t50\t200", "chr1 99 AA A . GT 0/1", (0, 0, 2, 0)),  # one run with the region
        ("chr1\t120\t200", "chr1 99 AA A . GT 0/1", (0, 2, 0, 0)),
        ("chr1\t50\t200", "chr1 99 AA A . GT ./1", (0, 1, 0, 0)),  # no run with it
    ],
)
def test_what_a_region_adds(bed: str, row: str, expected: object) -> None:
    assert beside(row, absent="regions", bed=bed) == expected
    adj = beside(row, absent="regions", bed=bed, rules=ADJ)
    assert adj == (0, 0, 0, 1)


def test_absent_reference_holds_on_contigs_of_the_batch() -> None:
    other = vcf(["c"], "chr2 100 A G . GT 0/1")
    lake = lake_of(gvcf("a", CARRIER), gvcf("b", "chr1 900 A G . GT 0/1"), absent="reference")
    assert parts(lake) == (2, 0, 2, 0)
    both = Lake((*lake.batches, PerSampleBatch((other,))))
    rows = {v.contig: row for v, row in ref.allele_frequency(both).items() if v.position == 100}
    assert (rows["chr1"].an_assumed, rows["chr1"].unknown_samples) == (2, 1)
    assert (rows["chr2"].an_assumed, rows["chr2"].unknown_samples) == (0, 2)


@pytest.mark.parametrize(
    ("sex", "as_called", "by_sex"),
    [("XX", (0, 2, 0, 0), (0, 2, 0, 0)), ("XY", (0, 2, 0, 0), (0, 1, 0, 0)),
     (None, (0, 2, 0, 0), (0, 0, 0, 1))],
)  # fmt: skip
def test_a_diploid_block_on_x(sex: ref.Sex, as_called: object, by_sex: object) -> None:
    carrier = "chrX 50000000 A G . GT 0/1"
    row = "chrX 49999999/END=50000010 A <*> . GT:GQ:DP 0/0:30:5"
    args = {"carrier": carrier, "a": "XX", "b": sex}
    assert beside(row, **args) == as_called  # type: ignore[arg-type]
    assert beside(row, rules=BY_SEX, **args) == by_sex  # type: ignore[arg-type]
    adj = (0, 1, 0, 0) if sex == "XY" else (0, 0, 0, 1)
    assert beside(row, rules=Rules("adj@1", "by_sex"), **args) == adj  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "sex", "expected"),
    [
        ("chrX 50000000", "XX", (0, 0, 2, 0)),
        ("chrX 50000000", "XY", (0, 0, 1, 0)),
        ("chrX 50000000", None, (0, 0, 0, 1)),
        ("chrX 2000000", None, (0, 0, 2, 0)),
        ("chrY 20000000", "XX", (0, 0, 0, 0)),
        ("chrY 2000000", "XY", (0, 0, 2, 0)),
        ("chrM 100", None, (0, 0, 1, 0)),
    ],
)
def test_a_region_is_worth_what_sex_says(place: str, sex: ref.Sex, expected: object) -> None:
    contig = place.split()[0]
    lake = {"absent": "reference", "a": "XY", "b": sex}
    row = f"{contig} 5000 A G . GT 0"
    assert beside(row, carrier=f"{place} A G . GT 0", **lake) == expected  # type: ignore[arg-type]


def test_the_three_kinds_of_no_copy() -> None:
    rows = (
        "chr1 100 A G q10 GT:GQ:DP:AD 0/1:5:20:10,10",
        "chr1 200 A G . GT:GQ:DP:AD 0/0:50:20:20,0",
        "chr1 300 A G . GT ./.",
    )
    lake = lake_of(gvcf("a", *rows))
    assert [r.zero_reason for r in ref.allele_frequency(lake).values()] == [
        None, "no_variant", "no_data"]  # fmt: skip
    adj = ref.allele_frequency(lake, rules=ADJ).values()
    assert [r.zero_reason for r in adj] == ["filtered", "no_variant", "no_data"]
    nobody = ref.allele_frequency(lake, []).values()
    assert {r.zero_reason for r in nobody} == {"no_data"}


def test_a_participant_counts_once_by_the_preferred_sample_else_the_first() -> None:
    texts = [gvcf(name, f"chr1 100 A G . GT {gt}") for name, gt in (("a", "0/1"), ("b", "1/1"))]
    people = {"a": "p", "b": "p"}
    lake = Lake((PerSampleBatch(tuple(texts)),), participants=people)
    assert lake.counted_once(["b", "a"]) == ("a",)
    assert lake.counted_once(["b"]) == ("b",)
    preferring = Lake(lake.batches, participants=people, preferred=frozenset("b"))
    assert preferring.counted_once(["b", "a"]) == ("b",)


def test_a_withdrawn_person_leaves_no_variant_of_their_own_file_and_no_copy_of_a_joint_one() -> (
    None
):
    joint = ref.Batch((vcf(["c", "d"], "chr1 300 A G . GT 0/1 0/0"),))
    own = PerSampleBatch((gvcf("a", CARRIER), gvcf("b", "chr1 200 A G . GT 0/1")))
    lake = withdraw(Lake((own, joint)), ["b", "c"])
    rows = ref.allele_frequency(lake)
    assert {v.position: (r.ac, r.an) for v, r in rows.items()} == {100: (1, 2), 300: (0, 2)}
