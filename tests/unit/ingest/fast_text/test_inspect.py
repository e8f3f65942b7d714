"""Lines checked many at a time are checked as if one by one."""

from pathlib import Path
from random import Random

import pytest

from allelake.errors import InputError
from allelake.ingest.fast_text.inspect import PlainScan
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.spec import FileReport
from unit.ingest.fast_text.random_gvcf import HEADER, draw


def both(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[FileReport | str, FileReport | str]:
    """What the inspection says with and without the check of many lines."""
    found = [_inspect(path)]
    with monkeypatch.context() as changed:
        changed.setattr(PlainScan, "take", lambda *_: False)
        found.append(_inspect(path))
    return found[0], found[1]


def _inspect(path: Path) -> FileReport | str:
    try:
        return inspect_file(path)
    except InputError as error:
        return str(error)


@pytest.mark.parametrize("seed", range(12))
def test_plain_lines_give_the_same_report_many_at_a_time(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.g.vcf"
    path.write_text(draw(Random(seed), 300))

    fast, slow = both(path, monkeypatch)

    assert isinstance(fast, FileReport)
    assert fast == slow


@pytest.mark.parametrize("seed", range(150))
def test_one_odd_line_gives_the_same_report_or_the_same_refusal(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.g.vcf"
    path.write_text(draw(Random(seed), 90, odd=0.012))

    fast, slow = both(path, monkeypatch)

    assert fast == slow


def test_most_lines_are_taken_many_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.g.vcf"
    path.write_text(draw(Random(3), 3_000))
    one_by_one: list[int] = []
    take_one = PlainScan._take_one

    def counted(scan: PlainScan, *given: object) -> None:
        one_by_one.append(1)
        take_one(scan, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(PlainScan, "_take_one", counted)

    report = inspect_file(path)

    assert report.records == 3_000
    assert len(one_by_one) < 60


def test_a_block_that_overlaps_one_of_the_chunk_before_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [_block(1 + 10 * n, 10 + 10 * n) for n in range(400)]
    lines[200] = _block(2001, 2011)
    path = tmp_path / "a.g.vcf"
    path.write_text(HEADER + "".join(lines))
    monkeypatch.setattr("allelake.ingest.inspection.container.CHUNK_BYTES", 5_000)

    fast, slow = both(path, monkeypatch)

    assert isinstance(fast, str)
    assert "one before it ends at 2011" in fast
    assert fast == slow


def test_lines_that_end_as_on_windows_are_taken_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = draw(Random(1), 90).replace("\n", "\r\n")
    path = tmp_path / "a.g.vcf"
    path.write_bytes(text.encode())

    fast, slow = both(path, monkeypatch)

    assert isinstance(fast, FileReport)
    assert any(notice.code == "crlf" for notice in fast.notices)
    assert fast == slow


def test_real_files_of_one_person_give_the_same_report(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = ("gvcf", "single_sample", "malformed", "awkward", "bcftools_cases")
    paths = [p for name in folders for p in sorted((shared_data / name).rglob("*.vcf*"))]
    small = [p for p in paths if p.stat().st_size < 400_000 and p.suffix in (".vcf", ".gz")]

    unlike = [path for path in small if len({*map(repr, both(path, monkeypatch))}) > 1]

    assert len(small) > 100
    assert unlike == []


def _block(start: int, end: int) -> str:
    return f"chr1\t{start}\t.\tA\t<NON_REF>\t.\t.\tEND={end}\tGT:DP:GQ:MIN_DP\t0/0:30:50:20\n"
