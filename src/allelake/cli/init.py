"""`allelake init`: an empty lake."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli.ending import ends_tidily

if TYPE_CHECKING:
    from allelake.warehouse.assembly import Assembly

NewLake = Annotated[
    Path,
    typer.Argument(metavar="LAKE", help="A folder that is not there yet.", show_default=False),
]
AssemblyName = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="GRCh38 or GRCh37; with --fai or --header the name of another assembly.",
        show_default=False,
    ),
]
Fai = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Contigs of another assembly, from a .fai.")
]
Header = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The same from the header of a VCF or BCF.")
]
Par = Annotated[
    Path | None,
    typer.Option(metavar="BED", help="Its pseudoautosomal regions (0-based, end left out)."),
]


@ends_tidily
def init(
    lake: NewLake,
    assembly: AssemblyName = "",
    fai: Fai = None,
    header: Header = None,
    par: Par = None,
) -> None:
    """Make an empty lake for one assembly.

    Contigs will be named as the assembly names them; files may use any of their names.

    Example: allelake init hk.lake --assembly GRCh38
    """
    from allelake.warehouse.lake import create_lake

    info = create_lake(lake, _assembly(assembly, fai, header, par))
    zones = {zone.kind for zone in info.zones} & {"x_par", "y_par"}
    known = "with PAR" if zones else "without PAR"
    print(f"{lake}: an empty lake, {info.assembly}, {len(info.contigs):,} contigs, {known}.")
    print(f"Next: allelake ingest {lake} FILES...")


def _assembly(name: str, fai: Path | None, header: Path | None, par: Path | None) -> "Assembly":
    """The assembly that the options name."""
    from allelake.errors import UsageError
    from allelake.warehouse.assembly import (
        assembly_from_fai,
        assembly_from_header,
        shipped_assembly,
    )

    if fai is not None and header is not None:
        raise UsageError("Give --fai or --header, not both: each names the contigs.")
    if fai is not None:
        return assembly_from_fai(fai, par, name or fai.name.removesuffix(".fai"))
    if header is not None:
        return assembly_from_header(header, par, name or header.name.split(".")[0])
    if par is not None:
        raise UsageError("--par is for assemblies from --fai or --header; the others know theirs.")
    if not name:
        raise UsageError("Name the assembly: --assembly GRCh38 or --assembly GRCh37.")
    return shipped_assembly(name)
