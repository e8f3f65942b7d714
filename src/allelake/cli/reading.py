"""What commands that ask need: an opened lake, and where in the genome the question is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict

from allelake.cli.options import Filter, Ploidy
from allelake.errors import InputError

if TYPE_CHECKING:
    from allelake.lake import Lake
    from allelake.queries.connect import Limits


class Place(TypedDict):
    """The arguments of a question that say where."""

    region: list[str] | None
    variant: str | None
    id: str | None
    bed: Path | None


class Terms(TypedDict):
    """The arguments of a question that say which genotypes count."""

    policy: str
    ploidy: Literal["as_called", "by_sex"]
    filter: Literal["any", "pass"]


@contextmanager
def open_for(
    lake: Path, limits: "Limits | None" = None, as_of: str | None = None
) -> "Iterator[Lake]":
    """The lake, opened until the end of the block."""
    from allelake.cli.interrupt import queries_can_be_stopped
    from allelake.lake import Lake

    with Lake(lake, limits, as_of)._settled() as opened, queries_can_be_stopped():
        yield opened


def place(region: list[str] | None, variant: str | None, id: str | None, bed: Path | None) -> Place:
    """The options that say where, as a question takes them; a BED file on stdin is read."""
    if bed is not None and str(bed) == "-":
        from allelake.model.region import regions_of_bed

        found = [str(each) for each in regions_of_bed(sys.stdin, "stdin")]
        return Place(region=[*(region or []), *found], variant=variant, id=id, bed=None)
    return Place(region=region or None, variant=variant, id=id, bed=bed)


def terms(policy: str, ploidy: Ploidy, filter: Filter) -> Terms:
    """The options that say which genotypes count, as a question takes them."""
    return Terms(policy=policy, ploidy=ploidy.value, filter=filter.value)


def lines_of(path: Path) -> str:
    """The text of a small file, or of stdin for `-`."""
    try:
        if str(path) == "-":
            return sys.stdin.read()
        return path.read_text("utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not a text file in UTF-8.") from None
