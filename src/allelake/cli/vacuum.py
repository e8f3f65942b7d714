"""`allelake vacuum`: what no kept snapshot names goes."""

import re
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Format

if TYPE_CHECKING:
    from allelake.warehouse.upkeep.vacuum import VacuumPlan

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@ends_tidily
def vacuum(
    lake: options.LakeFolder,
    keep: Annotated[
        int, typer.Option(min=1, metavar="N", help="Keep the newest snapshots, this many.")
    ] = 1,
    grace: Annotated[
        str,
        typer.Option(
            metavar="TIME",
            help="Keep those too that were current within this time: 30m, 12h, 7d, 2w.",
        ),
    ] = "7d",
    plan: Annotated[
        bool, typer.Option("--plan", help="Tell what would go; change nothing.")
    ] = False,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="How it is written: table or json.")
    ] = Format.TABLE,
) -> None:
    """Remove old snapshots, and files that no other needs.

    The current snapshot always stays, and no answer from a kept one changes. Whoever has an older
    one open is told so at the next question.

    Example: allelake vacuum hk.lake --keep 5 --grace 2w --plan
    """
    from allelake.cli.json_text import print_json
    from allelake.warehouse.info import read_lake_info
    from allelake.warehouse.upkeep.vacuum import plan_vacuum
    from allelake.warehouse.upkeep.vacuum import vacuum as vacuum_lake

    read_lake_info(lake)
    done = (plan_vacuum if plan else vacuum_lake)(lake, keep, grace_of(grace))
    if format is Format.JSON:
        print_json({**asdict(done), "planned_only": plan})
    else:
        _print(done, plan)


def _print(done: "VacuumPlan", plan: bool) -> None:
    from allelake.cli.size import in_words

    kept = (
        ", ".join(map(str, done.kept)) if len(done.kept) <= 5 else f"{len(done.kept):,} snapshots"
    )
    print(f"Kept: {kept}; {in_words(done.bytes_kept)} of data.")
    print(
        f"{'Would go' if plan else 'Gone'}: {len(done.dropped):,} snapshots, "
        f"{len(done.manifests):,} manifests, {len(done.files):,} data files; "
        f"{in_words(done.bytes_freed)}."
    )
    if plan:
        print("Nothing was changed (--plan).")


def grace_of(text: str) -> timedelta:
    """A time such as 7d; UsageError for anything else.

    >>> grace_of("12h")
    datetime.timedelta(seconds=43200)
    """
    from allelake.errors import UsageError

    found = re.fullmatch(r"(\d{1,6})([smhdw])", text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no time. Write a number and s, m, h, d or w: 12h, 7d, 2w.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
