"""`allelake withdraw`: participants leave; from then on no answer has them."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Format
from allelake.counted import counted

if TYPE_CHECKING:
    from allelake.warehouse.withdrawal.withdraw import Withdrawal


Participants = Annotated[
    list[str] | None,
    typer.Argument(metavar="PARTICIPANT...", help="Who, by participant_id.", show_default=False),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept, so without a name in it.")
]
FromFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Further participants: one name per line, or a table with a column of them; "
        "- reads stdin.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask whether this is meant.")]
ReportFormat = Annotated[
    Format, typer.Option("--format", "-f", help="How it is written: table or json.")
]


@ends_tidily
def withdraw(
    lake: options.LakeFolder,
    participants: Participants = None,
    reason: Reason = "",
    from_file: FromFile = None,
    yes: Yes = False,
    format: ReportFormat = Format.TABLE,
) -> None:
    """Withdraw participants: no answer has them any more.

    All their samples leave, their row of the pedigree, and their names wherever they stand. Their
    data stay in files that no answer reads until `allelake purge`.

    Example: allelake withdraw hk.lake HG00403 --reason "consent withdrawn" --yes
    """
    from dataclasses import asdict

    from allelake.cli.json_text import print_json
    from allelake.errors import UsageError
    from allelake.warehouse.withdrawal.withdraw import withdraw as withdraw_from

    names = [*(participants or []), *_listed(from_file)]
    if not names:
        raise UsageError("Name who withdraws: PARTICIPANT..., or --from-file.")
    _ask(len(set(names)), yes)
    done = withdraw_from(lake, names, reason)
    if format is Format.JSON:
        print_json(asdict(done))
        return
    for line in _told(done, lake):
        print(line)


def _told(done: "Withdrawal", lake: Path) -> Iterator[str]:
    if done.before:
        yield f"{done.before:,} had withdrawn already."
    if done.snapshot is None:
        yield "Nothing was changed."
        return
    people, samples = counted(done.participants, "participant"), counted(done.samples, "sample")
    yield f"{people} and {samples} are in no answer any more. Snapshot {done.snapshot}."
    yield f"Their data are still in files: `allelake purge {lake}` takes them out."


def _listed(path: Path | None) -> list[str]:
    from allelake.cli.reading import lines_of
    from allelake.ingest.people.id_list import sample_names

    return [] if path is None else sample_names(lines_of(path), str(path))


def _ask(people: int, yes: bool) -> None:
    """A withdrawal cannot be taken back: an ingest of the files again makes new samples."""
    from allelake.errors import UsageError

    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("A withdrawal cannot be taken back. If it is meant, say --yes.")
    told = counted(people, "participant withdraws", "participants withdraw")
    answer = input(f"{told}, for good. Type yes to go on: ")
    if answer.strip() != "yes":
        raise UsageError("Nothing was changed.")
