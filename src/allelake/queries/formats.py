"""Answers written as CSV, TSV, JSON, Parquet or Arrow, batch by batch."""

import errno
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from allelake.errors import LakeError, UsageError
from allelake.nearest import did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

    from allelake.queries.about import About

FORMATS = ("csv", "tsv", "json", "parquet", "arrow")
_BY_SUFFIX = {f".{name}": name for name in FORMATS} | {".feather": "arrow", ".txt": "tsv"}


class Rows(Protocol):
    """What is written: the rows of an answer as Arrow batches, and the terms they speak of."""

    about: "About"

    @property
    def columns(self) -> list[str]:
        """The names of the columns, each there once."""

    def to_batches(self) -> "pa.RecordBatchReader":
        """The rows with their types."""

    def to_text_batches(self) -> "pa.RecordBatchReader":
        """The rows for delimited text, lists and structs as JSON."""


def format_of(path: Path, named: str | None) -> str:
    """The format for a file: the one named, else the one its name ends with."""
    if named is None:
        found = _BY_SUFFIX.get(path.suffix.lower())
        if found is None:
            raise UsageError(
                f"{path}: the name does not say which format to write. "
                f"Give one ({', '.join(FORMATS)})."
            )
        return found
    if named not in FORMATS:
        raise UsageError(f"There is no format {named!r}. {did_you_mean(named, FORMATS)}")
    return named


def write_file(answer: Rows, path: Path, named: str | None, overwrite: bool) -> None:
    """Writes the answer; the file is there when it is complete, or not at all."""
    kind = format_of(path, named)
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name a file in it.")
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already. Name another file, or allow overwriting.")
    with replacing(path) as sink:
        write_stream(answer, sink, kind, is_file=True)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file beside `path` that takes its place at the end of the block."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent or ".")
    except OSError as error:
        raise write_failure(error, path) from None
    staged = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as sink:
            yield sink
        # mkstemp makes files for the owner alone; an answer is as readable as any file made here.
        umask = os.umask(0)
        os.umask(umask)
        staged.chmod(0o666 & ~umask)
        staged.replace(path)
    except OSError as error:
        raise write_failure(error, path) from None
    finally:
        staged.unlink(missing_ok=True)


def write_failure(error: OSError, path: Path) -> UsageError | LakeError:
    """What a failed write of an answer means."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LakeError(f"{path}: the disk is full; nothing was written there.")
    why = error.strerror or str(error)
    return UsageError(f"{path} cannot be written: {why}. Name a file in a folder of yours.")


def write_stream(answer: Rows, sink: BinaryIO, kind: str, is_file: bool = False) -> None:
    """Writes the answer to an open binary stream; Arrow as a file or, to a pipe, as a stream."""
    writers: dict[str, Callable[[Rows, BinaryIO], None]] = {
        "csv": lambda a, s: _write_delimited(a, s, ","),
        "tsv": lambda a, s: _write_delimited(a, s, "\t"),
        "json": _write_json,
        "parquet": _write_parquet,
        "arrow": _write_arrow_file if is_file else _write_arrow_stream,
    }
    writers[kind](answer, sink)


def _write_delimited(answer: Rows, sink: BinaryIO, delimiter: str) -> None:
    """NULL is an empty field and an empty text is two quotes; lists and structs are JSON."""
    # Polars quotes only what needs it; pyarrow would quote every text, so that cut and awk fail.
    import polars

    reader = answer.to_text_batches()
    header = delimiter.join(_quoted(name, delimiter) for name in answer.columns)
    sink.write(header.encode() + b"\n")
    for batch in reader:
        frame = polars.from_arrow(batch)
        assert isinstance(frame, polars.DataFrame)
        text = BytesIO()
        frame.write_csv(text, include_header=False, separator=delimiter)
        sink.write(text.getbuffer())


def _quoted(name: str, delimiter: str) -> str:
    if any(character in name for character in (delimiter, '"', "\n", "\r")):
        return '"' + name.replace('"', '""') + '"'
    return name


def _write_json(answer: Rows, sink: BinaryIO) -> None:
    """One object: the terms of the answer, then its rows, one per line."""
    reader = answer.to_batches()
    terms = json.dumps(answer.about.as_dict(), ensure_ascii=False)
    sink.write(terms.removesuffix("}").encode() + b', "rows": [')
    first = True
    for batch in reader:
        rows = [json.dumps(_plain(row), ensure_ascii=False) for row in batch.to_pylist()]
        if not rows:
            continue
        sink.write((b"\n" if first else b",\n") + ",\n".join(rows).encode())
        first = False
    sink.write(b"\n]}\n" if not first else b"]}\n")


def _plain(value: Any) -> Any:
    """A value as JSON has it: no NaN, dates as ISO 8601, bytes as hexadecimal digits."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return float(value)


def _write_parquet(answer: Rows, sink: BinaryIO) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    reader = answer.to_batches()
    # Counts have too many values for dictionaries to be worth their time: without, the file is
    # smaller too.
    texts = [field.name for field in reader.schema if pa.types.is_string(field.type)]
    with pyarrow.parquet.ParquetWriter(
        sink, reader.schema, compression="zstd", use_dictionary=texts
    ) as writer:
        for batch in reader:
            writer.write_batch(batch)


def _write_arrow_stream(answer: Rows, sink: BinaryIO) -> None:
    import pyarrow as pa

    reader = answer.to_batches()
    with pa.ipc.new_stream(sink, reader.schema) as writer:
        _write_batches(reader, writer)


def _write_arrow_file(answer: Rows, sink: BinaryIO) -> None:
    import pyarrow as pa

    reader = answer.to_batches()
    with pa.ipc.new_file(sink, reader.schema) as writer:
        _write_batches(reader, writer)


def _write_batches(reader: "pa.RecordBatchReader", writer: "pa.ipc.RecordBatchFileWriter") -> None:
    for batch in reader:
        writer.write_batch(batch)
