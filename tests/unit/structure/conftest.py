"""A lake of three joint batches and a gVCF, and what each genotype in it was drawn to be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import allelake
from make_vcf import vcf
from structure_reading import Copies

TEXT = {0: "0/0", 1: "0/1", 2: "1/1", None: "./."}


@dataclass(frozen=True)
class DrawnLake:
    """`copies[site][person]`: None where missing; `sites`: contig and position."""

    path: Path
    sites: list[tuple[str, int]]
    copies: list[Copies]


def texts(copies: Sequence[int | None], numbers: np.random.Generator) -> list[str]:
    """Genotypes as text; some missing ones are half-calls, or have one place."""
    odd = ("./.", "./1", "0/.", ".", "1")
    return [
        str(numbers.choice(odd, p=[0.6, 0.1, 0.1, 0.1, 0.1])) if each is None else TEXT[each]
        for each in copies
    ]


def draw(numbers: np.random.Generator, people: int, af: float, missing: float) -> Copies:
    called = numbers.binomial(2, af, people).tolist()
    is_missing = numbers.random(people) < missing
    return [None if gone else int(each) for each, gone in zip(called, is_missing, strict=True)]


@pytest.fixture(scope="session")
def drawn_lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrawnLake]:
    """120 people without details, 70 with DP, 20 of whom absent records say reference, one gVCF.

    Of the first batch common sites are planes alone, of the second planes and rows; rare sites are
    rows in both. The third lacks every second site and all of chr22, the gVCF covers the first 100.
    The last person of the first batch is written with one place.
    """
    numbers = np.random.default_rng(5)
    folder = tmp_path_factory.mktemp("drawn")
    sites = [("chr1", 1_000 + 100 * n) for n in range(120)]
    sites += [("chr22", 17_000_000 + 5_000 * n) for n in range(40)]
    rows: list[list[str]] = [[], [], [], []]
    copies: list[Copies] = []
    for place, (contig, position) in enumerate(sites):
        af = numbers.choice([0.02, 0.3, 0.5, 0.9])
        missing = numbers.choice([0.0, 0.02])
        own = [draw(numbers, people, af, missing) for people in (120, 70, 20, 1)]
        own[0][-1] = None
        if place % 2:
            own[2] = [0] * 20
        if contig == "chr22":
            own[2] = [None] * 20
        if place >= 100 or own[3] == [None]:
            own[3] = [None]
        copies.append([each for batch in own for each in batch])
        head = f"{contig} {position} A G ."
        rows[0].append(f"{head} GT {' '.join(texts(own[0][:-1], numbers))} {int(af < 0.3)}")
        cells = [f"{text}:20" for text in texts(own[1], numbers)]
        rows[1].append(f"{head} GT:DP {' '.join(cells)}")
        if place % 2 == 0 and contig != "chr22":
            rows[2].append(f"{head} GT {' '.join(texts(own[2], numbers))}")
        rows[3] += _gvcf_rows(place, contig, position, own[3][0])
    lake = allelake.init(folder / "lake", "GRCh38")
    for batch, (people, absent) in enumerate(((120, None), (70, None), (20, "reference"))):
        names = [f"p{batch}_{n}" for n in range(people)]
        fields = ("GT", "DP") if batch == 1 else ("GT",)
        path = folder / f"b{batch}.vcf"
        path.write_text(vcf(names, *rows[batch], fields=fields))
        lake.ingest([path], allelake.IngestOptions(absent=absent, workers=1))  # type: ignore[arg-type]
    alone = folder / "alone.g.vcf"
    alone.write_text(vcf(["alone"], *rows[3], fields=("GT", "DP")))
    lake.ingest([alone], allelake.IngestOptions(workers=1))
    lake.close()
    yield DrawnLake(folder / "lake", sites, copies)


def _gvcf_rows(place: int, contig: str, position: int, copies: int | None) -> list[str]:
    if place >= 100 or copies is None:
        return []
    if copies == 0:
        # Some sites lie inside a block, some at an end.
        first, last = position - 3 * (place % 2), position + 2 * (place % 3)
        return [f"{contig} {first}/END={last} A <NON_REF> . GT:DP 0/0:20"]
    return [f"{contig} {position} A G,<NON_REF> . GT:DP {TEXT[copies]}:20"]
