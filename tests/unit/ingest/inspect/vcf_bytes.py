"""VCF files as bytes, in every packing, for tests of what is read and what is refused."""

import gzip
import io
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import pysam
import pysam.bcftools

END_MARKER = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
DECLARED = (
    "##contig=<ID=chr1,length=1000000>",
    "##contig=<ID=chr2,length=500000>",
    '##FILTER=<ID=q10,Description="Quality below 10">',
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
    '##INFO=<ID=DB,Number=0,Type=Flag,Description="In dbSNP">',
    '##INFO=<ID=NOTE,Number=1,Type=String,Description="Anything">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##FORMAT=<ID=GL,Number=G,Type=Float,Description="Likelihoods">',
    '##FORMAT=<ID=ST,Number=1,Type=String,Description="Strand">',
)


def head(
    samples: Sequence[str] = ("ann", "bo"),
    lines: Sequence[str] = DECLARED,
    version: str = "VCFv4.3",
) -> str:
    columns = "\t".join([COLUMNS, "FORMAT", *samples]) if samples else COLUMNS
    return "\n".join([f"##fileformat={version}", *lines, columns]) + "\n"


def record(
    contig: str = "chr1",
    position: object = 100,
    name: str = ".",
    ref: str = "A",
    alt: str = "C",
    qual: str = ".",
    filters: str = "PASS",
    info: str = ".",
    rest: Sequence[str] = ("GT", "0/1", "0/0"),
) -> str:
    fields = [contig, str(position), name, ref, alt, qual, filters, info, *rest]
    return "\t".join(fields) + "\n"


def bgzf(text: bytes, block_bytes: int = 65_280) -> bytes:
    blocks = [
        bgzf_block(text[start : start + block_bytes]) for start in range(0, len(text), block_bytes)
    ]
    return b"".join([*blocks, END_MARKER])


def bgzf_block(text: bytes) -> bytes:
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = deflate.compress(text) + deflate.flush()
    size = struct.pack("<H", len(body) + 25)
    header = END_MARKER[:16] + size
    return header + body + struct.pack("<II", zlib.crc32(text), len(text))


def gzipped(*members: bytes) -> bytes:
    return b"".join(gzip.compress(member, mtime=0) for member in members)


def bcf(folder: Path, text: str, *, raw: bool = False) -> bytes:
    """The same records as BCF, written by htslib; `raw`: taken out of its BGZF."""
    source, target = folder / "to_bcf.vcf", folder / "to_bcf.bcf"
    source.write_text(text)
    with (
        pysam.VariantFile(str(source)) as reading,
        pysam.VariantFile(str(target), "wb", header=reading.header) as writing,
    ):
        for one in reading:
            writing.write(one)
    packed = target.read_bytes()
    return gzip.GzipFile(fileobj=io.BytesIO(packed)).read() if raw else packed


def indexed(path: Path, *, csi: bool = False) -> Path:
    """The index that htslib makes beside a BGZF or BCF file."""
    if path.suffix == ".bcf":
        pysam.bcftools.index("-f", str(path), catch_stdout=False)
        return path.with_name(path.name + ".csi")
    pysam.tabix_index(str(path), preset="vcf", force=True, csi=csi)
    return path.with_name(path.name + (".csi" if csi else ".tbi"))


def write(folder: Path, content: str | bytes, name: str = "calls.vcf") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
