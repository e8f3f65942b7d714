"""What a file is, told by its bytes and never by its name."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from allelake.errors import InputError
from allelake.ingest.inspection.whole_file import inspect_file
from unit.ingest.inspect.vcf_bytes import (
    END_MARKER,
    bcf,
    bgzf,
    bgzf_block,
    gzipped,
    head,
    record,
    write,
)

TEXT = head() + record() + record(position=200) + record("chr2", 5)


def packings(folder: Path) -> dict[str, tuple[str, bytes]]:
    """name: (kind expected, content)."""
    text = TEXT.encode()
    return {
        "plain text": ("vcf", text),
        "gzip": ("vcf.gz", gzipped(text)),
        "gzip in three members cut anywhere": (
            "vcf.gz",
            gzipped(text[:100], text[100:700], text[700:]),
        ),
        "BGZF": ("bgzf", bgzf(text)),
        "BGZF in small blocks": ("bgzf", bgzf(text, 37)),
        "BGZF with an empty block first": ("bgzf", END_MARKER + bgzf(text)),
        "BGZF with an end marker in its middle": ("bgzf", bgzf(text[:300]) + bgzf(text[300:])),
        "BCF": ("bcf", bcf(folder, TEXT)),
        "BCF without packing": ("bcf", bcf(folder, TEXT, raw=True)),
        "BCF in plain gzip": ("bcf", gzipped(bcf(folder, TEXT, raw=True))),
    }


def test_every_packing_gives_the_same_records(tmp_path: Path) -> None:
    for name, (kind, content) in packings(tmp_path).items():
        path = write(tmp_path, content, "no.suffix.says.anything")
        report = inspect_file(path)
        assert report.kind == kind, name
        assert report.records == 3, name
        assert [(s.name, s.records, s.first_position, s.last_position) for s in report.spans] == [
            ("chr1", 2, 100, 200),
            ("chr2", 1, 5, 5),
        ], name
        assert report.sha256 == sha256(content).hexdigest(), name
        assert report.bytes == len(content), name


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"PK\x03\x04 and so on", "a zip archive"),
        (b"BZh91AY", "compressed with bzip2"),
        (b"\xfd7zXZ\x00", "compressed with xz"),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
        (b"PAR1....PAR1", "a Parquet file"),
        (b"CRAM\x03", "a CRAM file"),
        (gzipped(b"BAM\x01\x00"), "a BAM file"),
        (bgzf(b"TBI\x01"), "a tabix index"),
        (bgzf(b"CSI\x01"), "a CSI index"),
        (gzipped(gzipped(TEXT.encode())), "compressed twice"),
        (gzipped(b""), "nothing in it once unpacked"),
        (TEXT.encode("utf-16"), "text in UTF-16"),
        (TEXT.encode("utf-8-sig"), "byte order mark"),
        (b"\n" + TEXT.encode(), "blank space before ##fileformat"),
        (TEXT.encode().split(b"\n", 1)[1], "line 1 is not ##fileformat=VCFv4.x"),
        (b"chr1\t100\t.\tA\tC\n", "line 1 is not ##fileformat=VCFv4.x"),
        (b"once upon a time\n", "not a VCF or BCF"),
        (b"\x1f\x8b\x08\x00", "was cut"),
        (b"\x1f\x8b\x08\x00 is no gzip at all", "cannot be unpacked"),
        (b"\x1f\x8b", "was cut"),
    ],
)
def test_anything_else_is_named_and_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(InputError) as refusal:
        inspect_file(path)
    assert told in str(refusal.value)
    assert str(path) in str(refusal.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, told in (
        (tmp_path / "nowhere.vcf", "no such file"),
        (tmp_path, "a folder"),
        (pipe, "not a regular file"),
    ):
        with pytest.raises(InputError, match=told):
            inspect_file(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT)
    path.chmod(0)
    with pytest.raises(InputError, match=r"no permission"):
        inspect_file(path)


def flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]


@pytest.mark.parametrize("pack", [bgzf, gzipped])
def test_a_flipped_byte_is_never_read_over(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """Checksums see to it; some bytes of the 18 (in gzip 10) before the data mean nothing."""
    content = pack(TEXT.encode())
    for at in range(len(content)):
        path = write(tmp_path, flip(content, at))
        try:
            report = inspect_file(path)
        except InputError:
            continue
        assert at < (18 if pack is bgzf else 10), at
        assert (report.records, report.header.samples) == (3, ("ann", "bo"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (bgzf(TEXT.encode())[:-28], "end marker .* is missing"),
        (bgzf(TEXT.encode())[:-29], "ends inside a BGZF block"),
        (bgzf(TEXT.encode()) + b"garbage", "no BGZF block begins at byte"),
        (bgzf(TEXT.encode()) + gzipped(b""), "no BGZF block begins at byte"),
        (bgzf_block(TEXT.encode()), "end marker .* is missing"),
        (gzipped(TEXT.encode())[:-1], "the file was cut"),
        (gzipped(TEXT.encode()) + b"garbage", "something was appended"),
        (gzipped(TEXT.encode()) + bytes(512), "something was appended"),
    ],
)
def test_a_broken_chain_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        inspect_file(write(tmp_path, content))


def test_progress_counts_the_packed_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, bgzf(TEXT.encode()))
    told: list[int] = []
    inspect_file(path, progress=told.append)
    assert sum(told) == path.stat().st_size


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT)

    def grow(_: int) -> None:
        with path.open("a") as file:
            file.write(record("chr2", 7))

    with pytest.raises(InputError, match=r"changed while it was read"):
        inspect_file(path, progress=grow)
