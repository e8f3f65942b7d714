"""What a header declares, and what is wrong with it."""

from pathlib import Path

import pytest

from allelake.errors import InputError
from allelake.ingest.inspection.header import read_header
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.spec import Field, Header
from unit.ingest.inspect.vcf_bytes import COLUMNS, bcf, bgzf, head, record, write

LINES = (
    '##FILTER=<ID=PASS,Description="All filters passed">',
    '##FILTER=<ID=q10,Description="Quality below 10, or \\"low\\"">',
    "##contig=<ID=chr1,length=1000,assembly=hg38>",
    "##contig=<ID=HLA-A*01:01:01:01>",
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="a, b > c">',
    "##INFO=<ID=X,Number=.,Type=String>",
    '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="",Source="x",Version="3">',
    "##source=HaplotypeCaller",
    "##GATKCommandLine=<ID=HaplotypeCaller,CommandLine=\"a 'b' c\">",
    "##reference=file:///refs/GRCh38.fa",
    "##bcftools_viewCommand=view -r chr1",
)


def header_of(folder: Path, *lines: str) -> Header:
    return read_header(write(folder, head(("ann",), lines)))


def test_a_header_is_read_without_its_records(tmp_path: Path) -> None:
    text = head(("ann", "bo"), LINES)
    for content in (text.encode(), bgzf(text.encode(), 50), bcf(tmp_path, text)):
        header = read_header(write(tmp_path, content))
        assert (header.version, header.samples) == ("4.3", ("ann", "bo"))
        assert header.contigs == {"chr1": 1000, "HLA-A*01:01:01:01": None}
        assert header.info["DP"] == Field("DP", "1", "Integer", "a, b > c")
        assert header.format["PL"].number == "G"
        assert header.filters == ("PASS", "q10")
        assert header.assembly_hint in ("hg38", "file:///refs/GRCh38.fa")
        assert header.sources[0] == "source=HaplotypeCaller"
        assert not any("bcftools" in source for source in header.sources)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (COLUMNS.replace("POS", "POSITION"), "column 2 of the #CHROM line is 'POSITION'"),
        (COLUMNS.replace("\t", " "), "spaces between its columns"),
        (COLUMNS[:-5], "has 7 columns; expected at least 8"),
        (COLUMNS + "\t", "column 9 of the #CHROM line is ''"),
        (COLUMNS + "\tann", "column 9 of the #CHROM line is 'ann'"),
        (COLUMNS + "\tFORMAT", "a FORMAT column and no samples"),
        (COLUMNS + "\tFORMAT\tann\t", "sample 2 of 2 has no name"),
        (COLUMNS + "\tFORMAT\tann\tbo\tann", "2 samples are named 'ann'"),
        (COLUMNS + "\tFORMAT\tann\tANN", "'ann' and 'ANN' differ by case alone"),
        (COLUMNS + "\tFORMAT\tan\x1bn", r"'an\\x1bn' has control characters"),
        (COLUMNS + "\tFORMAT\tann ", "begins or ends in a space"),
    ],
)
def test_a_bad_column_line_is_refused(tmp_path: Path, columns: str, told: str) -> None:
    path = write(tmp_path, "##fileformat=VCFv4.2\n" + columns + "\n")
    with pytest.raises(InputError, match=told):
        read_header(path)


def test_a_name_may_be_odd_but_printable(tmp_path: Path) -> None:
    names = ("a/b", 'q"q', "it's", "NA::1", "x y", "ü", ".", "=1+1")
    assert read_header(write(tmp_path, head(names))).samples == names


@pytest.mark.parametrize(
    ("version", "told"),
    [("VCFv3.3", "VCFv3.3"), ("VCF v4.2", "VCF v4.2"), ("VCFv4", "expected ##fileformat=VCFv4.0")],
)
def test_another_version_is_refused(tmp_path: Path, version: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_header(write(tmp_path, head(version=version)))


def test_a_later_version_is_told(tmp_path: Path) -> None:
    report = inspect_file(write(tmp_path, head(version="VCFv4.9") + record()))
    assert [notice.code for notice in report.notices] == ["version_unknown"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("##Just a remark", "header_line_unreadable"),
        ("", "header_blank_line"),
        ('##INFO=<Number=1,Type=Integer,Description="no ID">', "declaration_unreadable"),
        ("##INFO=DP", "declaration_unreadable"),
        ('##INFO=<ID=NEW,Number=1,Type=Int,Description="x">', "declaration_unreadable"),
        ('##INFO=<ID=NEW,Number=few,Type=Integer,Description="x">', "declaration_unreadable"),
        ('##INFO=<ID=NEW,Number=1,Type=Integer,Description="x" and more', "declaration_irregular"),
        ('##INFO=<ID=NEW,Number=1,Type=Flag,Description="x">', "flag_with_number"),
        ("##contig=<ID=chr7,length=long>", "contig_length_unreadable"),
        ("##contig=<ID=chr1>", "declared_twice"),
        ('##FORMAT=<ID=DP,Number=1,Type=Integer,Description="again">', "declared_twice"),
        ('##note=<ID=caf\xe9,Description="Latin-1">', "header_not_utf8"),
    ],
)
def test_an_odd_header_line_is_taken_and_told(tmp_path: Path, line: str, code: str) -> None:
    lines = ["##contig=<ID=chr1,length=1000>", "##FORMAT=<ID=DP,Number=1,Type=Integer>", line]
    content = (head(("ann",), lines) + record(rest=("DP", "3"))).encode("latin-1")
    path = write(tmp_path, content)
    report = inspect_file(path)
    assert code in {notice.code for notice in report.notices}
    assert report.header.contigs["chr1"] == 1000
    with pytest.raises(InputError, match=r"--strict"):
        inspect_file(path, strict=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("##INFO=<ID=X,Number=1,Type=Integer>", "##INFO=<ID=X,Number=1,Type=Float>"),
        ("##FORMAT=<ID=X,Number=1,Type=Float>", "##FORMAT=<ID=X,Number=R,Type=Float>"),
        ("##contig=<ID=X,length=5>", "##contig=<ID=X,length=6>"),
    ],
)
def test_contradicting_lines_are_refused_and_both_shown(
    tmp_path: Path, one: str, other: str
) -> None:
    with pytest.raises(InputError) as refusal:
        header_of(tmp_path, one, other)
    assert one in str(refusal.value) and other in str(refusal.value)


def test_a_length_on_one_of_two_contig_lines_is_no_contradiction(tmp_path: Path) -> None:
    for lines in (("##contig=<ID=X>", "##contig=<ID=X,length=6>"),) * 2:
        assert header_of(tmp_path, *lines).contigs == {"X": 6}
        assert header_of(tmp_path, *reversed(lines)).contigs == {"X": 6}


@pytest.mark.parametrize("key", ["INFO", "FORMAT", "contig", "FILTER"])
def test_a_name_with_control_characters_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(InputError, match=r"control characters"):
        header_of(tmp_path, f"##{key}=<ID=a\tb,Number=1,Type=Integer>")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("##fileformat=VCFv4.2\nchr1\t1\t.\tA\tC\t.\t.\t.\n", "the records begin before any"),
        ("##fileformat=VCFv4.2\n#chrom\tpos\n", "a line begins with one #"),
        ("##fileformat=VCFv4.2\n##x=y\n", "no #CHROM line: the file ends after 27 bytes"),
        ("##fileformat=VCFv4.2\n" + record() + head(), "line 2 is neither a ## line nor"),
        ("##fileformat=VCFv4.2\n" + COLUMNS, "no newline at its end"),
    ],
)
def test_a_header_that_does_not_end_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        inspect_file(write(tmp_path, text))


def test_a_header_without_newline_is_whole_in_gzip(tmp_path: Path) -> None:
    """The checksum says that nothing follows the last sample's name."""
    report = inspect_file(write(tmp_path, bgzf(head()[:-1].encode())))
    assert report.header.samples == ("ann", "bo")
    assert {notice.code for notice in report.notices} == {"no_last_newline", "no_records"}


def test_no_sample_is_named_in_a_report_about_records(tmp_path: Path) -> None:
    path = write(tmp_path, head(("SECRET1", "SECRET2")) + record(rest=("GT", "0/1", "0/x")))
    with pytest.raises(InputError) as refusal:
        inspect_file(path)
    assert "SECRET" not in str(refusal.value)
    assert "0/x" not in str(refusal.value)
