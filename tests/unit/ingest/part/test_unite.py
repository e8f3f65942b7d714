"""The parts of a per-sample batch made one, as if one part had read all files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from allelake.ingest import unite
from allelake.ingest.spec import PartSummary
from allelake.ingest.unite import UniteTask, alone, unite_tasks
from allelake.ingest.unite_sites import have_one_value_at_most
from allelake.warehouse.stored import StagedFile
from unit.ingest.part.running import spec_for
from unit.ingest.part.staged import Row
from unit.ingest.part.test_per_sample import block, gvcf
from unit.warehouse.building import sites_file

PEOPLE = 3


def parts(folder: Path, files: Sequence[Sequence[str]]) -> list[PartSummary]:
    """A part for each file of one sample, all with the same staging folder."""
    made = []
    for place, records in enumerate(files):
        made.append(
            gvcf(
                folder,
                records,
                columns=[(place,)],
                sample_total=PEOPLE,
                first_sample=7,
                number=place + 1,
            )
        )
    return made


def united(folder: Path, summaries: Sequence[PartSummary]) -> list[StagedFile]:
    """All files of the batch."""
    tasks = unite_tasks(spec_for(PEOPLE), summaries, folder / "staging")
    made = [file for task in tasks for file in task.run(lambda rows: None)]
    return [*made, *alone(summaries)]


def rows_of(files: Sequence[StagedFile], table: str) -> list[Row]:
    """The rows of a table, in the order of the files."""
    found = [file for file in files if file.table == table]
    return [
        row for file in found for row in pq.read_table(file.path, partitioning=None).to_pylist()
    ]


FILES = [
    [block(10, 19), "chr1 20 rs1 A C . q10 . GT:DP ./.:.", "chr1 40 . A G 9 . . GT:DP 0/1:7"],
    [block(10, 19), "chr1 20 rs2 A C 30 PASS . GT:DP 0/1:30", "chr1 40 . A G . q10 . GT 0/1"],
    ["chr1 20 . A C . . . GT:DP 1/1:12", "chr1 20 . A T . . . GT 0/0", block(21, 30)],
]


def test_a_variant_has_one_site_from_the_lowest_sample(tmp_path: Path) -> None:
    sites = rows_of(united(tmp_path, parts(tmp_path, FILES)), "sites")
    names = ("position", "alt", "source_sample", "id", "qual", "filters")
    assert [tuple(row[name] for name in names) for row in sites] == [
        (20, "C", 7, "rs1", None, []),
        (20, "T", 9, None, None, None),
        (40, "G", 7, None, 9.0, None),
    ]
    sums = [(row["dp_n"], row["dp_sum"]) for row in sites]
    assert sums == [(2, 42), (None, None), (1, 7)]
    assert sites[0]["dp_histogram"] == [0, 0, 1, 0, 0, 0, 1] + [0] * 13
    assert sites[1]["dp_histogram"] is None


def test_filters_are_those_of_the_lowest_sample_where_nobody_passes(tmp_path: Path) -> None:
    files = [["chr1 20 . A C . q10 . GT 0/1"], ["chr1 20 . A C . q20 . GT 0/1"]]
    (site,) = rows_of(united(tmp_path, parts(tmp_path, files)), "sites")
    assert site["filters"] == ["q10"]


def test_a_record_without_gt_takes_genotypes_from_nobody(tmp_path: Path) -> None:
    files = [["chr1 20 . A C . . . DP 3"], ["chr1 20 . A C . . . GT 0/1"]]
    made = united(tmp_path, parts(tmp_path, files))
    (site,) = rows_of(made, "sites")
    assert site["has_genotypes"] is True
    assert [row["sample_number"] for row in rows_of(made, "calls")] == [8]


def test_calls_and_intervals_are_sorted_and_whole(tmp_path: Path) -> None:
    made = united(tmp_path, parts(tmp_path, FILES))
    calls = [(r["position"], r["alt"], r["sample_number"]) for r in rows_of(made, "calls")]
    assert calls == [
        (20, "C", 7),
        (20, "C", 8),
        (20, "C", 9),
        (20, "T", 9),
        (40, "G", 7),
        (40, "G", 8),
    ]
    spans = [
        (r["start_position"], r["end_position"], r["sample_number"])
        for r in rows_of(made, "callable")
    ]
    assert spans == sorted(spans)
    assert (20, 30, 9) in spans
    counts = [(r["sample_number"], r["genotypes"]) for r in rows_of(made, "sample_counts")]
    assert counts == [(7, 2), (8, 2), (9, 2)]


def test_nothing_stays_of_the_parts(tmp_path: Path) -> None:
    made = united(tmp_path, parts(tmp_path, FILES))
    left = {path for path in (tmp_path / "staging").rglob("*") if path.is_file()}
    assert left == {file.path for file in made}


def test_the_bytes_are_the_same_in_whatever_order_the_parts_ended(tmp_path: Path) -> None:
    digests = []
    for name, order in (("one", (0, 1, 2)), ("other", (2, 0, 1))):
        folder = tmp_path / name
        folder.mkdir()
        made = parts(folder, FILES)
        digests.append({f.sha256 for f in united(folder, [made[place] for place in order])})
    assert digests[0] == digests[1]


def test_a_batch_of_one_part_stays_as_it_is(tmp_path: Path) -> None:
    summaries = parts(tmp_path, FILES[:1])
    assert unite_tasks(spec_for(1), summaries, tmp_path) == []
    assert sorted(f.sha256 for f in alone(summaries)) == sorted(
        f.sha256 for f in summaries[0].files
    )


def test_beyond_so_many_rows_another_file_follows(tmp_path: Path) -> None:
    summaries = parts(tmp_path, FILES)
    tasks = [
        replace(task, most_rows=2)
        for task in unite_tasks(spec_for(PEOPLE), summaries, tmp_path / "staging")
        if isinstance(task, UniteTask) and task.files[0].table == "calls"
    ]
    assert len(tasks) == 1
    made = tasks[0].run(lambda rows: None)
    assert sum(file.rows for file in made) == 6


@pytest.mark.parametrize("batch_rows", [1, 2, 100])
def test_a_variant_may_reach_over_the_border_of_what_is_read_at_once(
    tmp_path: Path, batch_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("allelake.warehouse.upkeep.sorted_rows.ROW_GROUP_ROWS", batch_rows)
    sites = rows_of(united(tmp_path, parts(tmp_path, FILES)), "sites")
    assert [(r["position"], r["dp_sum"]) for r in sites] == [(20, 42), (20, None), (40, 7)]


def test_histograms_made_of_sums_have_the_bytes_of_histograms_that_were_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    depths = [[0, 4, 5, 99, 100, 4_000], [7, ".", 5, 94, 95, 1], [0, 0, ".", ".", 9, 10]]
    files = [
        [f"chr1 {20 + i} . A C . . . GT:DP:GQ 0/1:{dp}:{dp}" for i, dp in enumerate(own)]
        for own in depths
    ]
    digests = []
    for name in ("sums", "histograms"):
        folder = tmp_path / name
        folder.mkdir()
        made = parts(folder, files)
        assert have_one_value_at_most(
            [f for part in made for f in part.files if f.table == "sites"]
        )
        digests.append({f.sha256 for f in united(folder, made)})
        monkeypatch.setattr(unite, "have_one_value_at_most", lambda files: False)
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("depths", "expected"), [((1, 0), True), ((1, None), True), ((2, 1), False)]
)
def test_a_row_that_sums_up_two_values_keeps_its_histogram(
    tmp_path: Path, depths: tuple[int | None, ...], expected: bool
) -> None:
    staged = [sites_file(tmp_path, 1, [5], dp_n=n, gq_n=None, part=i) for i, n in enumerate(depths)]
    assert have_one_value_at_most(staged) is expected
