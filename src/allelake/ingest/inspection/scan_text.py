"""The records of a VCF text, line by line."""

import re

from allelake.ingest.inspection.scan_alleles import NO_ALT_OF_ITS_OWN, Alleles, AlleleScan
from allelake.ingest.inspection.scan_any_other import any_other_numbers, note, text_has_allele
from allelake.ingest.inspection.scan_blocks import END, BlockScan
from allelake.ingest.inspection.scan_genotypes import GenotypeScan
from allelake.ingest.inspection.scan_info import InfoScan
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_order import ContigWalk
from allelake.ingest.inspection.scan_place import Place, shown
from allelake.ingest.spec import Header

QUAL = re.compile(rb"\.|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?")
NEGATIVE_QUAL = re.compile(rb"-(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
NO_NUMBER_QUAL = re.compile(rb"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
CONTROLS = re.compile(rb"[\x00-\x1f\x7f]")
FIXED_COLUMNS = 8
MAX_FILTERS = 4096


class TextScan:
    """Checks each record line; what the lines are of, and how many, is kept in its parts."""

    def __init__(self, place: Place, header: Header, book: NoticeBook):
        self._place = place
        self._book = book
        self.walk = ContigWalk(place, header, book)
        self.blocks = BlockScan(place, self.walk, book, len(header.samples))
        self.alleles = AlleleScan(place, book)
        self.info = InfoScan(place, header, book)
        self.genotypes = GenotypeScan(place, header, book)
        self._header = header
        self._samples = len(header.samples)
        self._expected = FIXED_COLUMNS + (1 + self._samples if self._samples else 0)
        self.contig = b""
        self._filters: dict[bytes, tuple[tuple[str, str], ...]] = {}
        self._blank_lines = 0

    def take(self, line: bytes) -> None:
        """Check one line, given without its line end."""
        place = self._place
        fields = line.split(b"\t", 9)
        total = len(fields) if len(fields) < 10 else 10 + fields[9].count(b"\t")
        expected = self._expected
        if total != expected or self._blank_lines:
            if not line.strip():
                self._blank_lines += 1
                return
            self._refuse_line(line, total, expected)
        place.record += 1
        contig, digits, names, ref, alt, qual, filters, info = fields[:FIXED_COLUMNS]
        if contig != self.contig:
            self.walk.enter(contig.decode("utf-8", "replace"))
            self.blocks.enter()
            self.contig = contig
        if not digits.isdigit():
            raise place.refuse(
                f"POS is {shown(digits)}; expected a whole number. Correct the record."
            )
        self.walk.step(int(digits), len(ref))
        found = self.alleles.take(ref, alt)
        if not QUAL.fullmatch(qual):
            self._check_qual(qual)
        self._check_filters(filters)
        if names != b".":
            self._check_names(names)
        has_end = self.info.take(info, 0 if alt == b"." else alt.count(b",") + 1)
        if found & NO_ALT_OF_ITS_OWN:
            columns = (fields[8], fields[9]) if self._samples else (b"", b"")
            is_any_other = bool(found & Alleles.ONLY_ANY_OTHER)
            self.blocks.take_text(int(digits), len(ref), info, *columns, is_any_other)
        elif has_end and found:
            self._check_end(info, int(digits))
        if self._samples:
            self.genotypes.take(fields[8], fields[9])
            if found & Alleles.ANY_OTHER and not found & Alleles.ONLY_ANY_OTHER:
                self._check_any_other(alt, fields[8], fields[9])

    @property
    def has_blank_lines(self) -> bool:
        """Whether a blank line was met, after which nothing may follow."""
        return self._blank_lines > 0

    def close(self) -> None:
        if self._blank_lines:
            self._book.fault(
                "blank_last_lines",
                "blank lines at the end of the file, ignored",
                count=self._blank_lines,
            )

    def _refuse_line(self, line: bytes, total: int, expected: int) -> None:
        place = self._place
        place.record += 1
        place.position = None
        if self._blank_lines:
            raise place.refuse("a blank line stands before it. Remove the blank line.")
        if line.startswith(b"#"):
            raise place.refuse(
                "a header line among the records: were files joined with cat? Join them with "
                "bcftools concat."
            )
        if total == 1 and b" " in line:
            raise place.refuse("no tabs: columns must be separated by tabs, not spaces.")
        fields = line.split(b"\t", 2)
        known = fields[0].decode("utf-8", "replace") in (place.contig, *self._header.contigs)
        if known and len(fields) > 1 and fields[1].isdigit() and len(fields[1]) < 12:
            place.contig, place.position = fields[0].decode(), int(fields[1])
        told = f"{self._samples} samples" if self._samples else "no samples"
        raise place.refuse(
            f"{total} columns; the header, with {told}, asks for {expected}. The record was cut or "
            "a column was lost or added: copy the file again, or correct the record."
        )

    def _check_qual(self, qual: bytes) -> None:
        where = self._place.where
        if NEGATIVE_QUAL.fullmatch(qual):
            self._book.fault("qual_negative", "QUAL below 0, kept as written", where)
        elif NO_NUMBER_QUAL.fullmatch(qual):
            self._book.fault("qual_no_number", "QUAL is NaN or infinite: taken as missing", where)
        else:
            raise self._place.refuse(f"QUAL is {shown(qual)}; expected a number or '.'.")

    def _check_names(self, names: bytes) -> None:
        if CONTROLS.search(names):
            raise self._place.refuse(f"ID is {shown(names)}; expected names joined by ';', or '.'.")
        if not names:
            self._book.fault("id_empty", "ID is empty: taken as '.'", self._place.where)
        elif b"" in names.split(b";"):
            self._book.fault("id_empty_item", "ID with an empty name, ignored", self._place.where)
        if b" " in names:
            self._book.fault("id_has_spaces", "ID with spaces, kept as written", self._place.where)

    def _check_filters(self, filters: bytes) -> None:
        for code, message in self.filter_notes(filters):
            self._book.fault(code, message, self._place.where)

    def filter_notes(self, filters: bytes) -> tuple[tuple[str, str], ...]:
        """What is odd about a FILTER; a refusal if it is unsound."""
        notes = self._filters.get(filters)
        if notes is None:
            notes = self._find_filter_notes(filters)
            if len(self._filters) < MAX_FILTERS:
                self._filters[filters] = notes
        return notes

    def _find_filter_notes(self, filters: bytes) -> tuple[tuple[str, str], ...]:
        if filters in (b".", b"PASS"):
            return ()
        names = filters.decode("utf-8", "replace").split(";")
        if CONTROLS.search(filters) or b"," in filters or "" in names or "." in names:
            raise self._place.refuse(
                f"FILTER is {shown(filters)}; expected PASS, '.', or names joined by ';'."
            )
        notes = []
        if "PASS" in names and set(names) != {"PASS"}:
            notes.append(
                ("filter_pass_and_failed", "FILTER with PASS beside other filters: failed")
            )
        if len(set(names)) < len(names):
            notes.append(("filter_twice", "FILTER with a name twice"))
        for name in names:
            if name != "PASS" and name not in self._header.filters:
                notes.append(("filter_not_declared", f"FILTER {name} is used but not declared"))
        return tuple(notes)

    def _check_any_other(self, alt: bytes, fmt: bytes, columns: bytes) -> None:
        gt = self.genotypes.layout(fmt).gt
        numbers = any_other_numbers(alt.split(b","))
        if gt is not None and text_has_allele(numbers, gt, columns):
            note(self._book, self._place.where)

    def _check_end(self, info: bytes, position: int) -> None:
        match = END.search(info)
        if match and match[1].isdigit() and int(match[1]) < position:
            self._book.fault(
                "end_before_position", "INFO END before POS: END is not used", self._place.where
            )
