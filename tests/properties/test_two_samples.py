"""A participant with two samples counts once: by the preferred one, else by the lowest number."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import allelake
import reference as ref
from lakes import asking, write_texts
from make_vcf import vcf
from reference import Batch, Lake
from reference_per_sample import PerSampleBatch

FIELDS = ("GT", "GQ", "DP", "AD", "MIN_DP")
JOINT = vcf(["j", "k"], "chr1 100 A G . GT 0/1 0/0")
GVCF = vcf(
    ["g"],
    "chr1 90/END=110 A <NON_REF> . GT:GQ:DP:MIN_DP 0/0:30:20:18",
    "chr1 200 C T,<NON_REF> . GT:GQ:DP:AD 1/1:60:30:0,30,0",
    fields=FIELDS,
)
PEOPLE = {"j": "person", "g": "person", "k": "k"}


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[allelake.Lake]:
    """Sample 0 is j, 1 is k, 2 is g; j and g are of one participant."""
    made = allelake.init(tmp_path / "lake")
    for path in write_texts(tmp_path, [JOINT, GVCF], "file"):
        made.ingest([path], allelake.IngestOptions(workers=1))
    yield made
    made.close()


def imported(lake: allelake.Lake, folder: Path, preferred: dict[str, str]) -> None:
    rows = [f"{n}\t{person}\t{preferred.get(n, '')}\n" for n, person in PEOPLE.items()]
    sheet = folder / "people.tsv"
    sheet.write_text("sample_id\tparticipant_id\tpreferred\n" + "".join(rows))
    lake.import_samples(sheet)


def reference_of(preferred: frozenset[str]) -> Lake:
    batches = (Batch((JOINT,)), PerSampleBatch((GVCF,)))
    return Lake(batches, participants=PEOPLE, preferred=preferred)


def found(lake: allelake.Lake, cohort: str = "all") -> dict[int, tuple[object, ...]]:
    rows = asking(lake)(f"FROM allele_frequency('{cohort}')")
    return {int(str(r["position"])): (r["ac"], r["an"], r["unknown_samples"]) for r in rows}


def expected(lake: Lake, picked: tuple[str, ...]) -> dict[int, tuple[object, ...]]:
    rows = ref.allele_frequency(lake, lake.counted_once(picked))
    return {v.position: (r.ac, r.an, r.unknown_samples) for v, r in rows.items()}


@pytest.mark.parametrize(
    ("preferred", "counts"),
    [
        ({}, {100: (1, 4, 0), 200: (0, 0, 2)}),  # j and k
        ({"g": "true", "j": "false"}, {100: (0, 4, 0), 200: (2, 2, 1)}),  # g and k
        ({"g": "true", "j": "true"}, {100: (1, 4, 0), 200: (0, 0, 2)}),
        ({"j": "false", "g": "false"}, {100: (1, 4, 0), 200: (0, 0, 2)}),
    ],
)
def test_a_participant_counts_by_the_preferred_sample_else_by_the_lowest(
    lake: allelake.Lake, tmp_path: Path, preferred: dict[str, str], counts: object
) -> None:
    imported(lake, tmp_path, preferred)
    reference = reference_of(frozenset(n for n, value in preferred.items() if value == "true"))
    assert expected(reference, ("j", "k", "g")) == found(lake) == counts


def test_a_cohort_that_picks_one_of_the_two_counts_by_that_one(
    lake: allelake.Lake, tmp_path: Path
) -> None:
    imported(lake, tmp_path, {})
    lake.define_cohort("g_alone", samples=["g"])
    lake.define_cohort("both", samples=["g", "j"])
    assert found(lake, "g_alone") == {100: (0, 2, 0), 200: (2, 2, 0)}
    assert found(lake, "both") == {100: (1, 2, 0), 200: (0, 0, 1)}
    members = asking(lake)("FROM cohort_samples('both')")
    assert [row["sample_id"] for row in members] == ["j"]


def test_a_sample_that_counts_in_no_cohort_has_its_own_variants_all_the_same(
    lake: allelake.Lake, tmp_path: Path
) -> None:
    imported(lake, tmp_path, {})
    for name, positions in (("j", [100]), ("g", [200]), ("k", [])):
        rows = asking(lake)(f"SELECT position FROM sample_variants('{name}') ORDER BY position")
        assert [row["position"] for row in rows] == positions
