"""FORMAT and the samples' columns: what htslib would read wrongly without a word."""

import re
from dataclasses import dataclass

from allelake.ingest.inspection.scan_columns import find_fault
from allelake.ingest.inspection.scan_info import INTEGER, OUT_OF_RANGE, fits_32_bits
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_place import Place, shown
from allelake.ingest.spec import Header

GENOTYPE_CHARACTERS = b"0123456789|/.\t"
# One pattern for each first character: the search for a fixed one is ten times as fast.
LONG_NUMBERS = (re.compile(rb"/\d{5}"), re.compile(rb"\|\d{5}"), re.compile(rb"\t\d{5}"))
# htslib reads a lone minus sign as 0.
ENDING_MINUS = re.compile(rb"-(?:[:,\t]|$)")
MAX_FORMATS = 4096
# A run of ten digits, found by text search once all digits are alike: far faster than a pattern.
DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
TEN_DIGITS = b"0" * 10
WHOLE = re.compile(INTEGER)


@dataclass(frozen=True)
class Layout:
    """One FORMAT column as met in records; `integers` are the places of whole numbers in it."""

    notes: tuple[tuple[str, str], ...]
    gt: int | None
    only_gt: bool
    integers: tuple[int, ...]


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
        layout = self.layout(fmt)
        for code, message in layout.notes:
            self._book.fault(code, message, self._place.where)
        if layout.gt is None:
            self._book.fact(
                "no_gt", "records without GT: their samples are unknown there", self._place.where
            )
        elif layout.only_gt:
            self._check_gt_alone(columns)
        elif _has_long_number(columns):
            self._check_allele_numbers(columns, layout.gt)
        if b"-" in columns and ENDING_MINUS.search(columns):
            self._check_minus(columns, layout.integers)
        if layout.integers and TEN_DIGITS in columns.translate(DIGITS_ALIKE):
            self._check_ranges(columns, layout.integers)

    def layout(self, fmt: bytes) -> Layout:
        """What is known of a FORMAT; its keys are used from now on."""
        layout = self._layouts.get(fmt)
        if layout is None:
            layout = self._find_layout(fmt)
            if len(self._layouts) < MAX_FORMATS:
                self._layouts[fmt] = layout
        return layout

    def _check_gt_alone(self, columns: bytes) -> None:
        # Alleles of one character each leave no other length; what is odd is looked at closely.
        separators = columns.count(b"|") + columns.count(b"/")
        is_plain = len(columns) == 2 * (self._samples + separators) - 1
        if is_plain and not columns.translate(None, GENOTYPE_CHARACTERS):
            return
        fault = find_fault(b"GT", columns, self._declared)
        if fault is not None:
            raise self._place.refuse(f"{fault}. Correct the record.")
        self._check_allele_numbers(columns, 0)

    def _check_allele_numbers(self, columns: bytes, gt: int) -> None:
        for column in columns.split(b"\t"):
            fields = column.split(b":")
            if gt < len(fields) and re.search(rb"\d{5}", fields[gt]):
                # cyvcf2 keeps alleles in 16 bits: 65,537 would come out as 1.
                raise self._place.refuse("a GT has an allele number of 5 digits or more.")

    def _check_minus(self, columns: bytes, integers: tuple[int, ...]) -> None:
        for column in columns.split(b"\t"):
            fields = column.split(b":")
            for index in integers:
                if index < len(fields) and b"-" in fields[index].split(b","):
                    raise self._place.refuse(
                        "a sample has '-' for a number. Write '.' where a value is missing."
                    )

    def _check_ranges(self, columns: bytes, integers: tuple[int, ...]) -> None:
        beyond = 0
        for column in columns.split(b"\t"):
            fields = column.split(b":")
            for index in integers:
                parts = fields[index].split(b",") if index < len(fields) else []
                beyond += sum(bool(WHOLE.fullmatch(p)) and not fits_32_bits(p) for p in parts)
        if beyond:
            message = "FORMAT with integers beyond 32 bits: missing"
            self._book.fault(OUT_OF_RANGE, message, self._place.where, beyond)

    def _find_layout(self, fmt: bytes) -> Layout:
        if fmt == b".":
            return Layout((), None, only_gt=False, integers=())
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
        integers = [
            index
            for index, key in enumerate(keys)
            if key in self._declared and self._declared[key].type == "Integer"
        ]
        gt = keys.index("GT") if "GT" in keys else None
        return Layout(tuple(notes), gt, only_gt=keys == ["GT"], integers=tuple(integers))


def _has_long_number(columns: bytes) -> bool:
    """Whether a number of 5 digits stands where an allele may."""
    return columns[:5].isdigit() or any(pattern.search(columns) for pattern in LONG_NUMBERS)
