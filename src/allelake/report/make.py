"""The report put together: which sections, in which order, and written as a page."""

from collections.abc import Callable
from typing import Any

from allelake.queries.ask import call
from allelake.report.asked import Asked
from allelake.report.parts import Report, Section
from allelake.report.suppress import CellRule

Step = Callable[[str], None]


def make_report(
    lake: Any,
    cohort: str,
    *,
    compare: str | None = None,
    by: str | None = None,
    rule: CellRule,
    is_individual: bool = False,
    on_step: Step = lambda _: None,
) -> Report:
    """Asks the lake everything that the page shows.

    Raises QueryError for an unknown cohort or attribute, an empty cohort, one too small for the
    rule.
    """
    on_step("who is in the cohort")
    asked = Asked(lake, cohort, rule, by, is_individual)
    if compare is not None:
        # An unknown name is told now, not after all other sections were made.
        asked.ask(f"SELECT count(*) AS people FROM {call('cohort_samples', compare)}")
    sections = []
    for name, section in _steps(compare):
        on_step(name)
        sections.append(section(asked))
    return Report(
        f"{lake.path.resolve().name}: cohort {cohort}",
        _about(lake, asked, compare),
        _rules(asked),
        sections,
        is_individual,
    )


def _steps(compare: str | None) -> list[tuple[str, Callable[[Asked], Section]]]:
    """The sections in order, each with what is said while it is made."""
    from allelake.report.basis import basis
    from allelake.report.batches import batches
    from allelake.report.compare import compared
    from allelake.report.people import who
    from allelake.report.samples import rates, ratios
    from allelake.report.structure import components, kinship
    from allelake.report.variants import along, spectrum

    steps: list[tuple[str, Callable[[Asked], Section]]] = [
        ("who is in the cohort", who),
        ("where variants lie", along),
        ("frequencies", spectrum),
        ("ratios by person", ratios),
        ("call rate and depth", rates),
        ("principal components", components),
        ("kinship", kinship),
        ("what AN rests on", basis),
        ("batches", batches),
    ]
    if compare is not None:
        steps.append(("comparing cohorts", lambda asked: compared(asked, compare)))
    return steps


def _about(lake: Any, asked: Asked, compare: str | None) -> list[tuple[str, str]]:
    said = [("lake", lake.path.resolve().name), ("assembly", lake.info.assembly)]
    said += [("cohort", asked.cohort)]
    said += [("compared with", compare)] if compare is not None else []
    said += [("groups", asked.by or "none"), ("snapshot", str(lake.snapshot))]
    return said


def _rules(asked: Asked) -> list[str]:
    rules = [asked.rule.sentence()]
    if not asked.rule.hides_nothing:
        rules.append(
            "This holds for people and for variants. Values with too few are joined with others "
            "until what is shown, its total, and every difference of the two is large "
            "enough; quartiles have that many people beyond them."
        )
        if not asked.is_individual:
            rules.append(
                "No picture has a point for a person: where people lie is shown by cells of at "
                "least that many."
            )
        rules.append(
            "Two reports of nearly the same people can be subtracted from each other: who "
            "publishes a second one, of a later snapshot or a similar cohort, looks at both."
        )
    return rules
