"""Random valid texts, however odd: every record is kept, in every packing."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allelake.ingest.inspection.whole_file import inspect_file
from unit.ingest.inspect.vcf_bytes import bgzf, gzipped, head, record, write

BASES = st.text("ACGTN", min_size=1, max_size=6)
ALLELES = st.one_of(
    BASES,
    st.sampled_from(
        ["*", "<DEL>", "<INS:ME:ALU>", "<CN0>", "A[chr2:77[", "]<ctg>:5]AC", ".A", "T."]
    ),
)
INTEGERS = st.one_of(st.just("."), st.integers(-(10**9), 10**9).map(str))
FLOATS = st.one_of(
    st.just("."),
    st.floats(allow_nan=True).map(repr),
    st.sampled_from(["1.", ".5", "1e-3", "+3", "-2E+4", "NaN", "-inf"]),
)
TEXTS = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp"), blacklist_characters=";,="),
    min_size=1,
    max_size=9,
)
TAKEN_AS_IT_IS = {
    "block_not_reference",
    "block_without_reads",
    "crlf",
    "no_alt",
    "no_call_block",
    "no_gt",
    "no_records",
}
GENOTYPES = st.sampled_from(["0/1", ".", "./.", "1", "0|1", "./1", "0/2", "10|11"])


@st.composite
def infos(draw: st.DrawFn, alts: int) -> str:
    items = {
        "DP": draw(INTEGERS),
        "AF": ",".join(draw(FLOATS) for _ in range(alts)) or ".",
        "NOTE": draw(TEXTS),
        "DB": None,
    }
    names = draw(st.lists(st.sampled_from(list(items)), unique=True))
    return ";".join(f"{n}={items[n]}" if items[n] is not None else n for n in names) or "."


@st.composite
def records(draw: st.DrawFn, contig: str, position: int, samples: int) -> str:
    ref = draw(BASES)
    alts = draw(st.lists(ALLELES.filter(lambda alt: alt != ref), max_size=3, unique=True))
    layout = draw(st.sampled_from(["GT", "GT:DP", "GT:GL:ST", "DP", "ST:DP", "."]))
    fill = {
        "GT": GENOTYPES,
        "DP": INTEGERS,
        "GL": FLOATS,
        "ST": TEXTS.map(lambda t: t.replace(":", "")),
    }
    columns = []
    for _ in range(samples):
        values = [draw(fill[key]) or "x" for key in layout.split(":")] if layout != "." else ["."]
        columns.append(":".join(values[: draw(st.integers(1, len(values)))]))
    rest = (layout, *columns) if samples else ()
    return record(
        contig,
        position,
        draw(st.sampled_from([".", "rs1", "rs1;rs2"])),
        ref,
        ",".join(alts) or ".",
        draw(st.sampled_from([".", "0", "3.5", "1e5", "100"])),
        draw(st.sampled_from([".", "PASS", "q10"])),
        draw(infos(len(alts))),
        rest,
    )


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[int]]:
    """A whole VCF, and the number of records on each of its contigs."""
    samples = [f"s{number}" for number in range(draw(st.integers(0, 3)))]
    lines, counts = [], []
    for contig in draw(st.permutations(["chr1", "chr2"])):
        # Ten bases apart: records without ALT are reference blocks, which must not overlap.
        places = draw(st.lists(st.integers(1, 40_000), max_size=4, unique=True))
        positions = sorted(10 * place for place in places)
        lines += [draw(records(contig, position, len(samples))) for position in positions]
        counts.append(len(positions))
    return head(samples) + "".join(lines), [count for count in counts if count]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts(), st.integers(1, 400), st.booleans())
def test_no_record_of_a_valid_text_is_lost(
    made: tuple[str, list[int]], block_bytes: int, is_crlf: bool
) -> None:
    text, counts = made
    content = (text.replace("\n", "\r\n") if is_crlf else text).encode()
    members = gzipped(content[:99], content[99:])
    packings = [content, gzipped(content), bgzf(content, block_bytes), members]
    with tempfile.TemporaryDirectory() as folder:
        found = [inspect_file(write(Path(folder), packed)) for packed in packings]
    for report in found:
        assert [span.records for span in report.spans] == counts
        assert report.records == sum(counts)
        assert report.spans == found[0].spans
        assert report.notices == found[0].notices
        assert {n.code for n in report.notices} <= TAKEN_AS_IT_IS
        assert report.unreadable == ()
