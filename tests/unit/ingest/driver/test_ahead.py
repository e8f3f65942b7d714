"""A file that is read while it is inspected comes to what it comes to otherwise, or is refused so.

Bounds are made small, and what workers do is done in this process.
"""

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pytest

from allelake.errors import AllelakeError
from allelake.ingest import reading_ahead, run, worker_task
from allelake.ingest.inspection import pieces
from allelake.ingest.options import IngestOptions
from allelake.ingest.worker_task import PartTask, Task
from allelake.warehouse.assembly import Assembly, Contig
from allelake.warehouse.lake import create_lake
from allelake.warehouse.snapshots import files_for_readers
from unit.ingest.inspect.vcf_bytes import bgzf, head, record

SAMPLES = 60
RECORDS = 1_500
MIDDLE = RECORDS * 5 // 8
TABLES = ("sites", "calls", "bits", "ploidy", "sample_counts", "samples")


class Inline:
    """A pool whose tasks are done where they are asked for; `done` are their names."""

    done: list[str]

    def __init__(self, workers: int, warms: str = "") -> None:
        self._waiting: list[tuple[int, Task]] = []
        self._total = 0

    def __enter__(self) -> "Inline":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def start(self, workers: int) -> None: ...

    def release(self) -> None: ...

    def stop(self, code: int) -> None: ...

    def run(self, tasks: Sequence[Task]) -> "Inline":
        self._total = 0
        self.add(tasks)
        return self

    def add(self, tasks: Sequence[Task]) -> range:
        numbers = range(self._total, self._total + len(tasks))
        self._total += len(tasks)
        self._waiting += zip(numbers, tasks, strict=True)
        return numbers

    def __iter__(self) -> Iterator[tuple[int, int | None, object]]:
        while self._waiting:
            number, task = self._waiting.pop(0)
            told: list[int] = []
            result = task.run(told.append)
            type(self).done.append(type(task).__name__)
            for done in told:
                yield number, done, None
            yield number, None, result


def bodies() -> list[str]:
    """Lines of one contig, 10 bases apart, common variants and rare ones."""
    chance = random.Random(5)
    lines = []
    for number in range(RECORDS):
        share = chance.choice([0.001, 0.01, 0.9])
        genotypes = [
            f"{int(chance.random() < share)}|{int(chance.random() < share)}" for _ in range(SAMPLES)
        ]
        lines.append(record(position=10 * number + 1, name=f"v{number}", rest=["GT", *genotypes]))
    return lines


def edited(which: int, **changes: Any) -> Callable[[list[str]], None]:
    """One of the lines otherwise, its genotypes as they were."""

    def edit(lines: list[str]) -> None:
        genotypes = lines[which].rstrip("\n").split("\t")[8:]
        lines[which] = record(**{"position": 10 * which + 1, "rest": genotypes, **changes})

    return edit


def replaced(which: int, old: str, new: str) -> Callable[[list[str]], None]:
    """Some text of a line otherwise."""

    def edit(lines: list[str]) -> None:
        assert old in lines[which]
        lines[which] = new.join(lines[which].rsplit(old, 1))

    return edit


def without_newline(lines: list[str]) -> None:
    lines[-1] = lines[-1].rstrip("\n")


def twice(lines: list[str]) -> None:
    """One record again, with other genotypes."""
    fields = lines[MIDDLE].rstrip("\n").split("\t")
    lines.insert(MIDDLE + 1, "\t".join([*fields[:9], *(["1|1"] * SAMPLES)]) + "\n")


def long_refs(lines: list[str]) -> None:
    """So many bases before each place to cut at that nothing there is a cut."""
    for which in range(0, RECORDS, 100):
        edited(which, ref="A" * 2_500, alt="A")(lines)


def on_two_contigs(lines: list[str]) -> None:
    lines[MIDDLE:] = [line.replace("chr1\t", "chr2\t", 1) for line in lines[MIDDLE:]]


def unsorted_lines(lines: list[str]) -> None:
    lines[MIDDLE], lines[MIDDLE + 40] = lines[MIDDLE + 40], lines[MIDDLE]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds at which the files here are cut into four."""
    monkeypatch.setattr(run, "WorkerPool", Inline)
    monkeypatch.setattr(worker_task, "_LEAST_TO_SURVEY", 0)
    monkeypatch.setattr(pieces, "parts_of", lambda size: 4)
    monkeypatch.setattr(pieces, "LOOK_BYTES", 1 << 14)
    monkeypatch.setattr(pieces, "LOOK_CUT_BYTES", 1 << 10)
    bounds = {"least_text_bytes": 1, "piece_bytes": 1 << 16}
    for name, bound in bounds.items():
        monkeypatch.setitem(pieces.survey_file.__kwdefaults__ or {}, name, bound)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake to copy."""
    lake = tmp_path_factory.mktemp("ahead") / "empty.lake"
    contigs = tuple(Contig(name, 1_000_000, (), "autosome") for name in ("chr1", "chr2"))
    create_lake(lake, Assembly("small", contigs, ()))
    return lake


def taken(
    empty: Path, folder: Path, path: Path, options: IngestOptions
) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the tables of a new lake with the file, or its refusal."""
    shutil.copytree(empty, folder)
    Inline.done = []
    try:
        result = run.ingest(folder, [path], options)
    except AllelakeError as error:
        assert not list((folder / "staging").glob("*"))
        return {"refused": [(type(error).__name__, str(error))]}
    (batch,) = result.batches
    assert not list((folder / "staging").glob("*"))
    told = [(n.code, n.message, n.count, n.first) for n in (*result.notices, *batch.notices)]
    rows: dict[str, list[tuple[Any, ...]]] = {
        "notices": told,
        "counts": sorted(batch.counts.items()),
    }
    for table in TABLES:
        files = [
            str(folder / file.path) for file in files_for_readers(folder) if file.table == table
        ]
        if files:
            query = "SELECT * FROM read_parquet($1, union_by_name := true) ORDER BY ALL"
            rows[table] = duckdb.execute(query, [files]).fetchall()
    return rows


AHEAD: list[Any] = [
    pytest.param(lambda lines: None, {}, id="plain"),
    pytest.param(edited(MIDDLE, alt="C,G"), {}, id="two_alts"),
    pytest.param(edited(MIDDLE, alt="<DEL>", info="END=99999"), {}, id="symbolic"),
    pytest.param(edited(MIDDLE, info="NOTE=x"), {"profile": "generic"}, id="info_seen_late"),
]
NOT_AHEAD: list[Any] = [
    pytest.param(edited(MIDDLE, info="DP=1.5"), {"profile": "generic"}, id="info_misread"),
    pytest.param(long_refs, {}, id="no_cut"),
    pytest.param(on_two_contigs, {}, id="two_contigs"),
    pytest.param(twice, {}, id="duplicates_refused"),
    pytest.param(replaced(MIDDLE, "|", "x"), {}, id="bad_genotype"),
    pytest.param(replaced(MIDDLE, "chr1", "chr9"), {}, id="undeclared_contig"),
    pytest.param(unsorted_lines, {}, id="unsorted"),
    pytest.param(without_newline, {}, id="no_last_newline"),
    pytest.param(without_newline, {"strict": True}, id="no_last_newline_strictly"),
    pytest.param(lambda lines: lines.insert(MIDDLE, "\n"), {}, id="blank_line"),
    pytest.param(edited(MIDDLE, alt="<NON_REF>", info="END=9999"), {}, id="reference_block"),
    pytest.param(lambda lines: None, {"expect_records": 7}, id="other_number_of_records"),
]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "is_ahead, edit, asked",
    [
        *(pytest.param(True, *case.values, id=case.id) for case in AHEAD),
        *(pytest.param(False, *case.values, id=case.id) for case in NOT_AHEAD),
    ],
)
def test_reading_ahead_changes_nothing(
    empty: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_ahead: bool,
    edit: Callable[[list[str]], None],
    asked: dict[str, Any],
) -> None:
    """Rows, counts and notices, or the words of the refusal."""
    lines = bodies()
    edit(lines)
    path = tmp_path / "some.vcf.gz"
    text = head([f"s{number}" for number in range(SAMPLES)]) + "".join(lines)
    path.write_bytes(bgzf(text.encode(), 4_000))
    options = IngestOptions(**asked)
    found = taken(empty, tmp_path / "ahead.lake", path, options)
    done = Inline.done
    monkeypatch.setattr(run, "may_read_ahead", lambda files, options: False)
    expected = taken(empty, tmp_path / "after.lake", path, options)
    assert "AheadTask" not in Inline.done
    assert found == expected
    if is_ahead:
        assert done.count("AheadTask") == 4
        assert PartTask.__name__ not in done
        assert "sites" in found
    else:
        assert PartTask.__name__ in done or "refused" in found or "InspectTask" in done[1:]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "asked",
    [
        {"plan_only": True},
        {"replace": True},
        {"skip_unknown_contigs": True},
        {"contigs": ("chr1",)},
        {"extend": 1},
        {"reference": Path("some.fa")},
    ],
)
def test_what_is_not_taken_as_it_is_is_not_read_ahead(asked: dict[str, Any]) -> None:
    """Nor several files."""
    one = [Path("some.vcf.gz")]
    assert reading_ahead.may_read_ahead(one, IngestOptions())
    assert not reading_ahead.may_read_ahead(one, IngestOptions(**asked))
    assert not reading_ahead.may_read_ahead(2 * one, IngestOptions())
