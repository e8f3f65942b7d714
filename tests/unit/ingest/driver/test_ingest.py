"""An ingest from files to a lake: what it commits, tells, refuses, and leaves behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from allelake.errors import AllelakeError, InputError, LockedError, UsageError
from allelake.ingest.options import IngestOptions
from allelake.ingest.people.import_people import import_people
from allelake.ingest.run import ingest
from allelake.warehouse.assembly import Assembly, Contig
from allelake.warehouse.check.run import check_lake
from allelake.warehouse.commit import begin
from allelake.warehouse.lake import create_lake
from allelake.warehouse.small_tables import read_small_tables
from allelake.warehouse.snapshots import current_snapshot, files_for_readers
from unit.ingest.inspect.vcf_bytes import bgzf
from unit.ingest.part.running import CONTIGS, ZONES, vcf

RECORDS = [
    "chr1 100 . A G . . . GT 0/1 0/0",
    "chr1 200 . A G,T . . . GT 1/2 ./.",
    "chrX 5000 . A G . . . GT 1 0/0",
]


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """An empty lake with chr1, chrX and chrM."""
    kinds = {"chr1": "autosome", "chrX": "x", "chrM": "mt"}
    contigs = tuple(Contig(n, length, (), kinds[n]) for n, length in CONTIGS.items())  # type: ignore[arg-type]
    create_lake(tmp_path / "small.lake", Assembly("small", contigs, ZONES))
    return tmp_path / "small.lake"


def write(path: Path, samples: Sequence[str], records: Sequence[str]) -> Path:
    path.write_text(vcf(samples, records))
    return path


def tables(lake: Path) -> dict[str, pa.Table]:
    return read_small_tables(lake, files_for_readers(lake))


def contents(lake: Path) -> dict[str, bytes]:
    """Every file of the lake but the lock's text."""
    return {
        str(path.relative_to(lake)): path.read_bytes()
        for path in sorted(lake.rglob("*"))
        if path.is_file() and path.name != "lake.lock"
    }


class Watcher:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.progress: dict[str, list[tuple[int, int | None]]] = {}

    def on_step(self, name: str) -> None:
        self.steps.append(name)

    def on_progress(self, done: int, total: int | None) -> None:
        self.progress.setdefault(self.steps[-1], []).append((done, total))


def test_an_ingest_commits_samples_batch_and_files(lake: Path, tmp_path: Path) -> None:
    """And says what it did; the lake agrees with itself."""
    file = write(tmp_path / "two.vcf", ["ann", "bo"], RECORDS)
    watcher = Watcher()
    result = ingest(lake, [file], IngestOptions(workers=1), watcher)
    assert watcher.steps == ["inspect", "read", "commit"]
    (batch,) = result.batches
    assert (batch.batch, result.snapshot) == (1, current_snapshot(lake).number)
    assert batch.counts["variants"] == 4
    assert batch.counts["split_records"] == 1
    assert batch.plan.profile.name == "generic"
    samples = tables(lake)["samples"].to_pylist()
    names = ("sample_number", "sample_id", "participant_id", "batch")
    assert [tuple(sample[name] for name in names) for sample in samples] == [
        (0, "ann", "ann", 1),
        (1, "bo", "bo", 1),
    ]
    (row,) = tables(lake)["batches"].to_pylist()
    assert row["contigs"] == ["chr1", "chrX"]
    assert (row["records"], row["variants"], row["samples"], row["kind"]) == (3, 4, 2, "joint")
    assert [entry["name"] for entry in row["inputs"]] == ["two.vcf"]
    assert check_lake(lake) == []
    assert not list((lake / "staging").iterdir())


def test_a_deletion_without_length_beside_one_with_passes_the_check(
    lake: Path, tmp_path: Path
) -> None:
    """Two keys that differ by sv_length alone lie in the order that LAYOUT.md asks for."""
    records = [f"chr1 13 . A <DEL> . . END=20{more} GT 0/1" for more in ("", ";SVLEN=-7")]
    ingest(lake, [write(tmp_path / "sv.vcf", ["ann"], records)])
    assert check_lake(lake) == []


def test_the_same_file_again_changes_nothing(lake: Path, tmp_path: Path) -> None:
    """Under any name; the result says which batch has it."""
    file = write(tmp_path / "two.vcf", ["ann", "bo"], RECORDS)
    ingest(lake, [file])
    before = contents(lake)
    again = tmp_path / "renamed.vcf"
    shutil.copy(file, again)
    result = ingest(lake, [again])
    assert result.batches == ()
    assert result.snapshot is None
    assert [(known.path, known.batch) for known in result.known] == [(again, 1)]
    assert contents(lake) == before


def test_a_plan_writes_nothing_and_takes_no_lock(lake: Path, tmp_path: Path) -> None:
    """While another one writes, too."""
    file = write(tmp_path / "two.vcf", ["ann", "bo"], RECORDS)
    before = contents(lake)
    with begin(lake):
        result = ingest(lake, [file], IngestOptions(plan_only=True))
    assert result.plan.batches[0].records == 3
    assert result.batches == ()
    assert contents(lake) == before


def test_a_second_writer_is_refused(lake: Path, tmp_path: Path) -> None:
    """Before it reads anything for long."""
    file = write(tmp_path / "two.vcf", ["ann", "bo"], RECORDS)
    with begin(lake), pytest.raises(LockedError):
        ingest(lake, [file])


def test_files_of_one_call_set_are_one_batch_and_others_are_others(
    lake: Path, tmp_path: Path
) -> None:
    """Numbers of samples run on; sums per sample over several files of a contig are one row."""
    first = write(tmp_path / "1.vcf", ["ann", "bo"], RECORDS[:1])
    second = write(tmp_path / "2.vcf", ["bo", "ann"], ["chr1 900 . A G . . . GT ./. 0/1"])
    other = write(tmp_path / "3.vcf", ["cy"], ["chr1 100 . A G . . . GT 1/1"])
    result = ingest(lake, [first, second, other])
    assert [batch.batch for batch in result.batches] == [1, 2]
    samples = tables(lake)["samples"].to_pylist()
    assert [(s["sample_number"], s["sample_id"], s["batch"]) for s in samples] == [
        (0, "ann", 1), (1, "bo", 1), (2, "cy", 2)
    ]  # fmt: skip
    counts = [file for file in files_for_readers(lake) if file.table == "sample_counts"]
    assert [file.rows for file in counts] == [2, 1]
    assert check_lake(lake) == []


def test_extending_a_batch_adds_contigs_for_its_samples(lake: Path, tmp_path: Path) -> None:
    """Sample numbers stay; the row of the batch adds up; the order of columns may differ."""
    first = write(tmp_path / "1.vcf", ["ann", "bo"], RECORDS[:2])
    more = write(tmp_path / "x.vcf", ["bo", "ann"], ["chrX 5000 . A G . . . GT 0/0 1"])
    ingest(lake, [first])
    result = ingest(lake, [more], IngestOptions(extend=1))
    assert result.batches[0].batch == 1
    assert tables(lake)["samples"].num_rows == 2
    (row,) = tables(lake)["batches"].to_pylist()
    assert row["contigs"] == ["chr1", "chrX"]
    assert (row["records"], row["variants"]) == (3, 4)
    assert [entry["name"] for entry in row["inputs"]] == ["1.vcf", "x.vcf"]
    assert check_lake(lake) == []


def test_a_batch_tells_whether_it_keeps_details(lake: Path, tmp_path: Path) -> None:
    """Once it has any it says so, whatever is added; nothing is said of sites without people."""
    people = ["ann", "bo"]
    bare = write(tmp_path / "bare.vcf", people, ["chr1 1 . A G . . . GT 0/1 0/0"])
    more = write(tmp_path / "more.vcf", people, ["chrX 5 . A G . . . GT:PS 0|1:5 0/0:."])
    last = write(tmp_path / "last.vcf", people, ["chrM 5 . A G . . . GT 1 0"])
    sites = write(tmp_path / "sites.vcf", [], ["chr1 9 . A G . . ."])
    found = []
    for path, declared, extend in (
        (bare, ("GT",), None), (more, ("GT", "PS"), 1), (last, ("GT",), 1), (sites, (), None)
    ):  # fmt: skip
        kept = tuple(f"##FORMAT=<ID={name}," for name in declared)
        lines = path.read_text().splitlines(keepends=True)
        wanted = [one for one in lines if not one.startswith("##FORMAT=") or one.startswith(kept)]
        path.write_text("".join(wanted))
        ingest(lake, [path], IngestOptions(extend=extend))
        found.append([row["has_details"] for row in tables(lake)["batches"].to_pylist()])
    assert found == [[False], [True], [True], [True, None]]
    assert check_lake(lake) == []


def test_people_imported_before_their_genotypes_are_known(lake: Path, tmp_path: Path) -> None:
    """Sex and further columns come from the pedigree."""
    people = tmp_path / "people.tsv"
    people.write_text("sample\tsex\tvillage\nann\tfemale\tTai O\nzoe\tmale\tSai Kung\n")
    import_people(lake, people)
    ingest(lake, [write(tmp_path / "two.vcf", ["ann", "bo"], RECORDS)])
    rows = tables(lake)["samples"].to_pylist()
    assert [(row["sample_id"], row["sex"], row["village"]) for row in rows] == [
        ("ann", "XX", "Tai O"), ("bo", None, None)
    ]  # fmt: skip


def test_a_refused_file_leaves_the_lake_as_it_was(lake: Path, tmp_path: Path) -> None:
    """Although another file of the same command was fine."""
    fine = write(tmp_path / "fine.vcf", ["ann"], ["chr1 1 . A G . . . GT 0/1"])
    records = ["chr1 1 . A G . . . GT 0/1", "chr1 1 . A G . . . GT 1/1"]
    broken = write(tmp_path / "twice.vcf", ["bo"], records)
    before = contents(lake)
    with pytest.raises(InputError, match="unlike genotypes"):
        ingest(lake, [fine, broken])
    assert contents(lake) == before


def test_a_file_that_changes_after_its_inspection_is_refused(lake: Path, tmp_path: Path) -> None:
    """What was read may not be what was inspected."""
    file = write(tmp_path / "two.vcf", ["ann", "bo"], RECORDS)

    class Meddler(Watcher):
        def on_step(self, name: str) -> None:
            super().on_step(name)
            if name == "read":
                file.write_text(file.read_text().replace("GT 0/1", "GT 1/1"))

    before = contents(lake)
    with pytest.raises(InputError, match="changed during the ingest"):
        ingest(lake, [file], IngestOptions(workers=1), Meddler())
    assert contents(lake) == before


def test_no_files_is_a_mistake_of_the_caller(lake: Path) -> None:
    """Not an empty batch."""
    with pytest.raises(UsageError, match="no file"):
        ingest(lake, [])


def test_a_path_that_is_no_lake_is_refused(tmp_path: Path) -> None:
    """Whatever the files are."""
    file = write(tmp_path / "two.vcf", ["ann", "bo"], RECORDS)
    with pytest.raises(AllelakeError):
        ingest(tmp_path / "nothing.lake", [file])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_an_ingest_that_is_stopped_leaves_nothing_visible(
    lake: Path, tmp_path: Path, number: signal.Signals
) -> None:
    """In the middle of reading; staging is cleared, by the next writer after SIGKILL."""
    records = [f"chr1 {p} . A G . . . GT 0/1 0/0" for p in range(1, 30_000)]
    file = write(tmp_path / "long.vcf", ["ann", "bo"], records)
    script = (
        "import sys\nfrom pathlib import Path\nfrom allelake.ingest.run import ingest\n"
        "class Watcher:\n"
        "    def on_step(self, name): print(name, flush=True)\n"
        "    def on_progress(self, done, total): pass\n"
        "ingest(Path(sys.argv[1]), [Path(sys.argv[2])], None, Watcher())\n"
    )
    before = contents(lake)
    path = os.pathsep.join(sys.path)
    with subprocess.Popen(
        [sys.executable, "-c", script, str(lake), str(file)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as driver:  # fmt: skip
        assert driver.stdout is not None
        while driver.stdout.readline() != "read\n":
            assert driver.poll() is None
        time.sleep(0.05)
        driver.send_signal(number)
        assert driver.wait(20) != 0
    if number == signal.SIGKILL:
        with begin(lake):
            pass
    assert contents(lake) == before
    ingest(lake, [file])
    assert tables(lake)["batches"].to_pylist()[0]["records"] == len(records)


def test_compressed_files_without_contig_lines_are_merged(lake: Path, tmp_path: Path) -> None:
    """Their records lie between each other's; there is no index to ask for contigs."""
    files = []
    for number, positions in enumerate([(100, 300), (200, 400)]):
        text = vcf(
            ["a", "b"],
            [f"{c} {p} . A G . . . GT 0/1 0/0" for c in ("chrX", "chr1") for p in positions],
        )
        lines = [line for line in text.splitlines(True) if not line.startswith("##contig")]
        files.append(tmp_path / f"piece{number}.vcf.gz")
        files[-1].write_bytes(bgzf("".join(lines).encode()))
    result = ingest(lake, files, IngestOptions(workers=1))
    (batch,) = result.batches
    assert (batch.counts["records_kept"], batch.counts["variants"]) == (8, 8)
    assert not [finding for finding in check_lake(lake) if finding.severity == "error"]


def test_a_result_shown_in_a_notebook_is_short_and_names_no_sample(
    lake: Path, tmp_path: Path
) -> None:
    """Nor do its plan, batches, parts and files."""
    samples = [f"patient{i}" for i in range(300)]
    genotypes = " ".join(["0/1"] * 300)
    file = write(tmp_path / "a.vcf", samples, [f"chr1 100 . A G,T . . . GT {genotypes}"])
    result = ingest(lake, [file], IngestOptions(workers=1))
    assert re.fullmatch(
        r"IngestResult\(batches 1; 1 records, 2 variants; snapshot 2; \d+\.\d s\)", repr(result)
    )
    planned = result.plan.batches[0]
    part = planned.parts[0]
    shown = [
        result, *result.batches, result.plan, planned, planned.spec, planned.files[0],
        planned.files[0].header, part, part.inputs[0],
    ]  # fmt: skip
    for value in shown:
        assert "patient" not in repr(value)
        assert len(repr(value)) < 500 + len(str(tmp_path))
