"""What a lake's lake.toml says, or why a folder is no lake."""

import json
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from allelake.errors import LakeError
from allelake.model.zone import Zone
from allelake.nearest import nearest
from allelake.warehouse.assembly import Assembly, Contig

# The number of LAYOUT.md. It moves when an older allelake could misread a lake.
FORMAT_VERSION = 3
LAKE_FILE = "lake.toml"

# DuckDB splits search paths at commas, takes ? as the start of options, \ as a folder's end,
# and expands braces (tried).
_UNREADABLE_IN_PATHS = ",?{}\\"


@dataclass(frozen=True)
class LakeInfo:
    """What never changes of a lake: its assembly's contigs and zones."""

    path: Path
    format_version: int
    assembly: str
    contigs: tuple[Contig, ...]
    zones: tuple[Zone, ...]

    def contig_named(self, name: str) -> Contig | None:
        """The contig of that name or alias (also in another case), or None."""
        return self._by_name.get(name) or self._by_folded_name.get(name.casefold())

    @cached_property
    def _by_name(self) -> dict[str, Contig]:
        # A contig's own name counts before another's alias.
        aliases = {alias: contig for contig in self.contigs for alias in contig.aliases}
        return aliases | {contig.name: contig for contig in self.contigs}

    @cached_property
    def _by_folded_name(self) -> dict[str, Contig]:
        return {name.casefold(): contig for name, contig in self._by_name.items()}


@cache
def allelake_version() -> str:
    """The version of allelake that is running."""
    return version("allelake")


def lake_toml(assembly: Assembly) -> str:
    """The text of lake.toml."""
    lines = [
        "# Written once by `allelake init`; read by everything. Do not edit.",
        f"format_version = {FORMAT_VERSION}",
        f"written_by = {_quoted('allelake ' + allelake_version())}",
        f"assembly = {_quoted(assembly.name)}",
    ]
    for contig in assembly.contigs:
        aliases = ", ".join(_quoted(alias) for alias in contig.aliases)
        lines += ["", "[[contig]]", f"name = {_quoted(contig.name)}"]
        lines += [f"length_bp = {contig.length_bp}", f'kind = "{contig.kind}"']
        lines += [f"aliases = [{aliases}]"]
    for zone in assembly.zones:
        lines += ["", "[[zone]]", f"contig = {_quoted(zone.contig)}"]
        lines += [f"start_position = {zone.start_position}", f"end_position = {zone.end_position}"]
        lines += [f'kind = "{zone.kind}"']
    return "\n".join(lines) + "\n"


def read_lake_info(path: Path | str) -> LakeInfo:
    """What the lake's lake.toml says; LakeError tells why a path is no lake."""
    lake = Path(path)
    refuse_unreadable_path(lake)
    try:
        text = (lake / LAKE_FILE).read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise LakeError(_why_no_lake(lake)) from error
    except PermissionError as error:
        raise LakeError(
            f"{lake}: no permission to read {LAKE_FILE}. Ask its owner for read permission."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise LakeError(f"{lake / LAKE_FILE}: cannot be read: {error}.") from error
    try:
        said = _parsed(text)
        return _lake_info(lake, said)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise LakeError(
            f"{lake / LAKE_FILE}: is damaged ({error}). It is written once and never changed: "
            "restore it from a copy of the lake."
        ) from error


@lru_cache(maxsize=4)
def _parsed(text: str) -> dict[str, Any]:
    # A command reads the file several times, and an assembly's contigs take ten milliseconds.
    return tomllib.loads(text)


def refuse_unreadable_path(lake: Path) -> None:
    """Refuses a place from which DuckDB could not read."""
    found = sorted(set(_UNREADABLE_IN_PATHS) & set(str(lake.resolve())))
    if found:
        raise LakeError(
            f"{lake}: its full path {lake.resolve()} has {' and '.join(map(repr, found))} in it, "
            "which DuckDB cannot read in paths. Put the lake in a folder without."
        )


def _lake_info(lake: Path, said: dict[str, Any]) -> LakeInfo:
    found = said["format_version"]
    if not isinstance(found, int) or found < 1:
        raise TypeError(f"format_version is {found!r}")
    if found > FORMAT_VERSION:
        raise LakeError(
            f"{lake}: is of lake format {found}, written by {said.get('written_by', 'unknown')}; "
            f"this is allelake {allelake_version()}, which reads up to format {FORMAT_VERSION}. "
            "Upgrade allelake."
        )
    if found < FORMAT_VERSION:
        raise LakeError(
            f"{lake}: is of lake format {found}; allelake {allelake_version()} reads format "
            f"{FORMAT_VERSION}. Make a new lake and ingest the files again."
        )
    return LakeInfo(
        path=lake,
        format_version=found,
        assembly=said["assembly"],
        contigs=tuple(
            Contig(c["name"], c["length_bp"], tuple(c["aliases"]), c["kind"])
            for c in said["contig"]
        ),
        zones=tuple(Zone(**zone) for zone in said.get("zone", [])),
    )


def _why_no_lake(lake: Path) -> str:
    if not lake.exists():
        folder = lake.absolute().parent
        beside = [each.name for each in folder.iterdir()] if folder.is_dir() else []
        near = nearest(lake.name, beside)
        hint = f" Did you mean {lake.with_name(near)}?" if near else ""
        return f"{lake}: no such folder.{hint} `allelake init` makes a lake."
    if not lake.is_dir():
        return f"{lake}: is a file, and a lake is a folder. Name the folder that `init` made."
    if not any(lake.iterdir()):
        return f"{lake}: is an empty folder, not a lake yet. Run `allelake init {lake}` first."
    for above in lake.absolute().parents:
        if (above / LAKE_FILE).is_file():
            return f"{lake}: lies inside the lake {above}. Name that folder."
    return (
        f"{lake}: is not a lake: it has no {LAKE_FILE}. Name the folder that `allelake init` made."
    )


def _quoted(text: str) -> str:
    # TOML's basic strings take JSON's escapes; control characters are refused before this.
    return json.dumps(text, ensure_ascii=False)
