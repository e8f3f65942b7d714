"""BCF records made byte by byte, and parts of BCF read by both readers."""

import struct
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from allelake.errors import InputError
from allelake.ingest.cohort.part import CohortRun
from allelake.ingest.cohort.source import NotPlain
from allelake.ingest.cohort_bcf.source import BcfSource
from allelake.ingest.part_run import PartRun
from allelake.ingest.reading.records import CHUNK_BYTES
from allelake.ingest.spec import BatchSpec, Field, KeptField, Part, PartInput, PartSummary
from unit.ingest.inspect.vcf_bytes import bcf
from unit.ingest.part.running import vcf

INT8, INT16, INT32, FLOAT, TEXT = 1, 2, 3, 5, 7
WIDTHS = {0: 0, INT8: 1, INT16: 2, INT32: 4, FLOAT: 4, TEXT: 1}
MISSING_FLOAT, FLOAT_END = 0x7F800001, 0x7F800002

# A table's rows, by its name, contig and tier; and what was counted.
Outcome = tuple[dict[tuple[str, str | None, str | None], pa.Table], dict[str, int]]


def difference(one: Outcome, other: Outcome | str) -> str:
    """What is first told otherwise; empty if nothing is, NaN being NaN."""
    if isinstance(other, str) or one[1] != other[1] or one[0].keys() != other[0].keys():
        return f"{one[1]}, {[*one[0]]}\n{other if isinstance(other, str) else [*other[0]]}"
    for key, table in one[0].items():
        if table.schema != other[0][key].schema:
            return f"{key}: {table.schema}\n{other[0][key].schema}"
        for mine, theirs in zip(table.to_pylist(), other[0][key].to_pylist(), strict=False):
            if repr(mine) != repr(theirs):
                unlike = {k: (v, theirs[k]) for k, v in mine.items() if repr(v) != repr(theirs[k])}
                return f"{key} {mine['position']}: {unlike}"
        if len(table) != len(other[0][key]):
            return f"{key}: {len(table)} rows, {len(other[0][key])} rows"
    return ""


def values(kind: int, numbers: Sequence[int]) -> bytes:
    """Values of one type, one after the other; of decimals the bits."""
    if kind == TEXT:
        return bytes(numbers)
    code = {INT8: "b", INT16: "h", INT32: "i", FLOAT: "I"}[kind]
    return struct.pack(f"<{len(numbers)}{code}", *numbers)


def described(kind: int, total: int) -> bytes:
    """The byte that says what follows, and how many."""
    if total < 15:
        return bytes([total << 4 | kind])
    return bytes([0xF0 | kind, 0x12]) + struct.pack("<h", total)


def typed(kind: int, numbers: Sequence[int]) -> bytes:
    return described(kind, len(numbers)) + values(kind, numbers)


def text(written: str) -> bytes:
    return typed(TEXT, list(written.encode()))


def field(key: int, kind: int, total: int, raw: bytes) -> bytes:
    """A FORMAT field: `total` values for each sample, and all of them."""
    return typed(INT8, [key]) + described(kind, total) + raw


def record(
    samples: int,
    position: int,
    alleles: Sequence[str] = ("A", "C"),
    *,
    name: str = "",
    qual: int = MISSING_FLOAT,
    filters: Sequence[int] = (),
    info: Sequence[tuple[int, bytes]] = (),
    formats: Sequence[bytes] = (),
) -> bytes:
    """A whole record on the first contig."""
    shared = struct.pack("<iii", 0, position - 1, len(alleles[0])) + struct.pack("<I", qual)
    shared += struct.pack("<HH", len(info), len(alleles))
    shared += struct.pack("<I", len(formats) << 24 | samples)
    shared += text(name) + b"".join(map(text, alleles)) + typed(INT8, filters)
    shared += b"".join(typed(INT8, [key]) + value for key, value in info)
    own = b"".join(formats)
    return struct.pack("<II", len(shared), len(own)) + shared + own


def header(folder: Path, samples: Sequence[str]) -> tuple[bytes, dict[str, int]]:
    """The header of `unit.ingest.part.running` as BCF has it, and the numbers of its names."""
    raw = bcf(folder, vcf(samples, []), raw=True)
    lines = raw[9:].split(b"\n")
    numbers = {}
    for line in lines:
        if b"IDX=" in line and b"contig" not in line:
            name = line.split(b"ID=")[1].split(b",")[0].decode()
            numbers[name] = int(line.split(b"IDX=")[1].split(b">")[0])
    return raw, numbers


def part_of(path: Path, spec: BatchSpec) -> Part:
    item = PartInput(path, "bcf", None, tuple(range(spec.sample_total)), None, None)
    return Part(0, (item,), None, None, None, None, tuple(spec.contig_names.values()))


def told_of(summary: PartSummary) -> Outcome:
    tables = {
        (file.table, file.contig, file.tier): pq.read_table(file.path, partitioning=None)
        for file in summary.files
    }
    return tables, summary.counts


def slow(folder: Path, path: Path, spec: BatchSpec, chunk: int = CHUNK_BYTES) -> Outcome | str:
    """What the reader of records makes of a file, or why it does not."""
    staging = Path(mkdtemp(dir=folder))
    try:
        return told_of(PartRun(spec, part_of(path, spec), staging, 0, chunk).run(None))
    except InputError as refusal:
        return str(refusal)


def fast(folder: Path, path: Path, spec: BatchSpec, chunk: int = CHUNK_BYTES) -> Outcome | None:
    """What the fast reader makes of it; None where it gives it up, and nothing is left."""
    staging = Path(mkdtemp(dir=folder))
    part = part_of(path, spec)
    try:
        source = BcfSource(spec, part.inputs[0])
        return told_of(CohortRun(spec, part, staging, source, chunk).run(None))
    except (NotPlain, InputError):
        assert not [file for file in staging.rglob("*") if file.is_file()]
        return None


def kept(name: str, number: str, kind: Any, sql_type: str, where: str) -> KeptField:
    """A field that a batch keeps."""
    return KeptField(Field(name, number, kind), f"{where}_{name.lower()}", sql_type)
