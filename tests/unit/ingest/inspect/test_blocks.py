"""Reference blocks of gVCFs: counted, followed to their ends, and refused where they cannot be.

Every record is asked of as text and as BCF: the verdicts are the same.
"""

from collections.abc import Sequence
from pathlib import Path

import pysam.bcftools
import pytest

from allelake.errors import InputError
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.spec import FileReport
from unit.ingest.inspect.vcf_bytes import DECLARED, head, record, write

FIELDS = (
    '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Least depth">',
    '##FORMAT=<ID=LEN,Number=1,Type=Integer,Description="Length">',
    '##ALT=<ID=NON_REF,Description="Any other">',
)


def block(
    position: int,
    end: int | str | None = None,
    called: Sequence[str] = ("0/0",),
    alt: str = "<NON_REF>",
    form: str = "GT",
    **more: str,
) -> str:
    info = "." if end is None else f"END={end}"
    return record(position=position, alt=alt, info=info, rest=(form, *called), **more)


def text_of(records: Sequence[str]) -> str:
    samples = records[0].count("\t") - 8
    return head([f"s{n}" for n in range(samples)], lines=(*DECLARED, *FIELDS)) + "".join(records)


def as_bcf(text: Path) -> Path:
    """The same records, END as it is: the writer of pysam would put one where there is none."""
    target = text.with_suffix(".bcf")
    pysam.bcftools.view("-Ob", "-o", str(target), str(text), catch_stdout=False)
    return target


def both(folder: Path, *records: str) -> tuple[FileReport, FileReport]:
    text = write(folder, text_of(records))
    return inspect_file(text), inspect_file(as_bcf(text))


def notices(report: FileReport) -> dict[str, int]:
    return {notice.code: notice.count for notice in report.notices}


@pytest.mark.parametrize("alt", ["<NON_REF>", "<*>", "."])
@pytest.mark.parametrize("end", [None, 150])
def test_a_record_without_an_alt_of_its_own_is_a_block_where_one_sample_was_asked(
    tmp_path: Path, alt: str, end: int | None
) -> None:
    for report in both(
        tmp_path, block(100, end, alt=alt), record(position=200, rest=("GT", "0/1"))
    ):
        assert (report.records, report.blocks) == (2, 1)
        assert notices(report) == {}


@pytest.mark.parametrize("alt", ["<NON_REF>", "<*>", "."])
def test_of_several_samples_a_block_says_where_it_ends(tmp_path: Path, alt: str) -> None:
    pair = ("0/0", "0/0")
    for report in both(tmp_path, block(100, None, pair, alt), block(200, 300, pair, alt)):
        assert (report.records, report.blocks) == (2, 1)
        assert notices(report) == {"no_alt": 1}


def test_format_len_says_where_a_block_of_several_samples_ends(tmp_path: Path) -> None:
    lengths = block(100, None, ("0/0:50", "0/0:80"), "<*>", "GT:LEN")
    for report in both(tmp_path, lengths, block(180, None, ("0/0:5", ".:."), "<*>", "GT:LEN")):
        assert report.blocks == 2
        assert report.spans[0].last_base == 184
        assert notices(report) == {}
    # The second sample is in its own block till 179 and takes no part in the one at 150.
    for report in both(tmp_path, lengths, block(150, None, ("0/0:5", ".:."), "<*>", "GT:LEN")):
        assert report.blocks == 2


@pytest.mark.parametrize(
    ("blocks", "has_blocks"),
    [
        ([(100, None, "."), (100, None, "."), (101, None, ".")], False),
        ([(100, None, "."), (101, 101, ".")], True),
        ([(100, None, "."), (101, None, "<*>")], True),
        ([(100, None, "<NON_REF>")], True),
    ],
)
def test_records_that_only_lack_an_alt_make_no_gvcf_of_a_file(
    tmp_path: Path, blocks: list[tuple[int, int | None, str]], has_blocks: bool
) -> None:
    records = [block(position, end, alt=alt) for position, end, alt in blocks]
    for report in both(tmp_path, *records):
        assert (report.blocks, report.has_blocks) == (len(blocks), has_blocks)


def test_records_that_only_lack_an_alt_may_overlap_any_block(tmp_path: Path) -> None:
    """An all-sites VCF has one for a base, and one for an indel that could be there."""
    bare = block(100, alt=".", ref="ACGT")
    for report in both(tmp_path, bare, block(101, 200), block(102, alt=".", called=("./.",))):
        assert (report.blocks, report.bare_blocks) == (3, 2)
        assert notices(report) == {"no_call_block": 1}


def test_a_file_without_samples_has_no_blocks(tmp_path: Path) -> None:
    for report in both(tmp_path, record(alt=".", info="END=200", rest=())):
        assert report.blocks == 0
        assert notices(report) == {"no_alt": 1}


def test_a_span_of_records_ends_where_its_blocks_end(tmp_path: Path) -> None:
    for report in both(tmp_path, block(100, 5_000), record(position=5_001, rest=("GT", "0/1"))):
        assert report.spans[0].last_base == 5_001
    for report in both(tmp_path, block(100, 5_000), block(5_001, 9_000)):
        assert report.spans[0].last_base == 9_000


REFUSED = {
    "END before POS": ([block(100, 99)], r"at chr1:100: .* END 99, before its POS 100"),
    "END beyond the contig": ([block(100, 1_000_001)], r"ends at 1000001, beyond 1,000,000"),
    "LEN beyond the contig": (
        [block(999_990, None, ("0/0:20",), form="GT:LEN")],
        r"ends at 1000009, beyond 1,000,000",
    ),
    "LEN of no base": ([block(100, None, ("0/0:0",), form="GT:LEN")], r"LEN below 1"),
    "blocks that overlap": (
        [block(100, 200), block(200, 300)],
        r"record 2 .*chr1:200: .* one before it ends at 200.* begin at 201 or later",
    ),
    "a block within another": ([block(100, 200), block(120, 130)], "ends at 200"),
    "one base twice": ([block(100), block(100)], "ends at 100"),
    "one base twice and unlike": ([block(100), block(100, called=("1/1",))], "ends at 100"),
    "a block after two": (
        [block(100, 900), record(position=400, rest=("GT", "0/1")), block(500)],
        "900",
    ),
    "blocks of several samples": (
        [block(100, 200, ("0/0", "0/0")), block(150, 300, ("0/0", "./."))],
        "ends at 200",
    ),
    "lengths of several samples": (
        [
            block(100, None, ("0/0:50", "0/0:80"), "<*>", "GT:LEN"),
            block(170, None, ("0/0:5", "0/0:5"), "<*>", "GT:LEN"),
        ],
        "ends at 179",
    ),
}


@pytest.mark.parametrize(("records", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_a_block_that_cannot_be_is_refused_with_its_place(
    tmp_path: Path, records: list[str], told: str
) -> None:
    text = write(tmp_path, text_of(records))
    for path in (text, as_bcf(text)):
        with pytest.raises(InputError, match=told):
            inspect_file(path)


def test_an_end_that_is_no_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"END '1e5'; expected a whole number"):
        inspect_file(write(tmp_path, text_of([block(100, "1e5")])))
    assert inspect_file(write(tmp_path, text_of([block(100, ".")]))).spans[0].last_base == 100


def test_a_block_may_touch_the_next_one_and_lie_over_a_record(tmp_path: Path) -> None:
    records = [block(100, 200), block(201, 300), record(position=250, rest=("GT", "0/1"))]
    assert both(tmp_path, *records)[0].blocks == 2
    assert both(tmp_path, block(100, 200), block(100, 200, contig="chr2"))[1].blocks == 2


def test_end_wins_over_len_and_is_told(tmp_path: Path) -> None:
    records = [
        block(100, 200, ("0/0:101",), "<*>", "GT:LEN"),
        block(300, 400, ("0/0:50",), "<*>", "GT:LEN"),
    ]
    for report in both(tmp_path, *records):
        assert notices(report) == {"len_disagrees_with_end": 1}
        assert report.spans[0].last_base == 400


def test_what_the_genotypes_of_blocks_say_is_counted(tmp_path: Path) -> None:
    records = [
        block(100, 109, ("0/0:0",), form="GT:MIN_DP"),
        block(110, 119, ("0|0:0:7",), form="GT:DP:MIN_DP"),
        block(120, 129, ("0:0:.",), form="GT:DP:MIN_DP"),
        block(130, 139, ("./.:0",), form="GT:DP"),
        block(140, 149, ("0/.:9",), form="GT:DP"),
        block(150, 159, ("0/1:0",), form="GT:DP"),
        block(160, 169, ("1:0",), form="GT:DP"),
        block(170, 179, ("9",), form="DP"),
    ]
    for report in both(tmp_path, *records):
        found = notices(report)
        assert found == {
            "block_without_reads": 2,
            "no_call_block": 2,
            "block_not_reference": 2,
            "no_gt": 1,
        }
        firsts = {notice.code: notice.first for notice in report.notices}
        assert firsts["block_not_reference"] == "chr1:150"


def test_a_genotype_that_has_the_allele_of_no_name_is_told(tmp_path: Path) -> None:
    """GATK writes <NON_REF> beside every ALT; that says nothing of the genotypes."""
    called = ("0/1", "1/2", "0|3", "2", "./.")
    records = [
        record(position=100 + n, alt="C,<NON_REF>,G", rest=("GT", gt))
        for n, gt in enumerate(called)
    ]
    for report in both(tmp_path, *records):
        assert notices(report) == {"any_other_allele": 2}
        assert report.notices[0].first == "chr1:101"


def test_strict_takes_what_a_gvcf_says(tmp_path: Path) -> None:
    text = text_of(
        [block(100, 109, ("./.:0",), form="GT:DP"), block(110, 119, ("0/1:0",), form="GT:DP")]
    )
    assert inspect_file(write(tmp_path, text), strict=True).blocks == 2


def test_a_large_gvcf_is_followed_as_a_small_one_is(tmp_path: Path) -> None:
    """Thousands of lines are checked many at a time; what is told and refused is the same."""
    lines = [
        block(10 * n, 10 * n + 9, (f"0/0:{n % 3}",), form="GT:MIN_DP") for n in range(10, 3000)
    ]
    report = inspect_file(write(tmp_path, text_of(lines)))
    assert report.blocks == 2990
    assert notices(report) == {"block_without_reads": 996}
    assert report.spans[0].last_base == 30_009 - 10
    for place in (1500, 2990):
        odd = block(10 * (place + 9) + 5, 10 * (place + 10))
        with pytest.raises(InputError, match=rf"record {place + 1} .* must not overlap"):
            inspect_file(write(tmp_path, text_of([*lines[:place], odd, *lines[place:]])))
