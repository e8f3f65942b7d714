"""Headers of many files held once where they say the same."""

from dataclasses import replace
from typing import Any, TypeVar

from allelake.ingest.spec import FileReport, Header

_Part = TypeVar("_Part")
# Headers of one command are of few kinds; a hostile one may differ in each file.
_MOST_KINDS = 16


class SharedHeaders:
    """Lets reports share equal parts of their headers: a header of GRCh38 weighs half a megabyte.

    >>> shared = SharedHeaders()
    >>> shared.of("anything else")
    'anything else'
    """

    def __init__(self) -> None:
        self._kinds: dict[str, list[Any]] = {}

    def of(self, result: object) -> object:
        """The report with what it has in common with earlier ones; anything else as it is."""
        if not isinstance(result, FileReport):
            return result
        header = result.header
        shared = Header(
            version=header.version,
            samples=header.samples,
            contigs=self._one("contigs", header.contigs),
            info=self._one("info", header.info),
            format=self._one("format", header.format),
            filters=self._one("filters", header.filters),
            sources=self._one("sources", header.sources),
            assembly_hint=header.assembly_hint,
        )
        return replace(result, header=shared)

    def _one(self, name: str, part: _Part) -> _Part:
        kinds = self._kinds.setdefault(name, [])
        for known in kinds:
            if known == part:
                shared: _Part = known
                return shared
        if len(kinds) < _MOST_KINDS:
            kinds.append(part)
        return part
