"""`allelake init`: an empty lake."""

from pathlib import Path
from typing import Annotated

import typer

from allelake.cli.ending import ends_tidily


@ends_tidily
def init(
    lake: Annotated[
        Path,
        typer.Argument(metavar="LAKE", help="A folder that is not there yet.", show_default=False),
    ],
    assembly: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="GRCh38 or GRCh37; with --fai or --header the name of another assembly.",
        ),
    ] = "",
    fai: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Contigs of another assembly, from a .fai."),
    ] = None,
    header: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The same from the header of a VCF or BCF."),
    ] = None,
    par: Annotated[
        Path | None,
        typer.Option(metavar="BED", help="Its pseudoautosomal regions (0-based, end left out)."),
    ] = None,
) -> None:
    """Make an empty lake for one assembly.

    Contigs will be named as the assembly names them; files may use any of their names.

    Example: allelake init hk.lake --assembly GRCh38
    """
    from allelake.errors import UsageError
    from allelake.warehouse.assembly import (
        assembly_from_fai,
        assembly_from_header,
        shipped_assembly,
    )
    from allelake.warehouse.lake import create_lake

    if fai is not None and header is not None:
        raise UsageError("Give --fai or --header, not both: each names the contigs.")
    source = fai or header
    if source is None and not assembly:
        raise UsageError("Name the assembly: --assembly GRCh38 or --assembly GRCh37.")
    if source is None and par is not None:
        raise UsageError("--par is for assemblies from --fai or --header; the others know theirs.")
    if fai is not None:
        made = assembly_from_fai(fai, par, assembly or fai.name.removesuffix(".fai"))
    elif header is not None:
        made = assembly_from_header(header, par, assembly or header.name.split(".")[0])
    else:
        made = shipped_assembly(assembly)
    info = create_lake(lake, made)
    zones = {zone.kind for zone in info.zones} & {"x_par", "y_par"}
    known = "with PAR" if zones else "without PAR"
    print(f"{lake}: an empty lake, {info.assembly}, {len(info.contigs):,} contigs, {known}.")
    print(f"Next: allelake ingest {lake} FILES...")
