"""Where in the genome a question asks: a region, several, a BED file, or one variant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from allelake.errors import InputError, QueryError, UsageError
from allelake.model.region import Region, regions_of_bed
from allelake.queries.ask import Argument, VariantKey, call
from allelake.queries.connect import session
from allelake.queries.trouble import tidy_errors

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


_IS_IDENTIFIER = "SELECT region_in($1::VARCHAR) IS NULL"
_KEYS = "SELECT DISTINCT contig, position, ref, alt FROM {} ORDER BY ALL"


@dataclass(frozen=True)
class Place:
    """`regions` for the macro's in_region, None for everywhere; `variants` to keep, None for all.

    `said` is how the answer tells it, by the name of what was given.
    """

    regions: str | tuple[str, ...] | None = None
    variants: tuple[VariantKey, ...] | None = None
    said: Mapping[str, str] | None = None

    def argument(self) -> dict[str, Argument]:
        """The macro's argument."""
        return {} if self.regions is None else {"in_region": self.regions}


def place_of(
    connection: "DuckDBPyConnection",
    region: str | Sequence[str] | None = None,
    bed: Path | str | None = None,
    variant: str | None = None,
    id: str | None = None,
) -> Place:
    """The place that one of the four names; all None is everywhere."""
    given = {"region": region, "bed": bed, "variant": variant, "id": id}
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1:
        raise UsageError(f"Give one of {' and '.join(named)}: each says where on its own.")
    if region is not None and not isinstance(region, (str, Sequence)):
        raise UsageError(f"region is text or a list of texts, such as '22'; not {region!r}")
    if region is not None:
        regions = region if isinstance(region, str) else tuple(region)
        text = region if isinstance(region, str) else ", ".join(region)
        return Place(regions, said={"region": text})
    if bed is not None:
        found = regions_of_bed(_lines(Path(bed)), str(bed))
        said = {"regions": f"{len(found)} of {Path(bed).name}"}
        return Place(tuple(str(each) for each in found), said=said)
    name = variant if variant is not None else id
    if name is None:
        return Place()
    keys = known_variants(connection, name)
    spans = tuple(dict.fromkeys(str(Region(key[0], key[1], key[1])) for key in keys))
    # Of one region that is no list the catalog knows the files while the question is bound.
    return Place(spans[0] if len(spans) == 1 else spans, keys, {named[0]: name})


def known_variants(connection: "DuckDBPyConnection", name: str) -> tuple[VariantKey, ...]:
    """The variants of the lake that '22-16050075-A-G' or an identifier names; one at least."""
    asked = session(connection)
    with tidy_errors():
        # The variants of an identifier are found in half the time that all about them takes.
        (is_identifier,) = asked.execute(_IS_IDENTIFIER, [name]).fetchall()[0]
        rows = []
        if is_identifier:
            rows = asked.execute(_KEYS.format(call("identified", name))).fetchall()
        # Where none is found this says why.
        rows = rows or asked.execute(_KEYS.format(call("variant", name))).fetchall()
    if not rows:
        raise QueryError(
            f"The lake has no variant {name!r}. Write contig-position-ref-alt as the lake keeps "
            "it (trimmed), such as 22-16050075-A-G, or an identifier of the ID column."
        )
    return tuple((contig, position, ref, alt) for contig, position, ref, alt in rows)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not a text file; a BED file is.") from None
