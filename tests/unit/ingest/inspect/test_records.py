"""Each record of a VCF text: refused with the place and the way out, or taken and counted."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from allelake.errors import InputError
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.spec import ContigSpan, FileReport
from unit.ingest.inspect.vcf_bytes import head, record, write

GOOD = record(position=50)


def inspect(folder: Path, *records: str, samples: Sequence[str] = ("ann", "bo")) -> FileReport:
    return inspect_file(write(folder, head(samples) + "".join(records)))


REFUSED = {
    # column: (record, what the message says)
    "a column too many": (record()[:-1] + "\t0/0\n", "12 columns; .* 2 samples, asks for 11"),
    "a column too few": (record(rest=("GT", "0/1")), "10 columns"),
    "a tab at the end": (record()[:-1] + "\t\n", "12 columns"),
    "no sample columns": (record(rest=()), "8 columns"),
    "spaces for tabs": (record().replace("\t", " "), "no tabs"),
    "a header line among records": ("##fileformat=VCFv4.2\n", "a header line among the records"),
    "CHROM with a blank": (record("chr 1"), "CHROM is 'chr 1'"),
    "CHROM with a comma": (record("chr,1"), "CHROM is 'chr,1'"),
    "CHROM empty": (record(""), "CHROM is ''"),
    "POS no number": (record(position="12a"), "POS is '12a'"),
    "POS empty": (record(position=""), "POS is ''"),
    "POS signed": (record(position="+100"), r"POS is '\+100'"),
    "POS negative": (record(position="-5"), "POS is '-5'"),
    "POS a decimal": (record(position="1.5"), "POS is '1.5'"),
    "POS beyond the contig": (record(position=1_000_001), "POS 1000001 lies beyond 1,000,000"),
    "REF reaches beyond the contig": (
        record(position=999_999, ref="ACG"),
        "REF, which ends at 1000001, lies beyond",
    ),
    "POS of more digits than fit": (record("new", 2**31), "lies beyond 2,147,483,647"),
    "POS before the last one": (record(position=49), "POS 49 comes after 50"),
    "REF empty": (record(ref=""), "REF is empty"),
    "REF missing": (record(ref="."), "REF is empty"),
    "REF a list": (record(ref="A,C"), "REF is 'A,C'"),
    "REF symbolic": (record(ref="<DEL>"), "REF is '<DEL>'"),
    "REF no base": (record(ref="AXG"), "REF is 'AXG'"),
    "ALT empty": (record(alt=""), "an ALT is empty"),
    "ALT ends in a comma": (record(alt="C,"), "an ALT is empty"),
    "ALT with a missing one": (record(alt="C,."), "an ALT is empty"),
    "ALT a half symbol": (record(alt="<DEL"), "an ALT is '<DEL'"),
    "ALT a symbol and more": (record(alt="<DEL>A"), "an ALT is '<DEL>A'"),
    "ALT no allele": (record(alt="C;G"), "an ALT is 'C;G'"),
    "ALT an old insertion": (record(alt="I3"), "an ALT is 'I3'"),
    "ALT is REF": (record(ref="AC", alt="G,ac"), "same as REF"),
    "ALT twice": (record(alt="G,T,g"), "'G' more than once"),
    "ALT a broken breakend": (record(alt="A[chr1:5]"), "an ALT is 'A.chr1:5.'"),
    "QUAL empty": (record(qual=""), "QUAL is ''"),
    "QUAL a word": (record(qual="high"), "QUAL is 'high'"),
    "QUAL negative and more": (record(qual="-5x"), "QUAL is '-5x'"),
    "QUAL hexadecimal": (record(qual="0x1F"), "QUAL is '0x1F'"),
    "QUAL with an underscore": (record(qual="1_0"), "QUAL is '1_0'"),
    "FILTER empty": (record(filters=""), "FILTER is ''"),
    "FILTER with commas": (record(filters="q10,s50"), "FILTER is 'q10,s50'"),
    "FILTER ends in a semicolon": (record(filters="q10;"), "FILTER is 'q10;'"),
    "FILTER missing and failed": (record(filters=".;q10"), r"FILTER is '\.;q10'"),
    "ID with a control character": (record(name="rs1\x07"), "ID is"),
    "INFO with a control character": (record(info="NOTE=a\x01b"), "INFO has control characters"),
    "INFO key with a blank": (record(info="A B=3"), "INFO has the key 'A B'"),
    "FORMAT with an empty key": (record(rest=("GT:", "0/1", "0/0")), "FORMAT is 'GT:'"),
    "FORMAT with a key twice": (record(rest=("GT:DP:GT", "0/1", "0/0")), "FORMAT lists GT twice"),
    "FORMAT with a blank": (record(rest=("GT:D P", "0/1", "0/0")), "FORMAT is 'GT:D P'"),
    "GT with a letter": (record(rest=("GT", "0/A", "0/0")), "the GT of sample 1 is not allele n"),
    "GT with a sign": (record(rest=("GT", "0/0", "+1/0")), "the GT of sample 2 is not allele n"),
    "GT with an empty allele": (record(rest=("GT", "0//1", "0/0")), "is not allele numbers"),
    "GT of VCF 4.4": (record(rest=("GT", "/0/1", "0/0")), "begins with / or ., which VCF 4.4"),
    "GT with more": (record(rest=("GT", "0/1:3", "0/0")), "sample 1 has 2 values; FORMAT names 1"),
    "GT beyond 16 bits": (record(rest=("GT", "0", "65537/0")), "5 digits"),
    "GT beyond 16 bits, among others": (record(rest=("GT:DP", "0/65537:3", "0/0:4")), "5 digits"),
    "GT beyond 16 bits, first": (record(rest=("GT:DP", "65537:3", "0/0:4")), "5 digits"),
    "a lone minus": (record(rest=("GT:DP", "0/1:-", "0/0:3")), "'-' for a number"),
    "a NUL": (record(info="NOTE=a\0b"), "line 16 has a NUL byte"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_record_is_refused_by_its_place(tmp_path: Path, name: str) -> None:
    bad, told = REFUSED[name]
    with pytest.raises(InputError, match=told) as refusal:
        inspect(tmp_path, GOOD, bad)
    message = str(refusal.value)
    assert message.startswith(f"{tmp_path / 'calls.vcf'}: ")
    assert "line 16" in message
    assert "0/1" not in message


def test_a_refusal_names_record_line_and_position(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"record 2 \(line 16\) at chr1:100: REF is empty"):
        inspect(tmp_path, GOOD, record(ref=""))


TAKEN = {
    # code: (records, count, first place)
    "contig_not_declared": ([record("chr9"), record("chr9", 300)], 2, "chr9:100"),
    "info_not_declared": ([record(info="NEW=3;DP=2")], 1, "chr1:100"),
    "format_not_declared": ([record(rest=("GT:NEW", "0/1:3", "0/0:x"))], 1, "chr1:100"),
    "filter_not_declared": ([record(filters="q10;strange")], 1, "chr1:100"),
    "filter_pass_and_failed": ([record(filters="PASS;q10")], 1, "chr1:100"),
    "filter_twice": ([record(filters="q10;q10")], 1, "chr1:100"),
    "lower_case_bases": ([record(ref="a", alt="C,t")], 1, "chr1:100"),
    "iupac_bases": ([record(ref="M")], 1, "chr1:100"),
    "qual_negative": ([record(qual="-1.2e-12")], 1, "chr1:100"),
    "qual_no_number": ([record(qual="nan"), record(position=200, qual="-Inf")], 2, "chr1:100"),
    "id_empty": ([record(name="")], 1, "chr1:100"),
    "id_empty_item": ([record(name=";rs1")], 1, "chr1:100"),
    "id_has_spaces": ([record(name="rs1 rs2")], 1, "chr1:100"),
    "info_empty": ([record(info="")], 1, "chr1:100"),
    "info_empty_item": ([record(info="DP=3;;DB;")], 1, "chr1:100"),
    "info_without_value": ([record(info="DP")], 1, "chr1:100"),
    "info_value_empty": ([record(info="DP=")], 1, "chr1:100"),
    "info_value_count": ([record(alt="C,G", info="AF=0.5")], 1, "chr1:100"),
    "gt_not_first": ([record(rest=("DP:GT", "3:0/1", "4:0/0"))], 1, "chr1:100"),
    "end_before_position": ([record(alt="<DEL>", info="END=90")], 1, "chr1:100"),
    "crlf": ([record().replace("\n", "\r\n")], 1, "the records"),
    "blank_last_lines": ([record(), "\n", "\n", "  \n"], 3, None),
}
FACTS = {
    "no_alt": ([record(alt="."), record(position=101, alt=".")], 2, "chr1:100"),
    "any_other_allele": (
        [
            record(alt="C,<NON_REF>", rest=("GT", "0/1", "1|2")),
            record(position=110, alt="C,<NON_REF>", rest=("GT", "0/1", "./1")),
            record(position=120, alt="<*>,G,T", rest=("GT:DP", "1:2", "0/2:1")),
            record(position=130, alt="<*>,G,T", rest=("GT:DP", "0/3:1", "2:1")),
        ],
        2,
        "chr1:100",
    ),
    "no_gt": ([record(rest=("DP", "3", "4")), record(position=101, rest=(".", ".", "."))], 2, None),
    "no_records": ([], 1, None),
}


@pytest.mark.parametrize("code", [*TAKEN, *FACTS])
def test_an_odd_record_is_taken_and_counted(tmp_path: Path, code: str) -> None:
    records, count, first = (TAKEN | FACTS)[code]
    report = inspect(tmp_path, *records)
    found = [notice for notice in report.notices if notice.code == code]
    assert sum(notice.count for notice in found) == count
    assert first is None or found[0].first == first
    assert report.records == sum(bool(line.strip()) for line in records)


@pytest.mark.parametrize("code", TAKEN)
def test_strict_refuses_what_is_taken_with_a_warning(tmp_path: Path, code: str) -> None:
    path = write(tmp_path, head() + "".join(TAKEN[code][0]))
    with pytest.raises(InputError, match=r"Without --strict this is taken and counted"):
        inspect_file(path, strict=True)


@pytest.mark.parametrize("code", FACTS)
def test_strict_takes_what_is_no_fault(tmp_path: Path, code: str) -> None:
    path = write(tmp_path, head() + "".join(FACTS[code][0]))
    assert code in {notice.code for notice in inspect_file(path, strict=True).notices}


def test_what_is_usual_gives_no_notice(tmp_path: Path) -> None:
    report = inspect(
        tmp_path,
        record(ref="ACGTN", alt="A,*,ACGTT,ACGTNN", info="DP=3;AF=0.1,.,1e-3,nan;DB;NOTE=a,b c"),
        record(position=101, qual="29.5", filters="q10", rest=("GT:DP:GL", "0/1:3:-1,-2", "./.")),
        record(position=101, qual="1E3", filters=".", info="DP=.;AF=.", name="rs1;rs2"),
        record(position=102, alt="<DEL>", info="END=500", rest=("GT:ST", "1|1:-", ".:+")),
        record(position=103, alt="A[chr2:44[,]<ctg>:7]A,.A,AC.,<CNV:TR>", qual="."),
        record("chr2", 500_000, ref="A"),
    )
    assert report.notices == ()
    assert report.unreadable == ()
    assert report.info_used == ("DP", "AF", "DB", "NOTE", "END")
    assert report.format_used == ("GT", "DP", "GL", "ST")


def test_a_value_per_alt_has_no_place_without_alt(tmp_path: Path) -> None:
    assert {n.code for n in inspect(tmp_path, record(alt=".", info="AF=.")).notices} == {"no_alt"}
    codes = {n.code for n in inspect(tmp_path, record(alt=".", info="AF=0.5")).notices}
    assert codes == {"no_alt", "info_value_count"}


def test_a_wrong_number_of_columns_is_placed_if_the_contig_is_known(tmp_path: Path) -> None:
    """The first column of a garbled line may be anything, a genotype too."""
    for contig, place in (("chr2", r"\(line 16\) at chr2:7:"), ("0|1", r"\(line 16\): 9 col")):
        with pytest.raises(InputError, match=place) as refusal:
            inspect(tmp_path, GOOD, record(contig, 7, rest=("GT",)))
        assert "0|1" not in str(refusal.value)


def test_a_last_line_without_samples_is_whole_if_info_is_missing(tmp_path: Path) -> None:
    text = head(()) + record(rest=())[:-1]
    (notice,) = inspect_file(write(tmp_path, text)).notices
    assert notice.code == "no_last_newline"
    for ending in ("\tDB", "", "\t"):
        with pytest.raises(InputError):
            inspect_file(write(tmp_path, text.removesuffix("\t.") + ending))


def test_spans_reach_to_the_last_base_of_the_longest_ref(tmp_path: Path) -> None:
    report = inspect(
        tmp_path,
        record(position=10, ref="A" * 500, alt="A"),
        record(position=20),
        record("chr2", 7),
    )
    assert report.spans == (ContigSpan("chr1", 2, 10, 20, 509), ContigSpan("chr2", 1, 7, 7, 7))


def test_no_position_may_be_beyond_32_bits_whatever_the_header_says(tmp_path: Path) -> None:
    text = head(lines=("##contig=<ID=wheat,length=3000000000>",)) + record("wheat", 2**31)
    with pytest.raises(InputError, match="beyond 2,147,483,647, the last one there can be"):
        inspect_file(write(tmp_path, text))


def test_a_contig_that_begins_again_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"contig chr1 begins again after chr2"):
        inspect(tmp_path, GOOD, record("chr2"), record())


def test_a_blank_line_between_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a blank line stands before it"):
        inspect(tmp_path, GOOD, "\n", record())


def test_a_call_set_of_several_may_keep_a_record_whose_alts_are_gone(tmp_path: Path) -> None:
    report = inspect(tmp_path, GOOD, record(alt="<*>"))
    assert report.records == 2
    assert [notice.code for notice in report.notices] == ["no_alt"]


def test_a_file_without_samples_has_eight_columns(tmp_path: Path) -> None:
    assert inspect(tmp_path, record(rest=()), samples=()).records == 1
    with pytest.raises(InputError, match=r"9 columns; the header, with no samples, asks for 8"):
        inspect(tmp_path, record(rest=("GT",)), samples=())


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    content = (head() + record(info="NOTE=caf\xe9")).encode("latin-1")
    with pytest.raises(InputError, match=r"line 15 is not UTF-8"):
        inspect_file(write(tmp_path, content))
    assert inspect(tmp_path, record(info="NOTE=café")).notices == ()


@pytest.mark.parametrize(
    ("info", "is_other_type"),
    [
        ("DP=3.5", True),
        ("DP=abc", False),
        ("DP=3x", False),
        ("DP=3 4", False),
        ("AF=0.5x", False),
        ("AF==1", False),
        ("DB=no", True),
        ("DB=1", True),
        ("DP=3;DP=4", True),
    ],
)
def test_a_value_that_htslib_would_misread_is_told(
    tmp_path: Path, info: str, is_other_type: bool
) -> None:
    """htslib reads 3.5 as 3, 3x as 3 and abc as missing, all without a word."""
    report = inspect(tmp_path, GOOD, record(info=info), record(position=101, info=info))
    (found,) = report.unreadable
    assert (found.id, found.count, found.first) == (info[:2], 2, "chr1:100")
    assert found.is_other_type is is_other_type


def test_a_minus_in_a_text_field_is_no_number(tmp_path: Path) -> None:
    assert inspect(tmp_path, record(rest=("GT:ST:DP", "0/1:-:3", "0/0:-:4"))).notices == ()


def test_another_number_of_records_than_expected_shows_both(tmp_path: Path) -> None:
    path = write(tmp_path, head() + record())
    assert inspect_file(path, expect_records=1).records == 1
    with pytest.raises(InputError, match=r"1 records; --expect-records says 2"):
        inspect_file(path, expect_records=2)


@pytest.mark.parametrize(
    ("layout", "last", "is_whole"),
    [
        ("GT", "0/1", True),
        ("GT", "./.", True),
        ("GT", "0", False),
        ("GT", "0/", False),
        ("GT:DP", "0/1:.", True),
        ("GT:DP", "0/1:3", False),
        ("GT:DP", "0/1", False),
        ("GT:GL", "0/1:.", False),
    ],
)
def test_a_last_line_without_newline_is_taken_if_nothing_can_be_lost(
    tmp_path: Path, layout: str, last: str, is_whole: bool
) -> None:
    text = head() + record(rest=(layout, "0/1", last))[:-1]
    path = write(tmp_path, text)
    if is_whole:
        (notice,) = inspect_file(path).notices
        assert notice.code == "no_last_newline"
    else:
        with pytest.raises(InputError, match=r"no newline at its end"):
            inspect_file(path)


def test_a_line_is_whole_wherever_chunks_end(tmp_path: Path) -> None:
    """Lines longer than a chunk, and chunks of one byte: the packing has no say."""
    samples = [f"s{number}" for number in range(400_000)]
    values = ("GT", *(["0/1"] * len(samples)))
    text = head(samples) + record(rest=values) + record(position=200, rest=values)
    report = inspect_file(write(tmp_path, text))
    assert (report.records, len(report.header.samples)) == (2, 400_000)


RANGES = [
    ("DP=2147483647", "5", []),
    ("DP=-2147483640", "-2147483640", []),
    ("DP=00000000000000000012", "000000000000007", []),
    ("DP=2147483648", "5", [("INFO DP with an integer beyond 32 bits: missing", 1)]),
    ("DP=-2147483641", "5", [("INFO DP with an integer beyond 32 bits: missing", 1)]),
    (".", "99999999999", [("FORMAT with integers beyond 32 bits: missing", 2)]),
    ("NOTE=99999999999", ".", []),
]


@pytest.mark.parametrize("info, depth, told", RANGES)
def test_integers_beyond_32_bits_are_counted_in_every_file(
    tmp_path: Path, info: str, depth: str, told: list[tuple[str, int]]
) -> None:
    """htslib warns of the first one in a process alone."""
    one = record(info=info, rest=("GT:DP:ST", f"0/1:{depth}:9999999999", f"0/0:{depth}:x"))
    for _ in range(2):
        notices = inspect(tmp_path, one, one).notices
        assert [(n.message, n.count) for n in notices] == [(m, 2 * count) for m, count in told]
        assert {n.code for n in notices} <= {"number_out_of_range"}
    if told:
        with pytest.raises(InputError, match="beyond 32 bits"):
            inspect_file(tmp_path / "calls.vcf", strict=True)
