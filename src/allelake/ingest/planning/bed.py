"""Regions of a BED file, in the lake's contigs."""

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allelake.errors import InputError, UsageError
from allelake.ingest.planning.assembly_match import assembly_hinted
from allelake.ingest.spec import Regions
from allelake.nearest import did_you_mean
from allelake.warehouse.assembly import Contig
from allelake.warehouse.info import LakeInfo

NO_REGIONS = ("#", "track", "browser")
SHOWN_CHARACTERS = 40
OTHER_ASSEMBLY = (
    "The BED is of another assembly, or the line is wrong: lift the BED over, or mend it."
)


def read_bed(path: Path, info: LakeInfo, *, skip_unknown: bool = False) -> Regions:
    """The regions of a BED file (plain or gzip), merged where they overlap or touch.

    BED counts from 0 and leaves the end out; regions here are 1-based with both ends. Raises
    InputError, with the line, for what is no region of the lake's assembly, and for a BED without
    any. `skip_unknown` leaves out lines of contigs that the lake does not know.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for number, line in _lines(path):
        where = f"{path}, line {number}"
        if not line.strip() or line.startswith(NO_REGIONS):
            _refuse_other_hint(line, where, info)
            continue
        name, start0, end = _fields(line, where)
        contig = info.contig_named(name)
        if contig is None:
            if skip_unknown:
                continue
            raise InputError(_unknown(name, where, info))
        _refuse_beyond(contig, end, where, info)
        found.setdefault(contig.name, []).append((start0 + 1, end))
    if not found:
        raise InputError(
            f"{path}: it has no region; expected lines of contig, start and end. An empty BED "
            "would make everything unknown: leave out --regions for that."
        )
    order = {contig.name: place for place, contig in enumerate(info.contigs)}
    return {name: merged(found[name]) for name in sorted(found, key=order.__getitem__)}


def merged(intervals: list[tuple[int, int]]) -> NDArray[np.int32]:
    """Intervals (1-based, inclusive), in any order, as sorted ones that neither overlap nor touch.

    >>> merged([(5, 9), (1, 2), (3, 3), (8, 20)]).tolist()
    [[1, 3], [5, 20]]
    """
    kept: list[list[int]] = []
    for start, end in sorted(intervals):
        if kept and start <= kept[-1][1] + 1:
            kept[-1][1] = max(kept[-1][1], end)
        else:
            kept.append([start, end])
    return np.array(kept, np.int32).reshape(-1, 2)


def bases(regions: Regions) -> int:
    """How many bases the regions hold."""
    return sum(int((one[:, 1].astype(np.int64) - one[:, 0] + 1).sum()) for one in regions.values())


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file; --regions names a BED file.")
    try:
        with path.open("rb") as file:
            is_gzip = file.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rt") if is_gzip else path.open() as text:
            for number, line in enumerate(text, 1):
                yield number, line.rstrip("\r\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the BED cannot be read: {error}. Copy it again.") from error


def _fields(line: str, where: str) -> tuple[str, int, int]:
    fields = line.split("\t") if "\t" in line else line.split()
    if len(fields) < 3:
        raise InputError(
            f"{where}: {len(fields)} columns; expected contig, start and end, with tabs between. "
            "Mend the line."
        )
    name, start0, end = (field.strip() for field in fields[:3])
    if not (start0.isdecimal() and end.isdecimal() and start0.isascii() and end.isascii()):
        shown = f"{start0[:SHOWN_CHARACTERS]!r} and {end[:SHOWN_CHARACTERS]!r}"
        raise InputError(
            f"{where}: start and end are {shown}; expected whole numbers. Mend the line."
        )
    if int(end) <= int(start0):
        raise InputError(
            f"{where}: end {end} is not after start {start0}; a BED's start counts from 0 and its "
            "end is the last base. Mend the line."
        )
    return name, int(start0), int(end)


def _unknown(name: str, where: str, info: LakeInfo) -> str:
    known = did_you_mean(name, [contig.name for contig in info.contigs])
    return (
        f"{where}: the lake ({info.assembly}) has no contig {name[:SHOWN_CHARACTERS]!r}. {known} "
        "Leave such lines out with --skip-unknown-contigs."
    )


def _refuse_beyond(contig: Contig, end: int, where: str, info: LakeInfo) -> None:
    if end > contig.length_bp:
        raise InputError(
            f"{where}: the region ends at {end:,}; {contig.name} of the lake ({info.assembly}) has "
            f"{contig.length_bp:,} bases. {OTHER_ASSEMBLY}"
        )


def _refuse_other_hint(line: str, where: str, info: LakeInfo) -> None:
    """A `track` line that names an assembly (db=hg19) must name the lake's."""
    database = re.search(r"\bdb=(\S+)", line)
    hinted = assembly_hinted(database[1]) if database else None
    mine = assembly_hinted(info.assembly)
    if hinted is not None and mine is not None and hinted != mine:
        raise InputError(
            f"{where}: it names {hinted}; the lake is {info.assembly}. {OTHER_ASSEMBLY}"
        )
