"""FORMAT and the samples' columns: what htslib would read wrongly without a word."""

import re
from dataclasses import dataclass

from allelake.ingest.scan_notices import NoticeBook
from allelake.ingest.scan_place import Place, shown
from allelake.ingest.spec import Header

GENOTYPE_CHARACTERS = b"0123456789|/.\t"
LONG_NUMBER = re.compile(rb"(?:^|[\t/|])\d{5}")
# htslib reads a lone minus sign as 0.
LONE_MINUS = re.compile(rb"[:,]-(?:[:,\t]|$)")
MAX_FORMATS = 4096


@dataclass(frozen=True)
class Layout:
    """One FORMAT column as met in records."""

    notes: tuple[tuple[str, str], ...]
    has_gt: bool
    only_gt: bool


class GenotypeScan:
    """Checks FORMAT, looked up once met, and the text of the samples' columns."""

    def __init__(self, place: Place, header: Header, book: NoticeBook):
        self._place = place
        self._book = book
        self._declared = header.format
        self._samples = len(header.samples)
        self._layouts: dict[bytes, Layout] = {}
        self.used: dict[str, None] = {}

    def take(self, fmt: bytes, columns: bytes) -> None:
        layout = self._layouts.get(fmt)
        if layout is None:
            layout = self._find_layout(fmt)
            if len(self._layouts) < MAX_FORMATS:
                self._layouts[fmt] = layout
        for code, message in layout.notes:
            self._book.fault(code, message, self._place.where)
        if not layout.has_gt:
            self._book.fact(
                "no_gt", "records without GT: their samples are unknown there", self._place.where
            )
        elif layout.only_gt:
            self._check_gt_alone(columns)
        elif LONG_NUMBER.search(columns):
            self._refuse_long_alleles(fmt, columns)
        if b"-" in columns and LONE_MINUS.search(columns):
            raise self._place.refuse(
                "a sample has '-' for a number. Write '.' for a missing value."
            )

    def _check_gt_alone(self, columns: bytes) -> None:
        if columns.translate(None, GENOTYPE_CHARACTERS):
            raise self._place.refuse(
                "a GT has other characters than digits, '.', '/' and '|'. Correct the record."
            )
        # Alleles of one character each leave no other length; longer ones are looked at.
        separators = columns.count(b"|") + columns.count(b"/")
        if len(columns) != 2 * (self._samples + separators) - 1 and LONG_NUMBER.search(columns):
            raise self._too_long()

    def _refuse_long_alleles(self, fmt: bytes, columns: bytes) -> None:
        at = fmt.split(b":").index(b"GT")
        for column in columns.split(b"\t"):
            fields = column.split(b":")
            if at < len(fields) and LONG_NUMBER.search(fields[at]):
                raise self._too_long()

    def _too_long(self) -> Exception:
        # cyvcf2 keeps alleles in 16 bits: 65,537 would come out as 1.
        return self._place.refuse("a GT has an allele number of 5 digits. Correct the record.")

    def _find_layout(self, fmt: bytes) -> Layout:
        if fmt == b".":
            return Layout((), has_gt=False, only_gt=False)
        keys = fmt.decode("utf-8", "replace").split(":")
        notes: list[tuple[str, str]] = []
        for key in keys:
            if not key or re.search(r"[\s,<>\"]", key):
                raise self._place.refuse(f"FORMAT is {shown(fmt)}; expected names joined by ':'.")
            if keys.count(key) > 1:
                raise self._place.refuse(f"FORMAT lists {key} twice: {shown(fmt)}.")
            if key not in self._declared:
                notes.append(("format_not_declared", f"FORMAT {key} is used but not declared"))
        if "GT" in keys[1:]:
            notes.append(("gt_not_first", "GT is not the first field of FORMAT"))
        self.used.update(dict.fromkeys(keys))
        return Layout(tuple(notes), "GT" in keys, keys == ["GT"])
