"""BCF records, walked by their lengths: refused where a byte lies."""

import re
import struct
from pathlib import Path

import pytest

from allelake.errors import InputError
from allelake.ingest.inspection.whole_file import inspect_file
from unit.ingest.inspect.vcf_bytes import bcf, bgzf, head, record, write

TEXT = head() + "".join(
    [
        record(position=100, name="rs1", info="DP=3;AF=0.5;DB", rest=("GT:DP", "0/1:3", "./.")),
        record(position=150, ref="ACGT", alt="A,*", info="NOTE=a b", filters="q10"),
        record(position=150, alt="<DEL>", info="END=900", rest=("DP", "3", "4")),
        record("chr2", 7, alt="."),
    ]
)


def test_a_bcf_has_what_the_text_has(tmp_path: Path) -> None:
    from_text = inspect_file(write(tmp_path, TEXT))
    from_bcf = inspect_file(write(tmp_path, bcf(tmp_path, TEXT), "calls.bcf"))
    assert from_bcf.spans == from_text.spans
    assert from_bcf.records == from_text.records
    assert set(from_bcf.info_used) == set(from_text.info_used)
    assert set(from_bcf.format_used) == set(from_text.format_used)
    assert from_bcf.header.samples == from_text.header.samples
    counts = [{n.code: n.count for n in r.notices} for r in (from_bcf, from_text)]
    assert counts[0] == counts[1] == {"no_gt": 1, "no_alt": 1}


def first_record(raw: bytes) -> int:
    return 9 + int.from_bytes(raw[5:9], "little")


def changed(raw: bytes, offset: int, value: bytes) -> bytes:
    """The second record changed: its bytes from `offset` on are `value`."""
    at = first_record(raw)
    at += 8 + sum(struct.unpack_from("<II", raw, at))
    return raw[: at + offset] + value + raw[at + offset + len(value) :]


@pytest.mark.parametrize(
    ("offset", "value", "told"),
    [
        (0, struct.pack("<I", 3), "its length cannot be true"),
        (4, struct.pack("<I", 2**31), "its length cannot be true"),
        (4, struct.pack("<I", 2**29), "the file ends inside the record"),
        (8, struct.pack("<i", 77), "contig number 77 is not in the header"),
        (12, struct.pack("<i", 98), "POS 99 comes after 100"),
        (12, struct.pack("<i", 2_000_000), "lies beyond 1,000,000"),
        (24, struct.pack("<H", 9), "damaged"),
        (26, struct.pack("<H", 9), "damaged"),
        (28, b"\x03\x00\x00", "it has 3 samples, and the header has 2"),
        (31, b"\x07", "damaged"),
        (32, b"\xf7", "damaged"),
    ],
)
def test_a_damaged_record_is_refused(tmp_path: Path, offset: int, value: bytes, told: str) -> None:
    raw = bcf(tmp_path, TEXT, raw=True)
    with pytest.raises(InputError, match=told):
        inspect_file(write(tmp_path, bgzf(changed(raw, offset, value)), "calls.bcf"))


def test_no_changed_byte_is_a_traceback(tmp_path: Path) -> None:
    """Checksums see damage in transit; what was written wrongly may only ever be refused."""
    raw = bcf(tmp_path, TEXT, raw=True)
    for at in range(first_record(raw), len(raw)):
        for value in (0, 0x17, 0xFF):
            content = raw[:at] + bytes([value]) + raw[at + 1 :]
            try:
                report = inspect_file(write(tmp_path, content, "calls.bcf"))
            except InputError as refusal:
                assert "calls.bcf" in str(refusal)
            else:
                assert report.records == 4


def test_a_cut_header_is_refused(tmp_path: Path) -> None:
    raw = bcf(tmp_path, TEXT, raw=True)
    for at in (5, 8, 9, 60, first_record(raw) - 1):
        with pytest.raises(InputError, match=r"was cut"):
            inspect_file(write(tmp_path, raw[:at]))


def test_contigs_and_fields_are_found_by_their_own_numbers(tmp_path: Path) -> None:
    """Headers that bcftools has edited number their lines with IDX=, with gaps."""
    text = TEXT.replace("##contig=<ID=chr1,length=1000000>\n", "##contig=<ID=chr3,length=9>\n", 1)
    text = text.replace("##contig=<ID=chr2", "##contig=<ID=chr1,length=1000000>\n##contig=<ID=chr2")
    report = inspect_file(write(tmp_path, bcf(tmp_path, text)))
    assert [span.name for span in report.spans] == ["chr1", "chr2"]


def test_an_allele_number_beyond_16_bits_is_refused(tmp_path: Path) -> None:
    """cyvcf2 would give 65,537 as 1; htslib stores such a GT in 32 bits."""
    text = head() + record(rest=("GT", "0/65537", "0/0"))
    with pytest.raises(InputError, match="an allele number beyond 16 bits"):
        inspect_file(write(tmp_path, bcf(tmp_path, text), "calls.bcf"))


def test_fields_are_numbered_by_their_lines_where_no_idx_is_given(tmp_path: Path) -> None:
    """Lines of other kinds (##ALT) have no number, and PASS has 0 whether declared or not."""
    text = TEXT.replace("##FILTER", '##ALT=<ID=DEL,Description="Deletion">\n##FILTER', 1)
    raw = bcf(tmp_path, text, raw=True)
    at = first_record(raw)
    lines = re.sub(rb",IDX=\d+", b"", raw[9:at])
    bare = raw[:5] + struct.pack("<I", len(lines)) + lines + raw[at:]
    with_idx, without = (inspect_file(write(tmp_path, one)) for one in (raw, bare))
    assert b"IDX" in raw and b"IDX" not in bare
    assert without.spans == with_idx.spans
    assert without.info_used == with_idx.info_used == ("DP", "AF", "DB", "NOTE", "END")
    assert without.format_used == with_idx.format_used
