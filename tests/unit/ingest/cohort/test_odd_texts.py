"""Records made at random of sound and unsound pieces: read fast they are the same, or left."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allelake.errors import InputError
from unit.ingest.cohort.both_ways import both, is_same
from unit.ingest.part.running import vcf

PEOPLE = ["ann", "bo", "cy", "dee"]
GENOTYPES = ["0/0", "0|0", "0/1", "1|0", "1/1", "./.", ".", "0", "1", "./1", ".|.", "1|.", "00/1"]
FURTHER = ["2/1", "0|2", "2", "0/3", "1/10"]
BROKEN = ["", "/", "0/", "/0", "0//1", "0/1/1", "a", "0\\1", "-1", "0/-1", "0 ", "0/1|", "65537/0"]
VALUES = {
    "DP": ["3", "0", ".", "-1", "007", "999999999"],
    "GQ": ["99", "0", ".", "-5"],
    "AD": ["1,2", "3,0", ".", ".,.", "1,.", "1", "1,2,3", "0,0,0,0", "-1,2"],
    "PS": ["100", ".", "-7"],
    "PER_ALT": ["1", ".", "1,2", "-3,4"],
    "PER_ALLELE": ["1.5", ".", "1e-3,2", "-.5,1.", "3,4,5"],
    "PER_GENOTYPE": ["0,1,2", ".", "1,.,-2"],
    "WORD": ["x", ".", "a,b", "PASS;q10", "é"],
}
BAD_VALUES = ["", "-", "+1", "1,", ",1", "1.5", "x", "1 2", "2147483648", "-2147483648", ".."]
SITES = [
    "A G . . .",
    "A G 30 PASS FLAG",
    "A G,T 1e2 q10 PER_ALT=1,2",
    "AT A . . TEXTS=a,b",
    "CAAG CAAT . PASS PER_ALLELE=1,2",
    "CAAG CAAT,C . PASS .",
    "A G,<NON_REF> . . .",
    "A *,G . . .",
    "A <DEL> . . END=200;SVTYPE=DEL",
    "A . . . .",
    "A * . . .",
    "a g -3 q10;PASS .",
    "A G . nope .",
    "A G . . UNKNOWN=1",
    "A G nan PASS PER_ALT=x",
]


@st.composite
def records(draw: st.DrawFn) -> list[str]:
    """Some records, most of them sound; written with blanks for tabs."""
    rng = Random(draw(st.integers(0, 2**32)))
    unsound = rng.choice([0.0, 0.0, 0.01, 0.1])
    made, position = [], rng.randint(1, 1_100)
    contig = rng.choice(["chr1", "chrX"])
    for _ in range(rng.randint(1, 12)):
        position += rng.choice([0, 1, 1, 5, 400])
        site = rng.choice(SITES if rng.random() < 0.3 else SITES[:6])
        ref, alt, *others = site.split(" ")
        keys = rng.sample(list(VALUES), rng.randint(0, 5))
        pool = GENOTYPES + (FURTHER[:3] if "," in alt else [])
        cells = []
        for _ in PEOPLE:
            genotype = rng.choice(BROKEN + FURTHER if rng.random() < unsound else pool)
            values = [
                rng.choice(BAD_VALUES if rng.random() < unsound else VALUES[key]) for key in keys
            ]
            cells.append(":".join([genotype, *values[: rng.randint(0, 9)]]))
        name = rng.choice([".", "rs1", "rs1;rs2"])
        fixed = [contig, str(position), name, ref, alt, *others]
        made.append(" ".join([*fixed, ":".join(["GT", *keys]), *cells]))
    return made


SEEN = {"same": 0, "left": 0, "refused": 0}


@settings(max_examples=150, deadline=None)
@given(
    written=records(),
    chunk_bytes=st.sampled_from([24 << 20, 600]),
    columns=st.sampled_from([(0, 1, 2, 3), (2, 0, 3, 1)]),
    rule=st.sampled_from(["refuse", "first", "most_alt"]),
)
def test_records_of_odd_pieces_have_the_same_bytes_or_are_left(
    tmp_path_factory: pytest.TempPathFactory,
    written: list[str],
    chunk_bytes: int,
    columns: tuple[int, ...],
    rule: str,
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    path = folder / "a.vcf"
    path.write_text(vcf(PEOPLE, written))
    try:
        fast, slow = both(path, folder, chunk_bytes=chunk_bytes, columns=columns, duplicates=rule)
    except InputError:
        SEEN["refused"] += 1
        return  # by the inspection, or by the plan
    SEEN["left" if fast is None else "same"] += 1

    assert is_same(fast, slow), (fast, slow)


def test_a_good_part_of_them_was_read_fast() -> None:
    assert SEEN["same"] > 30, SEEN
    assert SEEN["left"] > 5, SEEN
