"""A file inspected in pieces has the report of one reader, or is left to that reader."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allelake.errors import InputError
from allelake.ingest.inspection.merge_pieces import merge_pieces
from allelake.ingest.inspection.pieces import scan_piece, survey_file
from allelake.ingest.inspection.sample_columns import LONG_NUMBER, ODD, cut_lines
from allelake.ingest.inspection.survey import PieceReport
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.spec import FileReport
from unit.ingest.inspect.vcf_bytes import bgzf, head, record

SAMPLES = ("ann", "bo", "cy")


def in_pieces(
    path: Path, *, strict: bool = False, piece: int = 1 << 20, buffer: int = 1 << 16, cut: int = 1
) -> FileReport | None:
    """The report of a file's pieces, however small they are."""
    survey = survey_file(path, strict=strict, piece_bytes=piece, least_text_bytes=0)
    if survey is None:
        return None
    small = survey.for_worker()
    pieces: list[PieceReport] = []
    for one in survey.pieces:
        report = scan_piece(small, one, buffer_bytes=buffer, cut_bytes=cut)
        if report is None:
            return None
        pieces.append(report)
    return merge_pieces(survey, pieces)


def as_one(path: Path, *, strict: bool = False) -> FileReport | None:
    """The report of one reader; None: it refuses."""
    try:
        return inspect_file(path, strict=strict)
    except InputError:
        return None


# Of each column: what is usual, what is taken (some of it told of), what is refused.
Texts = tuple[list[str], list[str], list[str]]
FIELDS: dict[str, Texts] = {
    "names": (["."], ["rs1", "rs1;rs2", "rs1;", "a b", "rs\u00e9"], [""]),
    "ref": (["A"], ["AC", "ACGTACGT", "c", "N", "R"], ["", ".", "AX"]),
    "alt": (
        ["G", "T"],
        ["G,T", "*", "G,*", "<DEL>", ".", "<NON_REF>", "G,<*>", "g", "G,T,GG,GTT"],
        ["G,G", "A,c", "", "G,"],
    ),
    "qual": (["."], ["30", "1.5", "2e3", "1.e-2", ".5", "-3", "nan", "5."], ["x", "1e", ""]),
    "filters": (["PASS"], [".", "q10", "q99", "PASS;q10", "q10;q10", "0"], ["", "a,b", ";"]),
    "info": (
        [".", "DP=3", "AF=0.5"],
        [
            *("DP=3;AF=.", "AF=0.5,1e-3", "DP=3;DP=4", "DB", "DB=1", "NOTE=", "DP"),
            *("DP=", "DP=12345678901", "DP=+7", "DP=x", "DP=1.5", "AF=inf", "END=200"),
            *("OTHER=1", "DP=3;", ";DP=3", "=5", "NOTE=\u00e9", "END=9", "AF=-1"),
            *("AF=.5e+3,.", "AF=1.,2", "", "NOTE=a b"),
        ],
        ["NOTE=\x01", "a b=3"],
    ),
    "GT": (
        ["0/0", "0|1", "0/1"],
        ["1/2", "./.", ".", "1", "0/9", "0/10", "10/11", "0", "1|.", "0/1/1"],
        ["0/12345", "0/", "x", "", "/0", "0/1:3"],
    ),
    "number": (["7", "."], ["12345", "1234567890", "99999999999", "-5", "1.5", ""], ["-", "1,-"]),
    "format": (
        ["GT", "GT:DP"],
        ["GT:DP:ST", "DP", "DP:GT", ".", "GT:XX", "GT:GL"],
        ["GT:DP:DP", ""],
    ),
}


def text_of(draw: st.DrawFn, name: str, oddity: int) -> str:
    """One of the column's texts; `oddity` 0: usual ones alone, 2: all, of which few are odd."""
    usual, taken, refused = FIELDS[name]
    which = draw(st.integers(0, 39)) if oddity else 9
    if which == 0 and oddity == 2:
        return draw(st.sampled_from(refused))
    return draw(st.sampled_from(taken if which < 5 else usual))


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """Records, most of them sound."""
    found, position, contig = [], draw(st.integers(1, 300)), "chr1"
    oddity = draw(st.sampled_from([0, 1, 1, 1, 2]))
    for _ in range(draw(st.integers(0, 40))):
        if draw(st.integers(0, 15)) == 0 and contig != "chr3":
            contig, position = {"chr1": "chr2", "chr2": "chr3"}[contig], 1
        is_back = oddity == 2 and draw(st.integers(0, 30)) == 0
        position += -2 if is_back else draw(st.sampled_from([0, 1, 1, 5, 40, 40]))
        fmt = text_of(draw, "format", oddity)
        keys = ["GT" if key == "GT" else "number" for key in fmt.split(":")]
        columns = [":".join(text_of(draw, key, oddity) for key in keys) for _ in SAMPLES]
        if oddity == 2 and draw(st.integers(0, 40)) == 0:
            columns = columns[draw(st.integers(0, 2)) :] + ["0/0"] * draw(st.integers(0, 2))
        names = ("ref", "alt", "qual", "filters", "info")
        fields = {name: text_of(draw, name, oddity) for name in names}
        name = text_of(draw, "names", oddity)
        found.append(record(contig, position, name, rest=(fmt, *columns), **fields))
    return found


ENDINGS = st.sampled_from([""] * 6 + ["\n", "\n\n", " \n", "chr1\t900"])


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(records=lines(), data=st.data())
def test_pieces_of_any_text_report_what_one_reader_does_or_nothing(
    tmp_path_factory: pytest.TempPathFactory, records: list[str], data: st.DataObject
) -> None:
    text = head(SAMPLES) + "".join(records)
    if data.draw(st.integers(0, 9)) == 0:
        text = text.replace("\n", "\r\n")
    text += data.draw(ENDINGS)
    raw = text.encode()
    size = data.draw(st.sampled_from([40, 300, 65_280]))
    is_packed = data.draw(st.booleans())
    path = tmp_path_factory.mktemp("pieces") / "any.vcf"
    path.write_bytes(bgzf(raw, size) if is_packed else raw)
    strict = data.draw(st.integers(0, 5)) == 0

    expected = as_one(path, strict=strict)
    found = in_pieces(
        path,
        strict=strict,
        piece=data.draw(st.sampled_from([50, 300, 1000, 1 << 20])),
        buffer=data.draw(st.sampled_from([64, 500, 1 << 16])),
        cut=data.draw(st.sampled_from([1, 200, 1 << 24])),
    )
    if found is not None:
        assert replace(found, cuts=()) == expected
        check_cuts(found, raw)


def check_cuts(report: FileReport, text: bytes) -> None:
    """Each cut is the beginning of a record that none before it on its contig reaches."""
    body = [line for line in text.split(b"\n") if line.strip() and not line.startswith(b"#")]
    places = {}
    at = 0
    for line in text.split(b"\n"):
        places.setdefault(at, line)
        at += len(line) + 1
    contigs = {}
    for cut in report.cuts[:-1]:
        fields = places[cut.place].split(b"\t")
        assert (fields[0].decode(), int(fields[1])) == (cut.contig, cut.position)
        before = [line.split(b"\t") for line in body[: cut.records]]
        assert body[cut.records] == places[cut.place]
        ends = [int(f[1]) + len(f[3]) - 1 for f in before if f[0] == fields[0]]
        assert cut.position > max(ends, default=0)
        contigs.setdefault(cut.contig, cut.records)
    end = report.cuts[-1]
    assert (end.contig, end.position, end.records) == ("", 0, report.records)
    assert not text[end.place :].strip()
    assert text[end.place - 1 : end.place] == b"\n"
    assert list(contigs) == [span.name for span in report.spans]


ODD_FIELDS = [
    (name, text)
    for name, (_, taken, refused) in FIELDS.items()
    if name not in ("GT", "number")
    for text in (*taken, *refused)
]
ODD_COLUMNS = [
    *(("GT", text) for text in (*FIELDS["GT"][1], *FIELDS["GT"][2], "0/10000", "99999|0")),
    *(("GT:DP", f"0/1:{text}") for text in (*FIELDS["number"][1], *FIELDS["number"][2])),
    *(("GT:DP", f"{text}:3") for text in (*FIELDS["GT"][1], *FIELDS["GT"][2], "0/10000")),
    *(("GT:ST", f"0/1:{text}") for text in ("99999999999", "-", "a-,b", "\u00e9", "a\x02")),
    *(("GT", text) for text in ("0/0\t0/0", "0|0\t0", "0/0\r", "\u00b2|0", "8|9", "0:0")),
]


def check_one(tmp_path: Path, odd: str, position: int = 500) -> None:
    """Both ways agree on a file that is sound but for one line in its middle."""
    usual = [
        record("chr1", 10 * n, alt="C", info=("DP=3", ".")[n % 2], rest=("GT", "0|1", "1|1", "0|0"))
        for n in range(1, 100)
    ]
    for n, fmt in enumerate(("GT:DP", "GT:ST"), 20):
        # Formats are known before the odd line has one.
        usual[n] = record("chr1", 10 * n + 10, rest=(fmt, "0/0:1", "0/0:.", "0/1:9"))
    path = tmp_path / "odd.vcf"
    before, after = usual[: position // 10], usual[position // 10 :]
    path.write_bytes((head(SAMPLES) + "".join([*before, odd, *after])).encode())
    expected = as_one(path)
    found = in_pieces(path, cut=300)
    assert (None if found is None else replace(found, cuts=())) == expected


@pytest.mark.parametrize(("name", "text"), ODD_FIELDS)
def test_one_odd_field_is_told_or_refused_as_one_reader_does(
    tmp_path: Path, name: str, text: str
) -> None:
    columns = ("0/1", "0/0", "0/1")
    if name == "format":
        keys = ["0/1" if key == "GT" else "1" for key in text.split(":")]
        odd = record("chr1", 505, rest=(text, *[":".join(keys)] * 3))
    else:
        odd = record("chr1", 505, rest=("GT", *columns), **{name.replace("names", "name"): text})
    check_one(tmp_path, odd)


@pytest.mark.parametrize(("fmt", "column"), ODD_COLUMNS)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_odd_genotype_is_told_or_refused_as_one_reader_does(
    tmp_path: Path, fmt: str, column: str, place: int
) -> None:
    columns = ["0/1:3" if ":" in fmt else "0/1"] * 3
    columns[place] = column
    check_one(tmp_path, record("chr1", 505, rest=(fmt, *columns)))


@pytest.mark.parametrize(
    ("contig", "position"),
    [
        *(("chr1", text) for text in (499, "0505", 0, "x", "", "+505", 1_000_001, 10**9)),
        *((name, 505) for name in ("chr2", "chr1 ", "")),
    ],
)
def test_a_record_out_of_place_is_refused_as_one_reader_does(
    tmp_path: Path, contig: str, position: object
) -> None:
    check_one(tmp_path, record(contig, position, rest=("GT", "0/1", "0/0", "0/1")))


def test_a_candidate_that_an_earlier_record_reaches_across_pieces_is_no_cut(tmp_path: Path) -> None:
    long = record("chr1", 100, ref="A" * 80, alt="C", rest=("GT", "0/1", "0/0", "0/1"))
    usual = [record("chr1", n, rest=("GT", "0/1", "0/0", "0/1")) for n in range(101, 300)]
    text = (head(SAMPLES) + "".join([long, *usual])).encode()
    path = tmp_path / "long.vcf"
    path.write_bytes(text)
    found = in_pieces(path, piece=1200, buffer=100, cut=1)
    assert found is not None
    check_cuts(found, text)
    assert [cut.position for cut in found.cuts[:2]] == [100, 180]


@pytest.mark.parametrize("packed", [True, False])
def test_a_sound_file_is_reported_by_its_pieces_alone(tmp_path: Path, *, packed: bool) -> None:
    records = [
        record(
            contig, 1000 + 7 * n, f"rs{n}", info="DP=3;AF=0.25", rest=("GT", "0|1", "1|1", "0|0")
        )
        for contig in ("chr1", "chr2")
        for n in range(200)
    ]
    text = (head(SAMPLES) + "".join(records)).encode()
    path = tmp_path / "sound.vcf"
    path.write_bytes(bgzf(text, 700) if packed else text)
    found = in_pieces(path, piece=2000, cut=500)
    assert found is not None
    assert replace(found, cuts=()) == inspect_file(path)
    check_cuts(found, text)
    assert len(found.cuts) > 20


def test_a_file_of_one_sample_or_of_little_text_is_not_surveyed(tmp_path: Path) -> None:
    path = tmp_path / "one.vcf"
    path.write_text(head(("ann",)) + record(rest=("GT", "0/1")))
    assert survey_file(path, least_text_bytes=0) is None
    path.write_text(head() + record())
    assert survey_file(path) is None
    assert survey_file(path, least_text_bytes=0) is not None


@pytest.mark.parametrize("at", ["first", "middle", "last"])
def test_a_damaged_block_leaves_the_file_to_one_reader(tmp_path: Path, at: str) -> None:
    text = head(SAMPLES) + "".join(
        record(position=n, rest=("GT", *["0/0"] * 3)) for n in range(1, 400)
    )
    raw = bytearray(bgzf(text.encode(), 500))
    place = {"first": 30, "middle": len(raw) // 2, "last": len(raw) - 40}[at]
    path = tmp_path / "bad.vcf.gz"
    for bit in range(8):
        damaged = bytearray(raw)
        damaged[place] ^= 1 << bit
        path.write_bytes(damaged)
        if as_one(path) is None:
            assert in_pieces(path, piece=1500) is None


@pytest.mark.parametrize("number", ["12345", "1/1:1234567890", "1:-"])
def test_odd_numbers_are_seen_wherever_they_stand_among_words_of_eight_bytes(number: str) -> None:
    for before in range(1, 20):
        for after in range(20):
            columns = f"0/1:{'x' * before}\t{number}" + f"\t0/1:{'y' * after}" * (after > 0)
            text = f"chr1\t5\t.\tA\tC\t.\t.\t.\tGT:ST\t{columns}\n".encode()
            kinds = np.zeros(2, np.uint8)
            buffer = np.frombuffer(text + b"#" * 20, np.uint8)
            samples = columns.count("\t") + 1
            cut_lines(buffer, samples, np.zeros(3, np.int64), np.zeros(18, np.int64), kinds[:1])
            assert kinds[0] == (LONG_NUMBER if "1234567890" in number else ODD), columns


@pytest.mark.parametrize("folder", ["cohort", "malformed", "awkward", "trio"])
def test_files_of_many_callers_are_reported_alike(shared_data: Path, folder: str) -> None:
    reports = 0
    for path in sorted((shared_data / folder).rglob("*.vcf*")):
        if path.suffix in (".tbi", ".csi") or not path.is_file():
            continue
        found = in_pieces(path, piece=max(2000, path.stat().st_size), buffer=1 << 15, cut=20_000)
        if found is not None:
            reports += 1
            assert replace(found, cuts=()) == as_one(path), path
    assert reports
