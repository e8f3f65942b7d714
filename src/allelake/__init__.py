"""A warehouse for the genomes of a population cohort.

`allelake.open(path)` gives a `Lake`; its methods return `Answer`s, which turn into Polars, Arrow or
pandas. `allelake.init(path, "GRCh38")` makes a lake.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from allelake.errors import (
    AllelakeError,
    CheckFailed,
    InputError,
    LakeError,
    LockedError,
    QueryError,
    UsageError,
)

if TYPE_CHECKING:
    from pathlib import Path

    from allelake.ingest.options import IngestOptions
    from allelake.lake import Lake
    from allelake.queries.answer import Answer
    from allelake.queries.connect import Limits
    from allelake.warehouse.catalog.as_of import AsOf

    __version__: str

__all__ = [
    "AllelakeError",
    "Answer",
    "CheckFailed",
    "IngestOptions",
    "InputError",
    "Lake",
    "LakeError",
    "Limits",
    "LockedError",
    "QueryError",
    "UsageError",
    "__version__",
    "init",
    "open",
]

# Imported when they are named: DuckDB alone takes 80 ms, and `import allelake` should take 20.
_LAZY = {
    "Answer": "allelake.queries.answer",
    "IngestOptions": "allelake.ingest.options",
    "Lake": "allelake.lake",
    "Limits": "allelake.queries.connect",
}


def open(path: "Path | str", limits: "Limits | None" = None, as_of: "AsOf | None" = None) -> "Lake":
    """The lake in a folder, at its current snapshot; LakeError if the folder is no lake.

    `as_of`: a snapshot's number, a date or a date and time (UTC), to open an earlier one.
    """
    from allelake.lake import Lake

    return Lake(path, limits, as_of)._settled()


def init(path: "Path | str", assembly: str = "GRCh38") -> "Lake":
    """Makes an empty lake in a folder that is not there yet; GRCh38 or GRCh37."""
    from pathlib import Path

    from allelake.lake import Lake
    from allelake.warehouse.assembly import shipped_assembly
    from allelake.warehouse.lake import create_lake

    create_lake(Path(path), shipped_assembly(assembly))
    return Lake(path)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("allelake")
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'allelake' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
