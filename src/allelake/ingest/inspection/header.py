"""A VCF or BCF header: version, samples, contigs and declared fields, or what is wrong with it."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from allelake.errors import InputError
from allelake.ingest.inspection.container import ContainerReader, find_container
from allelake.ingest.inspection.header_lines import HeaderLine, parse_header_line
from allelake.ingest.inspection.header_samples import parse_column_line
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.spec import Field, FieldType, Header

VERSION = re.compile(r"VCFv(4)\.(\d+)\s*")
LATEST_MINOR = 5
# VCF 4.5 sections 1.4.2 and 1.4.4: a count, or how the count follows from alleles and ploidy.
NUMBER = re.compile(r"\d+|[ARG.PM]|L[ARG]")
COLUMN_LINE = b"\n#CHROM"
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# A header this long is no header (the 3,000 contigs of GRCh38 with HLA take 0.3 MB).
MAX_HEADER_BYTES = 1 << 28
SOURCE_CHARACTERS = 300
# Written by tools that pass a file on, not by the one that called the variants.
PASSING_KEYS = re.compile(
    r"bcftools_|fileformat|fileDate|reference|assembly|ALT$|SAMPLE|PEDIGREE|META"
)


def read_header(path: Path) -> Header:
    """What a file's header says, without reading its records."""
    container = find_container(path)
    chunks = ContainerReader(container).chunks()
    book = NoticeBook(path)
    if container.is_bcf:
        lines, _ = split_bcf_header(path, chunks)
    else:
        lines, _ = split_text_header(path, chunks, book)
    return parse_header(path, lines, book)


def split_text_header(
    path: Path, chunks: Iterator[bytes], book: NoticeBook
) -> tuple[list[bytes], bytes | None]:
    """The header's lines, the #CHROM line last, and the bytes that follow in the chunk read last.

    None for these bytes: the file ends in the #CHROM line, without a newline.
    """
    text, at = b"", -1
    for chunk in chunks:
        searched = max(0, len(text) - len(COLUMN_LINE))
        text += chunk
        at = at if at >= 0 else text.find(COLUMN_LINE, searched)
        end = text.find(b"\n", at + 1) if at >= 0 else -1
        if end >= 0:
            return _tidy(text[:end].split(b"\n"), book), text[end + 1 :]
        stray = re.search(rb"\n[^#\r\n]", text[searched:])
        if (stray and at < 0) or len(text) > MAX_HEADER_BYTES:
            break
    if at < 0:
        raise InputError(_no_column_line(path, text))
    return _tidy(text.split(b"\n"), book), None


def _no_column_line(path: Path, text: bytes) -> str:
    for number, line in enumerate(text.split(b"\n"), 1):
        if line and not line.startswith(b"##"):
            kind = "the records begin" if not line.startswith(b"#") else "a line begins with one #"
            return (
                f"{path}: line {number}: {kind} before any #CHROM line. Put the #CHROM line (tabs "
                "between its columns) after the ## lines."
            )
    return (
        f"{path}: the header has no #CHROM line: the file ends after {len(text)} bytes of header. "
        "It was cut: copy it again from its source."
    )


def _tidy(lines: list[bytes], book: NoticeBook) -> list[bytes]:
    if any(line.endswith(b"\r") for line in lines):
        book.fault("crlf", "lines end in CR LF, as on Windows", "the header")
    return [line.removesuffix(b"\r") for line in lines]


def split_bcf_header(path: Path, chunks: Iterator[bytes]) -> tuple[list[bytes], bytes]:
    """The lines of the header text inside a BCF file, and the bytes that follow in its chunk."""
    data = b""
    need = 9
    for chunk in chunks:
        data += chunk
        if len(data) >= 9:
            need = 9 + int.from_bytes(data[5:9], "little")
        if len(data) >= need:
            break
        if need > MAX_HEADER_BYTES:
            raise InputError(f"{path}: the BCF header says it has {need} bytes: it is damaged.")
    if len(data) < need:
        raise InputError(
            f"{path}: the BCF header should have {need} bytes and the file ends after {len(data)}: "
            "it was cut. Copy it again from its source."
        )
    text = data[9:need].rstrip(b"\0").rstrip(b"\n")
    return [line.removesuffix(b"\r") for line in text.split(b"\n")], data[need:]


def parse_header(path: Path, lines: list[bytes], book: NoticeBook) -> Header:
    """The header that these lines make; faults that leave it usable go to the book."""
    reader = _HeaderReader(path, book)
    for number, raw in enumerate(lines, 1):
        if raw.startswith(b"#CHROM"):
            samples = parse_column_line(path, raw, number)
            return reader.header(samples)
        reader.take(_decode(path, raw, number, book), number)
    raise InputError(f"{path}: the header has no #CHROM line. Copy the file again.")


def _decode(path: Path, raw: bytes, number: int, book: NoticeBook) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        book.fault(
            "header_not_utf8", "header lines are not UTF-8; read as Latin-1", f"line {number}"
        )
        return raw.decode("latin-1")


class _HeaderReader:
    """Gathers what the ## lines declare."""

    def __init__(self, path: Path, book: NoticeBook):
        self._path = path
        self._book = book
        self._version = ""
        self._contigs: dict[str, int | None] = {}
        self._fields: dict[str, dict[str, Field]] = {"INFO": {}, "FORMAT": {}}
        self._filters: dict[str, None] = {}
        self._declared: dict[tuple[str, str], HeaderLine] = {}
        self._sources: list[str] = []
        self._assembly_hint: str | None = None

    def header(self, samples: tuple[str, ...]) -> Header:
        return Header(
            version=self._version,
            samples=samples,
            contigs=self._contigs,
            info=self._fields["INFO"],
            format=self._fields["FORMAT"],
            filters=tuple(self._filters),
            sources=tuple(self._sources),
            assembly_hint=self._assembly_hint,
        )

    def take(self, text: str, number: int) -> None:
        where = f"line {number}"
        if not text.strip():
            self._book.fault("header_blank_line", "blank lines in the header, ignored", where)
            return
        if not text.startswith("##"):
            raise InputError(
                f"{self._path}: {where} is neither a ## line nor the #CHROM line. Header lines "
                "begin with ##; no record may come before the #CHROM line."
            )
        line = parse_header_line(text, number)
        if number == 1:
            self._take_version(line, text)
        elif line is None:
            self._book.fault(
                "header_line_unreadable", "header lines that are not ##key=value, ignored", where
            )
        elif line.key in ("INFO", "FORMAT", "FILTER", "contig"):
            self._take_declaration(line)
        else:
            self._take_other(line)

    def _take_version(self, line: HeaderLine | None, text: str) -> None:
        match = VERSION.fullmatch(line.value) if line else None
        if match is None:
            raise InputError(
                f"{self._path}: line 1 is {text[:60]!r}; expected ##fileformat=VCFv4.0 to "
                f"VCFv4.{LATEST_MINOR}. Convert older files, or correct the line."
            )
        self._version = f"4.{match[2]}"
        if int(match[2]) > LATEST_MINOR:
            self._book.fault(
                "version_unknown", f"VCF {self._version} is newer than 4.{LATEST_MINOR}"
            )

    def _take_other(self, line: HeaderLine) -> None:
        if line.key in ("reference", "assembly") and self._assembly_hint is None:
            self._assembly_hint = line.value
        elif not PASSING_KEYS.match(line.key):
            self._sources.append(f"{line.key}={line.value}"[:SOURCE_CHARACTERS])

    def _take_declaration(self, line: HeaderLine) -> None:
        attributes = line.attributes or {}
        name, where = attributes.get("ID", ""), f"line {line.number}"
        if not name:
            self._book.fault(
                "declaration_unreadable",
                f"{line.key} lines of the header without ID, ignored",
                where,
            )
            return
        if CONTROL.search(name):
            raise InputError(
                f"{self._path}: {where}: the {line.key} name {name!r} has control characters. "
                "Rename it in the header and the records."
            )
        if not line.is_whole:
            self._book.fault(
                "declaration_irregular",
                f"{line.key} header lines that are not <key=value,...>, read as far as can be",
                where,
            )
        if self._is_repeated(line, name) and self._contigs.get(name, 0) is not None:
            return
        self._declared[line.key, name] = line
        if line.key == "contig":
            self._take_contig(name, attributes, where)
        elif line.key == "FILTER":
            self._filters[name] = None
        else:
            self._take_field(line, name, attributes)

    def _is_repeated(self, line: HeaderLine, name: str) -> bool:
        """Whether an earlier line declares the same; a refusal if it declares otherwise."""
        earlier = self._declared.get((line.key, name))
        if earlier is None:
            return False
        mine, theirs = line.attributes or {}, earlier.attributes or {}
        if _contradict(line.key, mine, theirs):
            raise InputError(
                f"{self._path}: {line.key} {name} is declared twice and differently. Line "
                f"{earlier.number}: {earlier.text[:200]} Line {line.number}: {line.text[:200]} "
                "Remove the wrong one (bcftools reheader)."
            )
        self._book.fault(
            "declared_twice", f"{line.key} names declared twice alike", f"line {line.number}"
        )
        return True

    def _take_contig(self, name: str, attributes: dict[str, str], where: str) -> None:
        written = attributes.get("length")
        if self._assembly_hint is None and attributes.get("assembly"):
            self._assembly_hint = attributes["assembly"]
        length = int(written) if written and written.isascii() and written.isdigit() else None
        if written and length is None:
            self._book.fault(
                "contig_length_unreadable", "contig lengths that are no numbers, ignored", where
            )
        self._contigs[name] = length or None

    def _take_field(self, line: HeaderLine, name: str, attributes: dict[str, str]) -> None:
        where, number = f"line {line.number}", attributes.get("Number", "")
        kind = next((t for t in get_args(FieldType) if t == attributes.get("Type")), None)
        if kind is None or not NUMBER.fullmatch(number):
            self._book.fault(
                "declaration_unreadable",
                f"{line.key} {name} has Number={number or '(none)'} and "
                f"Type={attributes.get('Type', '(none)')}, which VCF does not know; not kept",
                where,
            )
            return
        if kind == "Flag" and number != "0":
            self._book.fault(
                "flag_with_number",
                f"{line.key} {name} is a Flag with Number={number}; taken as 0",
                where,
            )
            number = "0"
        description = attributes.get("Description", "")
        self._fields[line.key][name] = Field(name, number, kind, description)


def _contradict(key: str, mine: dict[str, str], theirs: dict[str, str]) -> bool:
    if key == "contig":
        # Where one line gives no length the other's is no contradiction.
        return len({line["length"] for line in (mine, theirs) if "length" in line}) > 1
    if key == "FILTER":
        return False
    return any(mine.get(part) != theirs.get(part) for part in ("Number", "Type"))


def dictionary_of(lines: Iterable[bytes]) -> tuple[dict[int, str], dict[int, str]]:
    """The names that BCF records refer to by number: of contigs, and of FILTER, INFO and FORMAT.

    Numbers follow the header's order unless IDX= says otherwise (BCF2 specification, 6.2.1).
    """
    contigs: dict[int, str] = {}
    names: dict[int, str] = {0: "PASS"}
    known: set[str] = {"PASS"}
    for number, raw in enumerate(lines, 1):
        line = parse_header_line(raw.decode("utf-8", "replace"), number)
        attributes = line.attributes if line and raw.startswith(b"##") else None
        if line is None or not attributes or "ID" not in attributes:
            continue
        name, index = attributes["ID"], attributes.get("IDX", "")
        if line.key == "contig":
            contigs[int(index) if index.isdigit() else len(contigs)] = name
        elif line.key in ("FILTER", "INFO", "FORMAT") and name not in known:
            names[int(index) if index.isdigit() else len(names)] = name
            known.add(name)
    return contigs, names
