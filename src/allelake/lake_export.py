"""Exports of a lake in Python."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from allelake.queries.place import place_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from allelake.export.order import Report
    from allelake.queries.about import About

Where = str | Sequence[str] | None


class LakeExport:
    """What a `Lake` can be written as."""

    _connection: "DuckDBPyConnection"

    def _about(self, question: str, *, cohort: str | None = None) -> "About":
        raise NotImplementedError

    def export(
        self,
        path: Path | str,
        cohort: str = "all",
        *,
        region: Where = None,
        bed: Path | str | None = None,
        format: str | None = None,
        unknown: Literal["missing", "leave-out"] = "missing",
        min_ac: int = 0,
        wide: bool = False,
        index: bool = True,
        attributes: Sequence[str] = (),
        overwrite: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> "Report":
        """Writes the genotypes of a cohort as vcf, vcf.gz, bcf, pgen, bed, parquet or arrow.

        One line for each variant as the lake keeps it: one ALT, trimmed. The format is the one
        that the file's name ends with, or `format`. The file appears when it is complete.
        """
        from allelake.export.order import Order, format_of
        from allelake.export.run import export

        place = place_of(self._connection, region, bed)
        said = dict(place.said or {})
        about = self._about("export", cohort=cohort).as_dict()
        terms = {name: str(value) for name, value in about.items() if name != "question"} | said
        order = Order(
            Path(path),
            format_of(Path(path), format),
            cohort,
            place.regions,
            said,
            unknown,
            min_ac,
            wide,
            index,
            tuple(attributes),
            overwrite,
        )
        return export(self._connection, order, terms, progress)
