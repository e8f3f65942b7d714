"""Plain gzip: one or more members, each closed by a checksum and its size."""

from collections.abc import Iterator
from pathlib import Path

from isal import isal_zlib

from allelake.errors import InputError

# isal declares its exception class as an instance.
UNPACK_ERROR: type[Exception] = isal_zlib.error  # type: ignore[assignment]
CHUNK_BYTES = 1 << 20
# Python copies what a step leaves of its input, so a step's input is kept small.
STEP_BYTES = 1 << 16
GZIP_WINDOW_BITS = 31
HEAD_BYTES = 4096
COPY_AGAIN = "Copy it again from its source; do not repair it."


def first_bytes(path: Path, head: bytes) -> bytes:
    """The first unpacked bytes of a gzip or BGZF file, given its first packed ones."""
    unpacker = isal_zlib.decompressobj(GZIP_WINDOW_BITS)
    try:
        text = unpacker.decompress(head, HEAD_BYTES)
        # The first members may be empty, or too short to tell anything by.
        while len(text) < HEAD_BYTES and unpacker.eof:
            rest = unpacker.unused_data
            if not rest.startswith(b"\x1f\x8b"):
                break
            unpacker = isal_zlib.decompressobj(GZIP_WINDOW_BITS)
            text += unpacker.decompress(rest, HEAD_BYTES)
    except UNPACK_ERROR:
        raise InputError(f"{path}: looks like gzip but cannot be unpacked. {COPY_AGAIN}") from None
    if not text and not unpacker.eof:
        raise InputError(f"{path}: the gzip data ends before any text: it was cut. {COPY_AGAIN}")
    return bytes(text)


class GzipReader:
    """The text of a gzip file; each member's checksum and size are checked by the unpacker."""

    def __init__(self, path: Path):
        self._path = path
        self._unpacker = isal_zlib.decompressobj(GZIP_WINDOW_BITS)
        self._member_text = 0
        self._members = 0
        self.vouches_for_end = False

    def chunks(self, packed: Iterator[bytes]) -> Iterator[bytes]:
        for piece in packed:
            for start0 in range(0, len(piece), STEP_BYTES):
                yield from self._step(piece[start0 : start0 + STEP_BYTES])
        if not self._unpacker.eof:
            raise InputError(
                f"{self._path}: the gzip data ends before its checksum: the file was cut. "
                f"{COPY_AGAIN}"
            )
        # Members end wherever their writer wished, so only a single one proves its end.
        self.vouches_for_end = self._members == 0

    def _step(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._unpacker.eof:
                if not data:
                    return
                self._open_member(data)
            text = self._unpack(data)
            self._member_text += len(text)
            if text:
                yield text
            if self._unpacker.eof:
                data = bytes(self._unpacker.unused_data)
            elif self._unpacker.unconsumed_tail:
                data = bytes(self._unpacker.unconsumed_tail)
            elif len(text) == CHUNK_BYTES:
                data = b""
            else:
                return

    def _open_member(self, data: bytes) -> None:
        if not b"\x1f\x8b".startswith(data[:2]):
            raise InputError(
                f"{self._path}: bytes follow the end of the gzip data that are no gzip: something "
                f"was appended. {COPY_AGAIN}"
            )
        self._members += 1
        self._member_text = 0
        self._unpacker = isal_zlib.decompressobj(GZIP_WINDOW_BITS)

    def _unpack(self, data: bytes) -> bytes:
        try:
            return bytes(self._unpacker.decompress(data, CHUNK_BYTES))
        except UNPACK_ERROR as error:
            raise InputError(
                f"{self._path}: the gzip data is damaged after {self._member_text} bytes of text "
                f"({error}). {COPY_AGAIN}"
            ) from None
