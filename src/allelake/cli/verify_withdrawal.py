"""`allelake verify-withdrawal`: whether anything of a participant is left in a lake's folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Format

if TYPE_CHECKING:
    from allelake.warehouse.withdrawal.verify_sought import Looked, Trace

Participants = Annotated[
    list[str],
    typer.Argument(
        metavar="PARTICIPANT...",
        help="Whose names to look for: participants, and what their samples were called.",
        show_default=False,
    ),
]
SampleNumbers = Annotated[
    list[int] | None,
    typer.Option(
        "--sample-number", metavar="N", min=0, help="A sample number of theirs. May be repeated."
    ),
]
ReceiptFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The receipt of the purge, which has their numbers."),
]
ReportFormat = Annotated[
    Format, typer.Option("--format", "-f", help="How it is written: table or json.")
]


@ends_tidily
def verify_withdrawal(
    lake: options.LakeFolder,
    participants: Participants,
    sample_number: SampleNumbers = None,
    receipt: ReceiptFile = None,
    format: ReportFormat = Format.TABLE,
) -> None:
    """Look for traces of a participant in every file.

    Columns, dictionaries, statistics, planes, the catalog, JSON, staging and raw bytes. Leaves
    with 6 if anything is left, and says where. Without --sample-number and --receipt the numbers
    are all that were ever purged.

    Example: allelake verify-withdrawal hk.lake HG00403 --receipt receipt.json
    """
    from allelake.cli.json_text import print_json
    from allelake.errors import CheckFailed
    from allelake.warehouse.withdrawal.receipts import read_receipt
    from allelake.warehouse.withdrawal.verify import verify_withdrawal as verify

    told = read_receipt(receipt) if receipt is not None else None
    traces, looked = verify(lake, participants, sample_number or (), told)
    if format is Format.JSON:
        listed = [vars(trace) for trace in traces]
        print_json({"clean": not traces, "traces": listed, "looked_at": vars(looked)})
    else:
        _print(traces, looked)
    if traces:
        raise CheckFailed(f"{lake}: {len(traces):,} traces")


def _print(traces: "list[Trace]", looked: "Looked") -> None:
    for trace in traces:
        print(f"FOUND  {trace}")
    print(
        f"{len(traces):,} traces." if traces else "Nothing of them is left in any file.",
        f"Looked at: {looked.files:,} files ({looked.parquet_files:,} Parquet), "
        f"{looked.bytes:,} bytes, {looked.rows:,} rows, {looked.texts:,} texts, "
        f"{looked.planes:,} planes, {looked.bloom_filters:,} bloom filters, "
        f"{looked.statements:,} statements of the catalog.",
        sep="\n",
    )
