"""The report of a lake in Python."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allelake.report.parts import Report


class LakeReport:
    """What a `Lake` tells on one page."""

    path: Path

    def report(
        self,
        output: Path | str | None = None,
        *,
        cohort: str = "all",
        compare: str | None = None,
        by: str | None = None,
        min_cell: str | int = "all-of-us",
        individual_level: bool = False,
        overwrite: bool = False,
        on_step: Callable[[str], None] = lambda _: None,
    ) -> "Report":
        """What a cohort looks like, as one HTML page in the file `output`, or not written.

        `by` is the attribute of people that makes the groups; `compare` another cohort. Counts
        that `min_cell` calls small are not shown (the smallest count to show, or a preset), and
        with `individual_level` pictures have a point for each person. `on_step` is told each step.

        Raises QueryError for an unknown or empty cohort or attribute, or too few people;
        UsageError for a file that cannot be written, before anything is asked.
        """
        from allelake.report.make import make_report
        from allelake.report.suppress import rule_of
        from allelake.report.write import check_output, write_report

        rule = rule_of(str(min_cell))
        if output is not None:
            check_output(Path(output), overwrite)
        with self._by_todays_macros() as lake:
            asked = {"compare": compare, "by": by, "is_individual": individual_level}
            report = make_report(lake, cohort, rule=rule, on_step=on_step, **asked)  # type: ignore[arg-type]
        if output is not None:
            on_step("writing the page")
            write_report(report, Path(output))
        return report

    def _by_todays_macros(self) -> Any:
        """This snapshot once more, by today's macros: a catalog has those of its last commit."""
        # The whole lake, of which this class is a part.
        lake: Any = self
        return type(lake)(lake.path, lake._limits, lake.snapshot)
