"""A file cut into stretches and the same file whole say the same of every genotype."""

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from allelake.ingest.inspection.merge_pieces import merge_pieces
from allelake.ingest.inspection.pieces import scan_piece, survey_file
from allelake.ingest.part import run_part
from allelake.ingest.planning.stretches import stretches_of
from allelake.ingest.run_tables import merge_sample_counts
from allelake.ingest.spec import FileReport, Part, PartInput, PartSummary, Stretch
from unit.ingest.inspect.vcf_bytes import bgzf
from unit.ingest.part.random_vcf import random_records
from unit.ingest.part.running import spec_for, vcf
from unit.ingest.part.staged import POLICIES, Staged, rows_of

SAMPLES = 7
SPEC = spec_for(SAMPLES, has_adj=True, has_dp=True, has_gq=True, has_ad=True, duplicates="first")
# What counts rows of `calls`, which may lie in another interval of `ploidy`.
ROWS = {"calls_rare", "calls_common", "bits"}


def report_of(path: Path) -> FileReport:
    """The report of a file that is cut wherever it can be."""
    survey = survey_file(path, piece_bytes=3000, least_text_bytes=0)
    assert survey is not None
    pieces = [scan_piece(survey, piece, buffer_bytes=300, cut_bytes=1) for piece in survey.pieces]
    report = merge_pieces(survey, [piece for piece in pieces if piece is not None])
    assert report is not None
    return report


def random_stretches(rng: random.Random, report: FileReport) -> list[Stretch]:
    """Stretches between random ones of the cuts, all records in them."""
    inner = [cut for cut in report.cuts[1:-1] if rng.random() < 0.2]
    ends = [report.cuts[0], *inner, report.cuts[-1]]
    return [
        Stretch(a.offset, b.offset, b.place - a.place, b.records - a.records, a.records)
        for a, b in pairwise(ends)
    ]


def run_stretches(folder: Path, report: FileReport, stretches: list[Stretch]) -> list[PartSummary]:
    """One part for each stretch; for none of them, one of the whole file."""
    folder.mkdir()
    whole = PartInput(report.path, report.kind, None, tuple(range(SAMPLES)), report.records)
    summaries = []
    for number, stretch in enumerate(stretches or [None], 1):
        records = report.records if stretch is None else stretch.records
        part = Part(number, (replace(whole, stretch=stretch),), None, None, None, records)
        summaries.append(run_part(SPEC, part, folder))
    return summaries


def check_alike(folder: Path, cut: list[PartSummary], whole: list[PartSummary]) -> None:
    """Same sites, same counts of every sample at every variant, same sums of each sample."""
    one, other = Staged.of(cut), Staged.of(whole)
    assert one.sites == other.sites
    for key in one.sites:
        for sample in range(SAMPLES):
            for policy in POLICIES:
                assert one.counts(key, sample, policy) == other.counts(key, sample, policy)
    counted: list[Counter[str]] = []
    for summaries in (cut, whole):
        counted.append(Counter())
        for summary in summaries:
            counted[-1].update(summary.counts)
    assert {k: v for k, v in counted[0].items() if k not in ROWS} == {
        k: v for k, v in counted[1].items() if k not in ROWS
    }
    merged = merge_sample_counts(cut, 1, folder)
    again = [replace(cut[0], files=tuple(merged))]
    order = ("contig", "sample_number")
    sums = [
        sorted(rows_of(each, "sample_counts"), key=lambda row: [row[name] for name in order])
        for each in (again, whole)
    ]
    assert sums[0] == sums[1]


@pytest.mark.parametrize("seed", range(8))
def test_any_cuts_leave_every_count_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("allelake.ingest.cohort.part.LEAST_GENOTYPES", 0)
    rng = random.Random(seed)
    records = random_records(rng, SAMPLES, 60)
    text = vcf([f"s{n}" for n in range(SAMPLES)], records).encode()
    path = tmp_path / "any.vcf"
    path.write_bytes(bgzf(text, rng.choice([100, 700, 65_280])) if seed % 2 else text)
    report = report_of(path)
    stretches = random_stretches(rng, report)
    assert sum(stretch.records for stretch in stretches) == len(records)
    cut = run_stretches(tmp_path / "cut", report, stretches)
    whole = run_stretches(tmp_path / "whole", report, [])
    check_alike(tmp_path, cut, whole)


@pytest.mark.parametrize("is_packed", [False, True])
def test_the_reader_of_records_reads_stretches_too(tmp_path: Path, *, is_packed: bool) -> None:
    rng = random.Random(3)
    text = vcf([f"s{n}" for n in range(SAMPLES)], random_records(rng, SAMPLES, 40)).encode()
    path = tmp_path / "any.vcf"
    path.write_bytes(bgzf(text, 700) if is_packed else text)
    report = report_of(path)
    stretches = stretches_of(report, {"chr1": "chr1", "chrX": "chrX"}, 2500, 2)
    assert len(stretches) == 4
    cut = run_stretches(tmp_path / "again", report, stretches)
    whole = run_stretches(tmp_path / "whole", report, [])
    check_alike(tmp_path, cut, whole)
