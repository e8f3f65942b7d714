"""BGZF, written by several threads, with the places of blocks kept for an index."""

import struct
import zlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO

import numpy as np
from isal import igzip_lib, isal_zlib
from numpy.typing import NDArray

# As bgzip: a block that does not compress must still fit into 65,536 bytes.
BLOCK_BYTES = 65_280
END_MARKER = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_HEAD = struct.pack("<BBBBIBBH", 31, 139, 8, 4, 0, 0, 255, 6) + struct.pack("<BBH", 66, 67, 2)
_LEVEL = 1
_AHEAD = 64


def block_of(data: bytes | memoryview) -> bytes:
    """One BGZF block."""
    packed = igzip_lib.compress(data, _LEVEL, igzip_lib.COMP_DEFLATE)
    if len(packed) > BLOCK_BYTES + 100:
        stored = zlib.compressobj(0, zlib.DEFLATED, -15)
        packed = stored.compress(data) + stored.flush()
    size = len(packed) + len(_HEAD) + 2 + 8
    check = isal_zlib.crc32(data)
    return _HEAD + struct.pack("<H", size - 1) + packed + struct.pack("<II", check, len(data))


class BgzfWriter:
    """Takes bytes and writes blocks to `sink`, at most some 64 blocks ahead of it.

    `written` is how many bytes were taken.
    """

    def __init__(self, sink: BinaryIO, threads: int = 2) -> None:
        self._sink = sink
        self._pool = ThreadPoolExecutor(threads)
        self._waiting: deque[Future[bytes]] = deque()
        self._left = bytearray()
        self._places = [0]
        self.written = 0

    def write(self, data: bytes | memoryview) -> None:
        """Adds bytes."""
        self.written += len(data)
        self._left += data
        if len(self._left) >= BLOCK_BYTES * 8:
            self._send(len(self._left) // BLOCK_BYTES)

    def _send(self, blocks: int) -> None:
        view = bytes(self._left[: blocks * BLOCK_BYTES])
        del self._left[: blocks * BLOCK_BYTES]
        for start in range(0, len(view), BLOCK_BYTES):
            piece = memoryview(view)[start : start + BLOCK_BYTES]
            self._waiting.append(self._pool.submit(block_of, piece))
        while len(self._waiting) > _AHEAD:
            self._take()

    def _take(self) -> None:
        block = self._waiting.popleft().result()
        self._sink.write(block)
        self._places.append(self._places[-1] + len(block))

    def finish(self) -> None:
        """Writes what is left and the end marker."""
        if self._left:
            self._send(-(-len(self._left) // BLOCK_BYTES))
        while self._waiting:
            self._take()
        self._sink.write(END_MARKER)
        self._pool.shutdown()

    def cancel(self) -> None:
        """Gives up."""
        self._pool.shutdown(cancel_futures=True)

    def virtual(self, offsets: NDArray[np.int64]) -> NDArray[np.uint64]:
        """The virtual offsets of places in what was taken; after `finish`."""
        places = np.array(self._places, np.uint64)
        block, within = np.divmod(offsets, BLOCK_BYTES)
        return np.asarray((places[block] << np.uint64(16)) | within.astype(np.uint64))
