"""BCF read by columns: the same rows as by cyvcf2, or none."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from allelake.errors import InputError
from allelake.ingest.cohort.part import CohortRun
from allelake.ingest.cohort_bcf.source import BcfSource
from allelake.ingest.reading.records import CHUNK_BYTES
from unit.ingest.cohort_bcf.by_hand import (
    FLOAT,
    FLOAT_END,
    INT8,
    INT16,
    INT32,
    MISSING_FLOAT,
    TEXT,
    described,
    difference,
    fast,
    field,
    header,
    kept,
    part_of,
    record,
    slow,
    text,
    typed,
    values,
)
from unit.ingest.inspect.vcf_bytes import bcf, write
from unit.ingest.part.random_vcf import random_records
from unit.ingest.part.running import spec_for, vcf

INFO = (
    kept("PER_ALT", "A", "Float", "FLOAT", "info"),
    kept("PER_ALLELE", "R", "Integer", "INTEGER[]", "info"),
    kept("TEXTS", ".", "String", "VARCHAR[]", "info"),
    kept("FLAG", "0", "Flag", "BOOLEAN", "info"),
)
FORMAT = (
    kept("PER_ALT", "A", "Integer", "INTEGER", "format"),
    kept("PER_ALLELE", "R", "Float", "FLOAT[]", "format"),
    kept("WORD", "1", "String", "VARCHAR", "format"),
)
EVERYTHING = {
    "has_adj": True, "has_ad": True, "has_dp": True, "has_gq": True, "has_ps": True,
    "info": INFO, "format": FORMAT,
}  # fmt: skip
SAMPLES = ["a", "b", "c"]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", ["bare", "detail"])
def test_random_records_come_out_alike(tmp_path: Path, seed: int, kind: str) -> None:
    rng = random.Random(seed)
    names = [f"s{number}" for number in range(rng.choice([3, 70]))]
    records = random_records(rng, len(names), 60)
    path = write(tmp_path, bcf(tmp_path, vcf(names, records)), "calls.bcf")
    detail = dict.fromkeys(("has_adj", "has_ad", "has_dp", "has_gq"), True)
    first = rng.choice([0, 5, 1020])
    spec = spec_for(len(names), first_sample=first, **(detail if kind == "detail" else {}))
    by_columns = fast(tmp_path, path, spec, 20_000)
    assert by_columns is not None
    assert not difference(by_columns, slow(tmp_path, path, spec, 20_000))


ROWS = [
    "chr1 10 rs1 A C 30 PASS PER_ALT=0.5;PER_ALLELE=1,2;TEXTS=a,b;FLAG GT:DP:GQ:AD:PS"
    " 0|1:9:50:4,5:7 0/0:20:99:20,0:. ./.:.:.:.:.",
    "chr1 10 rs2;rs3 A G . q10 PER_ALT=.;TEXTS=. GT:PER_ALT:WORD 0/1:7:xy 1:.:. .:8:abc",
    "chr1 20 . AC A 1e-3 . . GT:AD 0/1:3,4 1/1:3 0/0:1,2,3",
    "chr1 30 . A C,G . PASS PER_ALT=1,2;PER_ALLELE=1,2,3 GT:AD:PER_ALT:PER_ALLELE"
    " 1|2:1,2,3:7,8:0.5,0.25,0.125 0/2:1,2:.:. 2:.:9:.,1",
    "chr1 40 . A *,T . PASS . GT 1/2 0/1 2/2",
    "chr1 41 . A * . PASS . GT 0/1 0/1 0/0",
    "chr1 42 . A . . PASS . GT 0/0 0/0 0/0",
    "chr1 43 . a g . PASS . GT 0/1 0/1 0/0",
    "chr1 50 . ACGT ACGA . PASS . GT 0/1 0/1 0/0",
    "chr1 55 . A <DEL> . PASS SVTYPE=DEL;SVLEN=-7;END=62 GT 0/1 0/1 0/0",
    "chr1 60 . A <NON_REF> . PASS . GT 0/0 0/0 0/0",
    "chr1 61 . A C,<NON_REF> . PASS . GT:AD 0/1:1,2,3 0/2:1,2,3 1/2:.",
    "chr1 62 . A R . PASS . GT 0/1 0/1 0/0",
    "chr1 70 . A G . PASS . DP 3 4 5",
    "chr1 71 . G T . PASS . GT:DP:GQ 0/1:300:9 0/1:70000:. 0/0:-5:1",
    "chr1 71 . G A 50 q10;PASS . GT 0/1 0/1 0/0",
    "chrX 5 . G T 99 PASS . GT 0 0/1 1|1",
    "chrX 2000 . G T inf PASS PER_ALLELE=1,2,3 GT 0 ./1 1|.",
    "chrM 7 . C T . PASS . GT 0 1 .",
]


def test_records_of_every_kind_come_out_alike(tmp_path: Path) -> None:
    path = write(tmp_path, bcf(tmp_path, vcf(SAMPLES, ROWS)), "calls.bcf")
    for changes in ({}, EVERYTHING, {"duplicates": "first"}, {"half_calls_are_haploid": True}):
        spec = spec_for(3, **changes)
        by_columns = fast(tmp_path, path, spec)
        assert by_columns is not None
        assert not difference(by_columns, slow(tmp_path, path, spec))


def test_contigs_that_are_left_out_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, bcf(tmp_path, vcf(SAMPLES, ROWS)), "calls.bcf")
    for names in ({"chr1": "chr1"}, {"chrX": "X"}, {"chrM": "chrM", "chr1": "1"}, {}):
        spec = spec_for(3, contig_names=names)
        by_columns = fast(tmp_path, path, spec)
        assert by_columns is not None
        assert not difference(by_columns, slow(tmp_path, path, spec))
        assert by_columns[1]["records_read"] == len(ROWS)


def test_sites_without_samples_come_out_alike(tmp_path: Path) -> None:
    records = [" ".join(row.split(" ")[:8]) for row in ROWS]
    path = write(tmp_path, bcf(tmp_path, vcf([], records)), "calls.bcf")
    for changes in ({}, {"info": INFO}):
        spec = spec_for(0, **changes)
        by_columns = fast(tmp_path, path, spec)
        assert by_columns is not None
        assert not difference(by_columns, slow(tmp_path, path, spec))


def test_chunks_end_at_the_same_records(tmp_path: Path) -> None:
    """Ploidy is chosen chunk by chunk; records at one position are never parted."""
    names = [f"s{number}" for number in range(40)]
    rows = random_records(random.Random(7), 40, 300)
    path = write(tmp_path, bcf(tmp_path, vcf(names, rows)), "calls.bcf")
    for chunk in (500, 1_000, 4_000, 50_000):
        by_columns = fast(tmp_path, path, spec_for(40), chunk)
        assert by_columns is not None
        assert not difference(by_columns, slow(tmp_path, path, spec_for(40), chunk))


GT = [2, 4, 2, 2, 5, 3]
TAKEN: dict[str, Sequence[tuple[str, int, int, bytes]]] = {
    "GT of 16 bits": [("GT", INT16, 2, values(INT16, [2, 4, 2, -32767, 4, 5]))],
    "a haploid GT of 16 bits": [("GT", INT16, 1, values(INT16, [2, 4, 0]))],
    "one allele for everybody": [("GT", INT8, 1, values(INT8, [2, 5, 0]))],
    "a missing allele with a bar": [("GT", INT8, 2, values(INT8, [1, 1, 0, 1, 4, 1]))],
    "no FORMAT": [],
    "DP of 32 bits": [
        ("GT", INT8, 2, values(INT8, GT)),
        ("DP", INT32, 1, values(INT32, [5, -(2**31), -(2**31) + 1])),
    ],
    "several DP": [
        ("GT", INT8, 2, values(INT8, GT)),
        ("DP", INT16, 2, values(INT16, [500, 7, -32768, 8, -32767, 9])),
    ],
    "AD that ends and begins again": [
        ("GT", INT8, 2, values(INT8, GT)),
        ("AD", INT8, 3, values(INT8, [1, 2, -127, -127, 3, 4, 5, -127, 6])),
    ],
    "AD with three values": [
        ("GT", INT8, 2, values(INT8, GT)),
        ("AD", INT32, 3, values(INT32, [1, 2, 3, 1, 2, -(2**31), -(2**31), 5, -(2**31) + 1])),
    ],
    "reserved integers": [
        ("GT", INT8, 2, values(INT8, GT)),
        ("DP", INT8, 1, values(INT8, [-126, -121, -120])),
        ("PER_ALT", INT8, 2, values(INT8, [-126, 1, -127, 1, -128, -127])),
    ],
    "decimals that are none": [
        ("GT", INT8, 2, values(INT8, GT)),
        (
            "PER_ALLELE",
            FLOAT,
            2,
            values(FLOAT, [MISSING_FLOAT, FLOAT_END, 0x7FC00000, 0x7F800000, 0x3F000000, 1]),
        ),
    ],
    "texts": [
        ("GT", INT8, 2, values(INT8, GT)),
        ("WORD", TEXT, 3, b"a\0\0b,c.\0\0"),
    ],
}
GIVEN_UP: dict[str, Sequence[tuple[str, int, int, bytes]]] = {
    "three alleles": [("GT", INT8, 3, values(INT8, [2, 2, 2] * 3))],
    "an allele that the record does not have": [("GT", INT8, 2, values(INT8, [2, 6, *GT[2:]]))],
    "a GT of 32 bits": [("GT", INT32, 2, values(INT32, GT))],
    "a GT that is missing as a value": [("GT", INT8, 2, values(INT8, [-128, -127, *GT[2:]]))],
    "a GT that begins with its end": [("GT", INT8, 2, values(INT8, [-127, 2, *GT[2:]]))],
    "a negative GT": [("GT", INT8, 2, values(INT8, [2, -4, *GT[2:]]))],
    "a GT of text": [("GT", TEXT, 3, b"0/10/00/1")],
    "an empty GT": [("GT", INT8, 0, b"")],
    "DP of decimals": [
        ("GT", INT8, 2, values(INT8, GT)),
        ("DP", FLOAT, 1, values(FLOAT, [0x3F800000] * 3)),
    ],
    "DP of text": [("GT", INT8, 2, values(INT8, GT)), ("DP", TEXT, 1, b"123")],
    "an empty AD": [("GT", INT8, 2, values(INT8, GT)), ("AD", INT8, 0, b"")],
    "a text with a control character": [
        ("GT", INT8, 2, values(INT8, GT)),
        ("WORD", TEXT, 1, b"\x07ab"),
    ],
    "a text that goes on after its end": [
        ("GT", INT8, 2, values(INT8, GT)),
        ("WORD", TEXT, 3, b"a\0b...\0\0\0"),
    ],
    "a field twice": [("GT", INT8, 2, values(INT8, GT)), ("GT", INT8, 2, values(INT8, GT))],
    "values without a type": [("GT", INT8, 2, values(INT8, GT)), ("DP", 0, 1, b"")],
}


@pytest.mark.parametrize("what", [*TAKEN, *GIVEN_UP])
@pytest.mark.parametrize("alleles", [("A", "C"), ("A", "C", "G")])
def test_typed_vectors_are_read_alike_or_given_up(
    tmp_path: Path, what: str, alleles: tuple[str, ...]
) -> None:
    raw, numbers = header(tmp_path, SAMPLES)
    fields = TAKEN[what] if what in TAKEN else GIVEN_UP[what]
    if alleles[2:] and what == "an allele that the record does not have":
        fields = [("GT", INT8, 2, values(INT8, [2, 8, *GT[2:]]))]
    written = [field(numbers[name], *rest) for name, *rest in fields]
    plain = field(numbers["GT"], INT8, 2, values(INT8, GT))
    content = raw + b"".join(
        [
            record(3, 10, formats=[plain]),
            record(3, 20, alleles, formats=written),
            record(3, 30, formats=[plain]),
        ]
    )
    path = write(tmp_path, content, "calls.bcf")
    spec = spec_for(3, **EVERYTHING)
    by_columns = fast(tmp_path, path, spec)
    if what in GIVEN_UP:
        assert by_columns is None
    else:
        assert by_columns is not None
        assert not difference(by_columns, slow(tmp_path, path, spec))


SHARED_TAKEN: dict[str, dict[str, object]] = {
    "an ID of several": {"name": "rs1;rs2;"},
    "an ID that is a dot": {"name": "."},
    "a QUAL that is no number": {"qual": 0x7FC00000},
    "a QUAL without end": {"qual": 0x7F800000},
    "several filters": {"filters": [1, 0]},
    "PASS": {"filters": [0]},
    "a flag": {"info": [("FLAG", b"\0")]},
    "a flag with a value": {"info": [("FLAG", typed(INT8, [1]))]},
    "a missing decimal": {"info": [("PER_ALT", typed(FLOAT, [MISSING_FLOAT]))]},
    "a decimal that is none": {"info": [("PER_ALT", typed(FLOAT, [0x7FC00000]))]},
    "two decimals for one ALT": {"info": [("PER_ALT", typed(FLOAT, [0x3F800000] * 2))]},
    "a whole number for a decimal": {"info": [("PER_ALT", typed(INT8, [3]))]},
    "missing integers": {"info": [("PER_ALLELE", typed(INT8, [-128, 4]))]},
    "one integer of two": {"info": [("PER_ALLELE", typed(INT16, [400]))]},
    "a missing integer": {"info": [("PER_ALLELE", typed(INT32, [-(2**31)]))]},
    "a long text": {"info": [("TEXTS", text("abc,.," * 50))]},
    "a text for a number of each allele": {"info": [("PER_ALLELE", text("x"))]},
    "no values": {"info": [("PER_ALLELE", b"\0"), ("TEXTS", b"\0")]},
    "a field that is not kept": {"info": [("END", typed(INT8, [30]))]},
}
SHARED_GIVEN_UP: dict[str, dict[str, object]] = {
    "an ID that is no ASCII": {"name": "é"},
    "an ID with a control character": {"name": "a\tb"},
    "a filter that is not declared": {"filters": [77]},
    "a missing filter": {"filters": [-128]},
    "an INFO field twice": {"info": [("FLAG", b"\0"), ("FLAG", b"\0")]},
    "a vector that ends early": {"info": [("PER_ALLELE", typed(INT8, [3, -127]))]},
    "a text with a control character": {"info": [("TEXTS", text("\x07"))]},
    "a text that is empty": {"info": [("TEXTS", described(TEXT, 0))]},
    "a number for a text": {"info": [("TEXTS", typed(INT8, [3]))]},
    "the end of decimals": {"info": [("PER_ALT", typed(FLOAT, [FLOAT_END]))]},
}


@pytest.mark.parametrize("what", [*SHARED_TAKEN, *SHARED_GIVEN_UP])
def test_fixed_columns_are_read_alike_or_given_up(tmp_path: Path, what: str) -> None:
    raw, numbers = header(tmp_path, SAMPLES)
    given = dict(SHARED_TAKEN[what] if what in SHARED_TAKEN else SHARED_GIVEN_UP[what])
    if "info" in given:
        given["info"] = [(numbers[name], value) for name, value in given["info"]]  # type: ignore[attr-defined]
    gt = [field(numbers["GT"], INT8, 2, values(INT8, GT))]
    content = raw + record(3, 10, formats=gt) + record(3, 20, formats=gt, **given)  # type: ignore[arg-type]
    path = write(tmp_path, content, "calls.bcf")
    spec = spec_for(3, **EVERYTHING)
    by_columns = fast(tmp_path, path, spec)
    if what in SHARED_GIVEN_UP:
        assert by_columns is None
    else:
        assert by_columns is not None
        assert not difference(by_columns, slow(tmp_path, path, spec))


@pytest.mark.parametrize("seed", range(3))
def test_altered_bytes_are_given_up_or_read_alike(tmp_path: Path, seed: int) -> None:
    """The fast reader never takes what the reader of record refuses."""
    draw = random.Random(seed)
    rows = [row for row in ROWS if "<" not in row]
    raw = bcf(tmp_path, vcf(SAMPLES, rows), raw=True)
    begin = 9 + int.from_bytes(raw[5:9], "little")
    spec = spec_for(3, **EVERYTHING)
    taken = 0
    for _ in range(40):
        at = draw.randrange(begin, len(raw))
        value = draw.choice([0, 1, 2, 0x11, 0x7F, 0x80, 0x81, 0xFF, raw[at] ^ 1, raw[at] ^ 2])
        path = write(tmp_path, raw[:at] + bytes([value]) + raw[at + 1 :], "calls.bcf")
        by_columns = fast(tmp_path, path, spec)
        if by_columns is not None:
            taken += 1
            assert not difference(by_columns, slow(tmp_path, path, spec)), f"byte {at} is {value}"
    assert 5 < taken < 38


def test_decimals_are_cut_to_whole_numbers(tmp_path: Path) -> None:
    """Where the header declares DP, GQ and AD as decimals, as old callers did."""
    declared = vcf(SAMPLES, []).replace("Type=Integer", "Type=Float")
    raw = bcf(tmp_path, declared, raw=True)
    _, numbers = header(tmp_path, SAMPLES)
    bits = [0x42C7CCCD, 0xBF000000, MISSING_FLOAT, FLOAT_END, 0x7F800000, 0xFF800000, 0x4F000001]
    bits += [0x41200000, 0x40B00000, 0x00000001, 0x80000001]
    content = raw
    for position in range(1, 12):
        drawn = [bits[(position + place) % len(bits)] for place in range(12)]
        fields = [("DP", drawn[:3]), ("GQ", drawn[3:6]), ("AD", drawn[6:])]
        formats = [field(numbers["GT"], INT8, 2, values(INT8, GT))]
        for name, chosen in fields:
            formats.append(field(numbers[name], FLOAT, len(chosen) // 3, values(FLOAT, chosen)))
        content += record(3, position, formats=formats)
    path = write(tmp_path, content, "calls.bcf")
    spec = spec_for(3, has_adj=True, has_ad=True, has_dp=True, has_gq=True)
    by_columns = fast(tmp_path, path, spec)
    assert by_columns is not None
    assert not difference(by_columns, slow(tmp_path, path, spec))


def test_what_htslib_says_of_the_header_is_told_and_refused_under_strict(tmp_path: Path) -> None:
    declared = vcf(SAMPLES, ROWS[:3]).replace("ID=PER_GENOTYPE,Number=G", "ID=PL,Number=.")
    path = write(tmp_path, bcf(tmp_path, declared), "calls.bcf")
    part = part_of(path, spec_for(3))
    staging = tmp_path / "staging"
    staging.mkdir()
    spec = spec_for(3)
    run = CohortRun(spec, part, staging, BcfSource(spec, part.inputs[0]), CHUNK_BYTES)
    (notice,) = run.run(None).notices
    assert notice.first == "PL should be declared as Number=G"
    strict = spec_for(3, strict=True)
    run = CohortRun(strict, part, staging, BcfSource(strict, part.inputs[0]), CHUNK_BYTES)
    with pytest.raises(InputError, match="Refused by --strict"):
        run.run(None)


def test_a_cut_file_is_given_up(tmp_path: Path) -> None:
    raw = bcf(tmp_path, vcf(SAMPLES, ROWS), raw=True)
    for cut in range(1, 300, 7):
        path = write(tmp_path, raw[:-cut], "calls.bcf")
        by_columns = fast(tmp_path, path, spec_for(3))
        assert by_columns is None or not difference(by_columns, slow(tmp_path, path, spec_for(3)))


def test_contigs_in_two_places_and_records_out_of_order_are_given_up(tmp_path: Path) -> None:
    raw, numbers = header(tmp_path, SAMPLES)
    gt = [field(numbers["GT"], INT8, 2, values(INT8, GT))]
    one, two = record(3, 10, formats=gt), record(3, 20, formats=gt)
    other = one[:8] + b"\1\0\0\0" + one[12:]
    assert fast(tmp_path, write(tmp_path, raw + one + two + other, "calls.bcf"), spec_for(3))
    for records in ([two, one], [one, other, two], [other, one, other]):
        path = write(tmp_path, raw + b"".join(records), "calls.bcf")
        assert fast(tmp_path, path, spec_for(3)) is None
    both = spec_for(3, contig_names={"chr1": "chr1", "chrX": "chr1"})
    assert fast(tmp_path, write(tmp_path, raw + one + other, "calls.bcf"), both) is None
