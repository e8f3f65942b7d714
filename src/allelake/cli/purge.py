"""`allelake purge`: people who were removed leave the files too, with a receipt."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Format

if TYPE_CHECKING:
    from allelake.warehouse.withdrawal.receipts import Receipt

ReceiptFile = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write the receipt to this file as well (JSON)."
    ),
]
ReportFormat = Annotated[
    Format, typer.Option("--format", "-f", help="How it is written: table or json.")
]


@ends_tidily
def purge(
    lake: options.LakeFolder,
    output: ReceiptFile = None,
    overwrite: options.Overwrite = False,
    format: ReportFormat = Format.TABLE,
) -> None:
    """Take removed people out of every file, with a receipt.

    Removed are people who withdrew, and samples that were replaced. Files that hold them are
    written again without them, those of earlier snapshots too, which then say that they are
    redacted; the old files are removed. The receipt lists the sha256 of every file before and
    after, and no name.

    Example: allelake purge hk.lake -o receipt.json
    """
    from allelake.cli.json_text import print_json
    from allelake.errors import UsageError
    from allelake.warehouse.withdrawal.purge import purge as purge_lake

    if output is not None and output.exists() and not overwrite:
        raise UsageError(f"{output}: is there already. --overwrite replaces it.")
    receipt = purge_lake(lake)
    if receipt is None:
        print("Nobody is left to purge; nothing was changed.")
        return
    if output is not None:
        output.write_bytes(receipt.to_bytes())
    if format is Format.JSON:
        print_json(_summary(receipt))
        return
    for name, value in _summary(receipt).items():
        print(f"{name.replace('_', ' ')}: {value}")


def _summary(receipt: "Receipt") -> dict[str, object]:
    return {
        "receipt": f"receipts/{receipt.id}.json",
        "samples": len(receipt.sample_numbers),
        "batches": len(receipt.batches),
        "redacted_snapshots": len(receipt.redacted_snapshots),
        "files_rewritten": len(receipt.rewritten),
        "files_removed": len(receipt.removed),
        "files_kept": len(receipt.kept),
        "snapshot": receipt.snapshot,
    }
