"""The writers of formats, chosen by name: each takes lines chunk by chunk."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from allelake.export.lines import Lines
from allelake.export.order import Order
from allelake.export.source import Source
from allelake.export.staging import STDOUT


class Writer(Protocol):
    """Writes lines to files that are not seen yet."""

    def add(self, lines: Lines) -> None:
        """Writes some lines, after all earlier ones."""

    def finish(self) -> None:
        """Writes what is left; after it the files are whole."""

    def close(self) -> None:
        """Frees what is held, finished or not."""

    def notes(self) -> Sequence[str]:
        """What the files do not say as the lake does."""


def files_of(order: Order) -> list[Path]:
    """The files of an export, the one that was named first."""
    path = order.path
    if order.format in ("pgen", "bed"):
        others = (".pvar", ".psam") if order.format == "pgen" else (".bim", ".fam")
        is_named = path.suffix.lower() == f".{order.format}"
        main = path if is_named else path.with_name(f"{path.name}.{order.format}")
        return [main, *(main.with_suffix(ending) for ending in others)]
    if order.format in ("vcf.gz", "bcf") and order.index and path != STDOUT:
        return [path, path.with_name(path.name + ".csi")]
    if order.format in ("parquet", "arrow") and not order.wide:
        return [path, path.with_name(f"{path.stem}.variants{path.suffix}")]
    return [path]


def writer_of(order: Order, source: Source, staged: Sequence[Path]) -> Writer:
    """A writer to the staged files."""
    if order.format in ("vcf", "vcf.gz"):
        from allelake.export.vcf import VcfWriter

        return VcfWriter(source, staged, is_compressed=order.format == "vcf.gz")
    if order.format == "bcf":
        from allelake.export.bcf import BcfWriter

        return BcfWriter(source, staged)
    if order.format in ("pgen", "bed"):
        from allelake.export.plink import BedWriter, PgenWriter

        made = PgenWriter if order.format == "pgen" else BedWriter
        return made(source, staged, order.attributes)
    from allelake.export.table import LongWriter, WideWriter

    return (WideWriter if order.wide else LongWriter)(source, staged, order.format)
