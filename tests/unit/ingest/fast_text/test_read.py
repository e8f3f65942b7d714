"""Parts read by columns have the bytes of parts read by records."""

from pathlib import Path
from random import Random

import pytest

from allelake.errors import InputError
from allelake.ingest.fast_text.read import read_plain_part
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.part_samples import SamplesRun
from allelake.ingest.planning.fields import SQL_TYPES
from allelake.ingest.reading.records import CHUNK_BYTES
from allelake.ingest.spec import (
    BatchSpec,
    Field,
    FileReport,
    KeptField,
    Part,
    PartInput,
    PartSummary,
)
from unit.ingest.fast_text.random_gvcf import HEADER, draw

STANDARD = {"DP": "1", "GQ": "1", "PS": "1", "AD": "R"}


def spec_of(report: FileReport) -> BatchSpec:
    """A batch that keeps all it can of a file."""
    header = report.header
    bad = {found.id for found in report.unreadable}
    kept = [_kept(f) for f in header.info.values() if f.id not in bad and f.number != "G"]
    has = {
        name: name in header.format
        and header.format[name].number in (number, ".")
        and header.format[name].type in ("Integer", "Float")
        for name, number in STANDARD.items()
    }
    return BatchSpec(
        batch=1,
        first_sample=5,
        sample_total=1,
        contig_names={name: name for name in header.contigs},
        contig_lengths={name: length or 2**31 - 1 for name, length in header.contigs.items()},
        zones=(),
        info=tuple(kept),
        format=(),
        has_adj=has["DP"] and has["GQ"] and has["AD"],
        has_dp=has["DP"],
        has_gq=has["GQ"],
        has_ps=has["PS"],
        has_ad=has["AD"],
        kind="per_sample",
        has_blocks=report.blocks > 0,
    )


def _kept(field: Field) -> KeptField:
    is_scalar = field.type == "Flag" or field.number in ("0", "1", "A")
    scalar = SQL_TYPES[field.type]
    return KeptField(field, f"info_{field.id.lower()}", scalar if is_scalar else f"{scalar}[]")


def part_of(report: FileReport) -> Part:
    item = PartInput(report.path, report.kind, None, (0,), report.records)
    return Part(0, (item,), None, None, None, report.records)


def both(path: Path, folder: Path) -> tuple[PartSummary | None, PartSummary | str]:
    """The part read by columns (None: it is left to the other) and read by records."""
    report = inspect_file(path)
    spec, part = spec_of(report), part_of(report)
    folders = (folder / "columns", folder / "records")
    for one in folders:
        one.mkdir(parents=True)
    try:
        by_records: PartSummary | str = SamplesRun(spec, part, folders[1], 0, CHUNK_BYTES).run(None)
    except InputError as error:
        by_records = str(error)
    try:
        return read_plain_part(spec, part, folders[0]), by_records
    except InputError as error:
        assert isinstance(by_records, str), error
        return None, by_records


def told(summary: PartSummary) -> tuple[object, ...]:
    """All that a summary says, files by their digest."""
    files = [(file.table, file.contig, file.tier, file.rows, file.sha256) for file in summary.files]
    return (sorted(map(repr, files)), summary.counts, summary.notices, summary.contigs)


@pytest.mark.parametrize("chunk_bytes", [1 << 20, 3_000])
@pytest.mark.parametrize("seed", range(5))
def test_plain_files_have_the_same_bytes_read_by_columns(
    seed: int, chunk_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.g.vcf"
    path.write_text(_unique(draw(Random(seed), 240)))
    monkeypatch.setattr("allelake.ingest.inspection.container.CHUNK_BYTES", chunk_bytes)
    monkeypatch.setattr("allelake.ingest.fast_text.source.LEAST_BYTES", chunk_bytes)

    columns, records = both(path, tmp_path)

    assert isinstance(records, PartSummary)
    if records.counts["duplicates_alike"] + records.counts["duplicates_resolved"]:
        pytest.skip("two records came to one variant")
    assert columns is not None
    assert columns.counts["variants"] > 50
    assert told(columns) == told(records)


@pytest.mark.parametrize("seed", range(100))
def test_files_with_an_odd_line_have_the_same_bytes_or_are_left_to_the_reader_of_records(
    seed: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.g.vcf"
    path.write_text(_unique(draw(Random(seed), 45, odd=0.02)))
    try:
        inspect_file(path)
    except InputError:
        pytest.skip("the inspection refuses it")

    columns, records = both(path, tmp_path)

    if columns is not None:
        assert isinstance(records, PartSummary)
        assert told(columns) == told(records)
    else:
        assert list((tmp_path / "columns").iterdir()) == []


def test_a_variant_that_trimming_moves_past_the_next_record_is_sorted(tmp_path: Path) -> None:
    lines = (
        "chr1\t100\t.\tCAAG\tCAAT,<NON_REF>\t9\t.\tDP=3\tGT:DP\t0/1:9\n"
        "chr1\t101\t.\tA\tG,<NON_REF>\t9\t.\tDP=3\tGT:DP\t0/1:9\n"
    )
    path = tmp_path / "a.g.vcf"
    path.write_text(HEADER + lines)

    columns, records = both(path, tmp_path)

    assert columns is not None
    assert isinstance(records, PartSummary)
    assert columns.counts["trimmed"] == 1
    assert told(columns) == told(records)


def test_two_records_of_one_variant_are_left_to_the_reader_of_records(tmp_path: Path) -> None:
    line = "chr1\t100\t.\tC\tT,<NON_REF>\t9\t.\tDP=3\tGT:DP\t0/1:9\n"
    path = tmp_path / "a.g.vcf"
    path.write_text(HEADER + line + line)

    columns, _ = both(path, tmp_path)

    assert columns is None


@pytest.mark.slow
def test_real_gvcfs_of_one_person_have_the_same_bytes_and_most_are_read_by_columns(
    shared_data: Path, tmp_path: Path
) -> None:
    folder = shared_data / "gvcf"
    paths = [*folder.rglob("*.vcf"), *folder.rglob("*.vcf.gz")]
    small = [path for path in sorted(paths) if path.stat().st_size < 400_000]
    by_columns, left, unlike = 0, 0, []
    for number, path in enumerate(small):
        try:
            if len(inspect_file(path).header.samples) != 1:
                continue
        except InputError:
            continue
        columns, records = both(path, tmp_path / str(number))
        by_columns += columns is not None
        left += columns is None
        if columns is not None and (isinstance(records, str) or told(columns) != told(records)):
            unlike.append(path)

    assert unlike == []
    assert by_columns > 80
    assert left < 10


def _unique(text: str) -> str:
    """Without further records at a position; trimming may still make two of one variant."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for line in text.splitlines(keepends=True):
        fields = line.split("\t")
        key = (fields[0], fields[1]) if len(fields) > 5 else ("", "")
        is_new = line.startswith("#") or key not in seen
        seen.add(key)
        if is_new:
            kept.append(line)
    return "".join(kept)
