"""Exports of a lake in Python."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from allelake.errors import UsageError
from allelake.queries.place import Place, place_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from allelake.export.order import Order, Report
    from allelake.export.small_cells import SmallCells
    from allelake.queries.about import About
    from allelake.report.suppress import CellRule

Where = str | Sequence[str] | None


class LakeExport:
    """What a `Lake` can be written as."""

    @property
    def _connection(self) -> "DuckDBPyConnection":
        raise NotImplementedError

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
        from allelake.export.run import export

        place, said, terms = self._asked("export", cohort, region, bed)
        order = _order(path, format, place, said, index, overwrite)
        order = replace(
            order,
            cohort=cohort,
            unknown=unknown,
            min_ac=min_ac,
            wide=wide,
            attributes=tuple(attributes),
        )
        return export(self._connection, order, terms, progress)

    def export_frequencies(
        self,
        path: Path | str,
        cohort: str = "all",
        *,
        by: str | None = None,
        stored: str | None = None,
        region: Where = None,
        bed: Path | str | None = None,
        policy: str = "raw",
        ploidy: Literal["as_called", "by_sex"] = "as_called",
        filter: Literal["any", "pass"] = "any",
        leave_out: Sequence[str] = (),
        min_cell: str | int = "none",
        format: str | None = None,
        index: bool = True,
        overwrite: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> "Report":
        """Writes frequencies as a VCF of sites with gnomAD's names: AC_eas, faf95_eas, grpmax.

        Counted now, in the cohort and each group of the attribute `by`; or taken from those that
        `materialize` stored by the name `stored`. Groups in `leave_out` are no candidates for
        grpmax. `min_cell` (people, or a preset of reports) hides small counts and what tells them.
        """
        from allelake.export.frequencies import export_frequencies
        from allelake.export.frequency_strata import Counted
        from allelake.report.suppress import rule_of

        if stored is not None and by is not None:
            raise UsageError("Give by or stored: stored frequencies have their own attributes.")
        place, said, terms = self._asked("frequencies", None if stored else cohort, region, bed)
        rules = {"policy": policy, "ploidy": ploidy, "filter": filter, "by": by or "nothing"}
        told = {"stored": stored, "policy": policy} if stored else rules
        rule = rule_of(str(min_cell))
        terms |= told | {"min_cell": rule.sentence()}
        order = _order(path, format, place, said, index, overwrite)
        further = tuple(leave_out), _small_cells(rule)
        counted = Counted(cohort, by, stored, policy, ploidy, filter, *further)
        return export_frequencies(self._connection, order, counted, terms, progress)

    def _asked(
        self, question: str, cohort: str | None, region: Where, bed: Path | str | None
    ) -> tuple[Place, dict[str, str], dict[str, str]]:
        """Where, how that was said, and all terms that a file tells."""
        place = place_of(self._connection, region, bed)
        said = dict(place.said or {})
        about = self._about(question, cohort=cohort).as_dict()
        terms = {name: str(value) for name, value in about.items() if name != "question"}
        return place, said, terms | said


def _small_cells(rule: "CellRule") -> "SmallCells | None":
    if rule.hides_nothing:
        return None
    from allelake.export.small_cells import SmallCells
    from allelake.report.suppress import CellRule, join_values

    def stand_alone(counts: Mapping[str, int], least: int) -> Collection[str] | None:
        joined = join_values(counts, CellRule(rule.name, least))
        return None if joined is None else joined.shown.keys()

    return SmallCells(rule, stand_alone)


def _order(
    path: Path | str,
    format: str | None,
    place: Place,
    said: dict[str, str],
    index: bool,
    overwrite: bool,
) -> "Order":
    from allelake.export.order import Order, format_of

    file = Path(path)
    return Order(
        file,
        format_of(file, format),
        regions=place.regions,
        said=said,
        index=index,
        overwrite=overwrite,
    )
