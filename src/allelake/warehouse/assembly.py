"""The contigs of an assembly: shipped ones, and others from a .fai or a VCF header."""

import gzip
import re
import tomllib
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

from allelake.errors import InputError, UsageError
from allelake.files import shipped
from allelake.model.zone import Zone
from allelake.nearest import nearest
from allelake.warehouse.quoting import refuse_case_twins, refuse_hostile_name

ContigKind = Literal["autosome", "x", "y", "mt", "other"]

# Positions are INTEGER columns.
_LONGEST_CONTIG_BP = 2**31 - 1
_CONTIG_LINE = re.compile(r"^##contig=<(.*)>\s*$")
_HEADER_KEY = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|[^,]*)')
_GZIP_MAGIC = b"\x1f\x8b"
_BCF_MAGIC = b"BCF\x02"


@dataclass(frozen=True)
class Contig:
    """One contig, named as its assembly names it; `aliases` are the names files may use for it."""

    name: str
    length_bp: int
    aliases: tuple[str, ...]
    kind: ContigKind


@dataclass(frozen=True)
class Assembly:
    """Contigs in the assembly's order, and the zones of X, Y and MT (1-based, inclusive)."""

    name: str
    contigs: tuple[Contig, ...]
    zones: tuple[Zone, ...]


@dataclass(frozen=True)
class _Stretch:
    contig: str
    start_position: int
    end_position: int


def shipped_assembly(name: str) -> Assembly:
    """GRCh38 or GRCh37 (hg38, hg19, b37 and the like are understood)."""
    known: dict[str, str] = {}
    for file in sorted(shipped("warehouse").joinpath("assemblies").iterdir(), key=lambda f: f.name):
        declared = tomllib.loads(file.read_text("utf-8"))
        for each in (declared["name"], *declared["names"]):
            known[each.casefold()] = declared["name"]
        if known.get(name.casefold()) == declared["name"]:
            contigs = tuple(
                Contig(c["name"], c["length_bp"], tuple(c["aliases"]), c["kind"])
                for c in declared["contig"]
            )
            par = [_Stretch(**stretch) for stretch in declared["par"]]
            return Assembly(declared["name"], contigs, _zones(contigs, par))
    near = nearest(name, known)
    hint = f" Did you mean {known[near]}?" if near else ""
    raise UsageError(
        f"no assembly named {name!r} is shipped, only {' and '.join(sorted(set(known.values())))}."
        f"{hint} Any other comes from a .fai or a VCF header of it."
    )


def assembly_from_fai(path: Path, par_bed: Path | None, name: str) -> Assembly:
    """An assembly from a FASTA index (`samtools faidx`): the contigs and lengths it lists."""
    found: list[tuple[str, int]] = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        columns = line.split("\t")
        if len(columns) < 2 or not columns[1].isdecimal():
            raise InputError(
                f"{path}: line {number} is no line of a .fai: expected a contig's name, a tab "
                f"and its length, found {line[:60]!r}."
            )
        found.append((columns[0], int(columns[1])))
    return _assembly(name, found, par_bed, path)


def assembly_from_header(path: Path, par_bed: Path | None, name: str) -> Assembly:
    """An assembly from the ##contig lines of a VCF or BCF header; each needs its length."""
    found: list[tuple[str, int]] = []
    for line in _text(path, _header_bytes).splitlines():
        match = _CONTIG_LINE.match(line)
        if not match:
            continue
        keys = {key: value.strip('"') for key, value in _HEADER_KEY.findall(match[1])}
        length = keys.get("length", "")
        if not length.isdecimal():
            raise InputError(
                f"{path}: the header's contig {keys.get('ID', '?')!r} has no length, so the lake "
                "could not refuse positions beyond it. Take a header with lengths, or a .fai."
            )
        found.append((keys.get("ID", ""), int(length)))
    return _assembly(name, found, par_bed, path)


def _assembly(
    name: str, found: list[tuple[str, int]], par_bed: Path | None, path: Path
) -> Assembly:
    refuse_hostile_name(name, "the assembly", str(path))
    if not found:
        raise InputError(f"{path}: names no contig. Take a .fai or a header with ##contig lines.")
    for contig, length in found:
        refuse_hostile_name(contig, "a contig", str(path))
        if not 1 <= length <= _LONGEST_CONTIG_BP:
            raise InputError(
                f"{path}: contig {contig!r} has length {length}; "
                f"expected 1 to {_LONGEST_CONTIG_BP:,} bp."
            )
    refuse_case_twins((contig for contig, _ in found), "contig", str(path))
    names = {contig for contig, _ in found}
    contigs = tuple(
        Contig(contig, length, _usual_aliases(contig, names), _usual_kind(contig))
        for contig, length in found
    )
    par = [] if par_bed is None else _read_par(par_bed, contigs)
    return Assembly(name, contigs, _zones(contigs, par))


def _usual_kind(contig: str) -> ContigKind:
    """What the name says by mammals' custom; without a telling name a contig is 'other'."""
    bare = contig.casefold().removeprefix("chr")
    kinds: dict[str, ContigKind] = {"x": "x", "y": "y", "m": "mt", "mt": "mt"}
    return kinds.get(bare, "autosome" if bare.isdecimal() else "other")


def _usual_aliases(contig: str, taken: set[str]) -> tuple[str, ...]:
    if _usual_kind(contig) == "other":
        return ()
    bare = contig[3:] if contig.casefold().startswith("chr") else contig
    candidates = ["M", "MT"] if _usual_kind(contig) == "mt" else [bare]
    every = [name for each in candidates for name in (each, f"chr{each}")]
    return tuple(name for name in every if name not in taken)


def _read_par(bed: Path, contigs: tuple[Contig, ...]) -> list[_Stretch]:
    """PAR from a BED (0-based, half-open), as 1-based inclusive stretches of X and Y."""
    by_name = {name: c for c in contigs for name in (*c.aliases, c.name)}
    par = []
    for number, line in enumerate(_text(bed).splitlines(), start=1):
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        columns = line.split()
        where = f"{bed}: line {number}"
        if len(columns) < 3 or not (columns[1].isdecimal() and columns[2].isdecimal()):
            raise InputError(f"{where}: expected contig, start and end, found {line[:60]!r}.")
        contig = by_name.get(columns[0])
        if contig is None or contig.kind not in ("x", "y"):
            raise InputError(
                f"{where}: {columns[0]!r} is not the X or Y of this assembly. PAR lies on X and Y."
            )
        start, end = int(columns[1]) + 1, int(columns[2])
        if not start <= end <= contig.length_bp:
            raise InputError(
                f"{where}: {columns[1]}-{columns[2]} does not lie within {contig.name}, "
                f"which has {contig.length_bp:,} bp. BED starts count from 0."
            )
        par.append(_Stretch(contig.name, start, end))
    return par


def _zones(contigs: Iterable[Contig], par: list[_Stretch]) -> tuple[Zone, ...]:
    """PAR and what is left of X and Y between, and the whole of MT; disjoint, in order."""
    zones: list[Zone] = []
    for contig in contigs:
        if contig.kind == "mt":
            zones.append(Zone(contig.name, 1, contig.length_bp, "mt"))
        if contig.kind not in ("x", "y"):
            continue
        kind, par_kind = (("x", "x_par"), ("y", "y_par"))[contig.kind == "y"]
        start = 1
        for stretch in sorted(
            (p for p in par if p.contig == contig.name), key=lambda p: p.start_position
        ):
            if stretch.start_position < start:
                raise InputError(f"PAR stretches of {contig.name} overlap at {start - 1:,}.")
            if stretch.start_position > start:
                zones.append(_zone(contig.name, start, stretch.start_position - 1, kind))
            zones.append(_zone(contig.name, stretch.start_position, stretch.end_position, par_kind))
            start = stretch.end_position + 1
        if start <= contig.length_bp:
            zones.append(_zone(contig.name, start, contig.length_bp, kind))
    return tuple(zones)


def _zone(contig: str, start: int, end: int, kind: str) -> Zone:
    return Zone(contig, start, end, kind)  # type: ignore[arg-type]


def _text(path: Path, read: Callable[[IO[bytes]], bytes] = lambda file: file.read()) -> str:
    """What `read` takes of a file, unpacked if need be, as text."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP_MAGIC
        with _opened(path, packed) as unpacked:
            content = read(unpacked)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read: {error}.") from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text at byte {error.start}.") from error


def _opened(path: Path, packed: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if packed else path.open("rb")


def _header_bytes(file: IO[bytes]) -> bytes:
    """The header lines of a VCF or BCF, and no more: the file may hold a cohort."""
    first = file.read(9)
    if first.startswith(_BCF_MAGIC):
        return file.read(int.from_bytes(first[5:9], "little")).rstrip(b"\0")
    if not first.startswith(b"#"):
        return b""
    lines = [first + file.readline()]
    while (line := file.readline()).startswith(b"#"):
        lines.append(line)
    return b"".join(lines)
