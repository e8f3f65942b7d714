"""The bytes of an input file: what kind it is by content, and its text whole or a refusal."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from allelake.errors import InputError
from allelake.ingest.inspection.bgzf import BgzfReader, is_bgzf
from allelake.ingest.inspection.gzip_members import GzipReader, first_bytes
from allelake.ingest.spec import FileKind

Compression = Literal["none", "gzip", "bgzf"]
CHUNK_BYTES = 1 << 20

# What a user may hand over by mistake: the first bytes, and what to say.
FOREIGN = (
    (b"PK\x03\x04", "a zip archive", "Unpack it and compress the VCF with bgzip."),
    (b"BZh", "compressed with bzip2", "Convert it: bzcat FILE | bgzip -c > FILE.vcf.gz"),
    (b"\xfd7zXZ", "compressed with xz", "Convert it: xzcat FILE | bgzip -c > FILE.vcf.gz"),
    (
        b"\x28\xb5\x2f\xfd",
        "compressed with zstd",
        "Convert it: zstdcat FILE | bgzip -c > FILE.vcf.gz",
    ),
    (b"PAR1", "a Parquet file", "allelake ingests VCF and BCF."),
    (b"ARROW1", "an Arrow file", "allelake ingests VCF and BCF."),
    (b"CRAM", "a CRAM file of aligned reads", "Call variants first; allelake ingests VCF and BCF."),
    (
        b"BAM\x01",
        "a BAM file of aligned reads",
        "Call variants first; allelake ingests VCF and BCF.",
    ),
    (b"TBI\x01", "a tabix index", "Give the VCF that it belongs to."),
    (b"CSI\x01", "a CSI index", "Give the VCF or BCF that it belongs to."),
    (b"BCF\x04", "BCF version 1", "Convert it with the samtools 0.1 of its day; BCF 2 is read."),
    (b"\x89HDF", "an HDF5 file", "allelake ingests VCF and BCF."),
    (b"\x6c\x1b", "a plink file", "Export it: plink2 --export vcf bgz"),
    (b"\xff\xfe", "text in UTF-16", "Convert it: iconv -f UTF-16 -t UTF-8"),
    (b"\xfe\xff", "text in UTF-16", "Convert it: iconv -f UTF-16 -t UTF-8"),
    (b"\xef\xbb\xbf", "text with a byte order mark", "Remove it: sed '1s/^\\xEF\\xBB\\xBF//'"),
    (b"\x1f\x8b", "compressed twice", "Uncompress it once."),
)


@dataclass(frozen=True)
class Container:
    """How the bytes of a file are packed, told by its first ones."""

    path: Path
    compression: Compression
    is_bcf: bool

    @property
    def kind(self) -> FileKind:
        if self.is_bcf:
            return "bcf"
        kinds: dict[Compression, FileKind] = {"none": "vcf", "gzip": "vcf.gz", "bgzf": "bgzf"}
        return kinds[self.compression]


def find_container(path: Path) -> Container:
    """What the file is, by content: its name is not asked."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(_not_a_file(path))
        with path.open("rb") as file:
            head = file.read(1 << 16)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file. Check the path.") from None
    except PermissionError:
        raise InputError(f"{path}: no permission to read it. Ask its owner, or copy it.") from None
    except OSError as error:
        raise InputError(f"{path}: it cannot be read: {error.strerror}.") from None
    if not head:
        raise InputError(f"{path}: the file is empty (0 bytes). Copy it again from its source.")
    if not head.startswith(b"\x1f\x8b"):
        return Container(path, "none", _is_bcf(path, head))
    compression: Compression = "bgzf" if is_bgzf(head) else "gzip"
    return Container(path, compression, _is_bcf(path, first_bytes(path, head)))


def _not_a_file(path: Path) -> str:
    if path.is_dir():
        return f"{path}: a folder, not a file. Name the files in it, for example {path}/*.vcf.gz"
    return f"{path}: not a regular file. It is read more than once: save it to disk first."


def _is_bcf(path: Path, text: bytes) -> bool:
    """Whether unpacked first bytes are BCF 2; a refusal if they are neither BCF nor VCF."""
    if text.startswith(b"BCF\x02"):
        return True
    if text.startswith(b"##fileformat=VCF"):
        return False
    for magic, what, way_out in FOREIGN:
        if text.startswith(magic):
            raise InputError(f"{path}: {what}, not a VCF or BCF. {way_out}")
    if not text:
        raise InputError(f"{path}: nothing in it once unpacked. Copy it again from its source.")
    if text.lstrip().startswith(b"##fileformat=VCF"):
        raise InputError(f"{path}: blank space before ##fileformat. Remove it: it must come first.")
    if text.startswith(b"#") or b"\t" in text[:4096]:
        raise InputError(
            f"{path}: line 1 is not ##fileformat=VCFv4.x, so what follows cannot be trusted to be "
            "a VCF. If it is one, add that line and the #CHROM line."
        )
    raise InputError(
        f"{path}: not a VCF or BCF: line 1 is not ##fileformat=VCFv4.x. Check the path."
    )


class ContainerReader:
    """A file's unpacked bytes in chunks, each checked before it is given out.

    Memory: a chunk of packed and a chunk of unpacked bytes, 1 MiB each. After the last chunk
    `sha256` and `bytes` describe the packed file; `vouches_for_end` says whether the packing
    proves that the text ends where its writer ended it.
    """

    def __init__(self, container: Container, progress: Callable[[int], None] | None = None):
        self._container = container
        self._progress = progress
        self._digest = hashlib.sha256()
        self.bytes = 0
        self.vouches_for_end = False

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        path, compression = self._container.path, self._container.compression
        with path.open("rb") as file:
            if compression == "none":
                yield from self._packed(file)
                return
            reader = (BgzfReader if compression == "bgzf" else GzipReader)(path)
            yield from reader.chunks(self._packed(file))
            self.vouches_for_end = reader.vouches_for_end

    def _packed(self, file: BinaryIO) -> Iterator[bytes]:
        # Not beyond the size at the beginning: a file that grows could be read for ever.
        size = os.fstat(file.fileno()).st_size
        while chunk := file.read(min(CHUNK_BYTES, size - self.bytes)):
            self._digest.update(chunk)
            self.bytes += len(chunk)
            if self._progress is not None:
                self._progress(len(chunk))
            yield chunk
