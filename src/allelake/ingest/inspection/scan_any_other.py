"""Genotypes that have `<NON_REF>` or `<*>`, "any other allele": they are no call."""

from allelake.ingest.inspection.scan_alleles import ANY_OTHER
from allelake.ingest.inspection.scan_notices import NoticeBook

CODE = "any_other_allele"


def any_other_numbers(alts: list[bytes]) -> frozenset[int]:
    """The allele numbers of `<NON_REF>` and `<*>`.

    >>> any_other_numbers([b"A", b"<*>"])
    frozenset({2})
    """
    return frozenset(number for number, alt in enumerate(alts, 1) if alt in ANY_OTHER)


def text_has_allele(numbers: frozenset[int], gt: int, columns: bytes) -> bool:
    """Whether a genotype has one of these alleles; `gt` is where GT stands in the columns.

    >>> text_has_allele(frozenset({2}), 0, b"0/1:2\\t.|2:30")
    True
    """
    written = {b"%d" % number for number in numbers}
    return any(
        not written.isdisjoint(fields[gt].replace(b"|", b"/").split(b"/"))
        for fields in (column.split(b":") for column in columns.split(b"\t"))
        if gt < len(fields)
    )


def note(book: NoticeBook, where: str) -> None:
    """Count a record with such a genotype."""
    book.fact(CODE, "records where a genotype has <NON_REF> or <*>: that allele is no call", where)
