"""FILTER, INFO and FORMAT of many records, each distinct one looked up once in the TextScan."""

from dataclasses import dataclass

import numpy as np

from allelake.errors import InputError
from allelake.ingest.fast_text.fields import SampleFields
from allelake.ingest.fast_text.grammar import DECIMALS, GENOTYPE, INTEGERS
from allelake.ingest.fast_text.info import InfoItems, count_values, take_apart
from allelake.ingest.fast_text.lines import FILTER, INFO, Lines
from allelake.ingest.fast_text.text import Flags, Pieces, Places
from allelake.ingest.inspection.scan_info import value_count
from allelake.ingest.inspection.scan_text import TextScan
from allelake.ingest.spec import Field

_MOST_FILTERS = 64
_RUN_OF_DIGITS = 10
# How many values a field has, where that is not fixed.
_ANY = -1


def plain_filters(lines: Lines, scan: TextScan) -> Flags:
    """Lines whose FILTER is written as it should be."""
    code, firsts = lines.text.codes(lines.columns[FILTER], _MOST_FILTERS)
    sound = np.zeros(len(firsts) + 1, np.bool_)
    for number, first in enumerate(firsts):
        written = lines.text.text_of(lines.columns[FILTER], first)
        try:
            sound[number] = not scan.filter_notes(written)
        except InputError:
            continue
    return np.asarray(sound[code])


def plain_formats(fields: SampleFields, scan: TextScan) -> Flags:
    """Lines whose FORMAT begins with GT and is declared."""
    sound = np.zeros(len(fields.formats) + 1, np.bool_)
    for number, fmt in enumerate(fields.formats):
        try:
            layout = scan.genotypes.layout(fmt)
        except InputError:
            continue
        sound[number] = layout.gt == 0 and not layout.notes
    return np.asarray(sound[fields.code])


@dataclass(frozen=True)
class PlainSamples:
    """What the samples of lines say, as far as blocks are concerned.

    plain           GT has one or two alleles of one digit, and no number is odd or long
    no_call         an allele is missing, none is other than 0
    not_reference   an allele is other than 0
    without_reads   MIN_DP, or DP where that is missing, is 0
    odd_block       what a block of this line covers cannot be told from here
    ends            the first and the last character of GT
    """

    plain: Flags
    no_call: Flags
    not_reference: Flags
    without_reads: Flags
    odd_block: Flags
    ends: tuple[Places, Places]

    def has_allele(self, numbers: Places) -> Flags:
        """Which genotypes have the allele of that number; a negative one is none."""
        one, two = (end.astype(np.int64) - ord("0") for end in self.ends)
        return np.asarray((numbers >= 0) & ((one == numbers) | (two == numbers)))


def plain_samples(lines: Lines, fields: SampleFields) -> PlainSamples:
    """What each line's sample says."""
    text = lines.text
    genotypes, _ = fields.field(np.arange(len(lines)), 0)
    plain = GENOTYPE.accepts(text, genotypes)
    most = np.array([fmt.count(b":") for fmt in fields.formats])
    plain &= fields.total <= most[fields.code]
    minus = text.places(b"-")
    plain[lines.rows_of(minus[np.isin(text.bytes[minus + 1], list(b":,\n"))])] = False
    plain[lines.rows_of(_long_numbers(text.bytes))] = False
    # Pieces of another length are not plain; whatever stands there is told of by nobody.
    one, two = text.bytes[genotypes.start], text.bytes[np.maximum(genotypes.stop - 1, 0)]
    zero, missing = ord("0"), ord(".")
    is_known = ((one == zero) | (one == missing)) & ((two == zero) | (two == missing))
    is_reference = (one == zero) & (two == zero)
    without_reads, odd = _depths(lines, fields)
    return PlainSamples(
        plain,
        is_known & ~is_reference,
        ~is_known,
        is_reference & without_reads,
        odd,
        (one.astype(np.int64), two.astype(np.int64)),
    )


def _depths(lines: Lines, fields: SampleFields) -> tuple[Flags, Flags]:
    """Lines whose depth is 0, and those whose depth or length needs a closer look."""
    text = lines.text
    is_zero, odd = np.zeros((2, len(lines)), np.bool_)
    for number, fmt in enumerate(fields.formats):
        keys, rows = fmt.split(b":"), fields.rows(number)
        if b"LEN" in keys:
            odd[rows] = True
        for name in (b"DP", b"MIN_DP"):
            if name not in keys:
                continue
            pieces, is_there = fields.field(rows, keys.index(name))
            value, is_number = text.integers(pieces)
            is_missing = text.equals(pieces, b".")
            odd[rows] |= is_there & ~is_number & ~is_missing
            known = is_there & is_number
            is_zero[rows[known]] = value[known] == 0
    return is_zero, odd


def _long_numbers(data: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> Places:
    """Where runs of ten digits begin."""
    run = (data - np.uint8(ord("0"))) < 10
    for step in (1, 2, 4, 2):
        if len(run) <= step:
            return np.zeros(0, np.int64)
        run = run[:-step] & run[step:]
    return np.flatnonzero(run)


class PlainInfo:
    """INFO of the lines of a chunk, against what the header declares."""

    def __init__(self, lines: Lines, scan: TextScan, alt_total: Places):
        self._lines = lines
        self._scan = scan
        self._alt_total = alt_total
        size = len(lines)
        self.plain = np.ones(size, np.bool_)
        self.has_end = np.zeros(size, np.bool_)
        self.end = np.zeros(size, np.int64)
        self.is_whole = self._check()

    def _check(self) -> bool:
        """False if the lines have too many different keys to be checked this way."""
        text, info = self._lines.text, self._lines.columns[INFO]
        rest = ~text.equals(info, b".")
        only_end = self._take_only_end(rest)
        shapes = self._shapes_of(np.flatnonzero(only_end), b"END=")
        rows = np.flatnonzero(rest & ~only_end)
        if rows.size:
            items = take_apart(text, info[rows])
            if items is None:
                return False
            shapes += self._shapes_of_items(rows, items)
            self._check_values(rows, items)
        # In the order of the file: so the keys that are used come in the TextScan's order.
        for first, alts, signature, members in sorted(shapes, key=lambda shape: shape[0]):
            self._learn(first, alts, signature, members)
        return True

    def _take_only_end(self, rest: Flags) -> Flags:
        text, info = self._lines.text, self._lines.columns[INFO]
        found = rest & text.starts_with(info, b"END=")
        number = Pieces(info.start + 4, info.length - 4)
        end, is_number = text.integers(number)
        found &= is_number
        self.end[found] = end[found]
        self.has_end |= found
        return found

    def _shapes_of(self, rows: Places, signature: bytes) -> list[tuple[int, int, bytes, Places]]:
        """(first line, ALTs, INFO without values, lines) for each number of ALTs."""
        alts = self._alt_total[rows]
        found = []
        for total in np.flatnonzero(np.bincount(alts)).tolist():
            mine = rows[alts == total]
            found.append((int(mine[0]), int(total), signature, mine))
        return found

    def _shapes_of_items(
        self, rows: Places, items: InfoItems
    ) -> list[tuple[int, int, bytes, Places]]:
        found = []
        for number, (_, signature) in enumerate(items.shapes):
            mine = rows[items.shape == number]
            found += self._shapes_of(mine, b";".join(signature))
        return found

    def _learn(self, first: int, alts: int, signature: bytes, members: Places) -> None:
        try:
            shape = self._scan.info.shape(signature, alts)
        except InputError:
            self.plain[members] = False
            return
        if shape.notes or shape.repeated:
            self.plain[members] = False

    def _check_values(self, rows: Places, items: InfoItems) -> None:
        for number, key in enumerate(items.keys):
            mine = (items.key == number) & items.has_value
            field = self._scan.info.field(key)
            if field is not None and field.type == "Flag":
                self.plain[rows[items.row[mine]]] = False
            elif field is not None and field.type in ("Integer", "Float"):
                self._check_numbers(rows[items.row[mine]], items.value[mine], field)
            if key == b"END":
                self._note_end(rows[items.row[mine]], items.value[mine])

    def _check_numbers(self, rows: Places, values: Pieces, field: Field) -> None:
        text = self._lines.text
        grammar = INTEGERS if field.type == "Integer" else DECIMALS
        sound = grammar.accepts(text, values)
        totals = np.flatnonzero(np.bincount(self._alt_total[rows])).tolist()
        expected = {total: value_count(field, total) for total in totals}
        if any(count is not None for count in expected.values()):
            wanted = np.full(max(totals) + 1, _ANY)
            for total, count in expected.items():
                wanted[total] = _ANY if count is None else count
            of_row = wanted[self._alt_total[rows]]
            sound &= (of_row == _ANY) | (count_values(text, values) == of_row)
        self.plain[rows[~sound]] = False

    def _note_end(self, rows: Places, values: Pieces) -> None:
        end, is_number = self._lines.text.integers(values)
        self.end[rows], self.has_end[rows] = end, True
        self.plain[rows[~is_number]] = False
