"""A stretch of a file given to a reader that can only begin at a file's beginning.

cyvcf2 cannot be told where to begin but by an index, and it keeps the interpreter's lock while it
reads, so that no thread of the same process could feed it. A process of its own writes the file's
header and the records of the stretch into a pipe.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from allelake.errors import InputError
from allelake.ingest.spec import FileKind, Stretch
from allelake.ingest.stretches.read import open_text, read_stretch

_HEADER_STEP = 1 << 16
_BCF_FIXED_BYTES = 9


class Feeder:
    """The process that feeds; `file_number` is where to read, and belongs to whoever takes it."""

    def __init__(self, path: Path, kind: FileKind, stretch: Stretch) -> None:
        self._path = path
        search = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "allelake.ingest.stretches.feed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": search},
        )
        assert self._process.stdin is not None
        with self._process.stdin as asked:
            pickle.dump((path, kind, stretch), asked)

    def file_number(self) -> int:
        """A new descriptor of the pipe's end."""
        assert self._process.stdout is not None
        with self._process.stdout as source:
            return os.dup(source.fileno())

    def check(self) -> None:
        """Raises what went wrong on the other side, once all was read."""
        assert self._process.stderr is not None
        told = self._process.stderr.read().decode("utf-8", "replace")
        if self._process.wait():
            raise InputError(told.strip() or f"{self._path}: it could not be read to its end")

    def end(self) -> None:
        """Lets the process go, whatever it is at."""
        self._process.kill()
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()


def header_of(path: Path, kind: FileKind) -> bytes:
    """The text of a file before its first record."""
    with path.open("rb") as file:
        if kind == "bcf":
            return _bcf_header(path, file)
        return _text_header(path, file, kind)


def _bcf_header(path: Path, file: BinaryIO) -> bytes:
    pieces = _pieces(path, file, "bcf")
    text = next(pieces)
    size = _BCF_FIXED_BYTES + int.from_bytes(text[5:_BCF_FIXED_BYTES], "little")
    while len(text) < size:
        text += next(pieces)
    return text[:size]


def _text_header(path: Path, file: BinaryIO, kind: FileKind) -> bytes:
    text, at = b"", 0
    for piece in _pieces(path, file, kind):
        text += piece
        while (end := text.find(b"\n", at) + 1) and text[at : at + 1] == b"#":
            at = end
        if at < len(text) and text[at : at + 1] != b"#":
            break
    return text[:at]


def _pieces(path: Path, file: BinaryIO, kind: FileKind) -> Iterator[bytes]:
    text, room = open_text(path, file, kind, None), memoryview(bytearray(_HEADER_STEP))
    while size := text.readinto(room):
        yield bytes(room[:size])


def main() -> None:
    """Takes what is asked for from the input, and writes it to the output."""
    path, kind, stretch = pickle.load(sys.stdin.buffer)
    try:
        sys.stdout.buffer.write(header_of(path, kind))
        for buffer in read_stretch(path, kind, stretch):
            sys.stdout.buffer.write(buffer.data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Whoever reads has what it wants. Nothing may be written at the interpreter's end.
        os._exit(0)
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
