"""The sample's column of many records: genotypes and the fields that the lake keeps."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.fast_text.fields import SampleFields
from allelake.ingest.fast_text.grammar import DECIMALS, GENOTYPE, INTEGERS
from allelake.ingest.fast_text.info import count_values
from allelake.ingest.fast_text.lines import Lines
from allelake.ingest.fast_text.text import Flags, Pieces, Places
from allelake.ingest.fast_text.values import decimals_of
from allelake.ingest.spec import Field
from allelake.model.genotype import MISSING_ALLELE, MISSING_INTEGER, NO_ALLELE

# Fields of one integer that are read; AD has one for each allele.
INTEGER_FIELDS = ("DP", "GQ", "PS", "MIN_DP")
# VCF 4.5 lengths of blocks are left to the reader of records.
_LENGTH = b"LEN"

Integers = NDArray[np.int32]


class Unplain(Exception):
    """The lines have something that only the reader of whole records understands."""


@dataclass(frozen=True)
class Samples:
    """One sample's genotypes and fields, an element for each line.

    first, second   allele numbers as in `model.genotype`
    integers        by field; MISSING_INTEGER where there is none
    has             by field: whether FORMAT has it
    depths          the pieces of AD, of length 0 where there is none
    """

    has_gt: Flags
    first: NDArray[np.int8]
    second: NDArray[np.int8]
    phased: Flags
    integers: dict[str, Integers]
    has: dict[str, Flags]
    depths: Pieces


class SampleReader:
    """Reads the sample's column against what the header declares."""

    def __init__(self, declared: Mapping[str, Field], *, filter_by_ft: bool):
        self._declared = declared
        self._refused = {_LENGTH, b"FT"} if filter_by_ft else {_LENGTH}

    def read(self, lines: Lines) -> Samples:
        """The fields of each line. Raises Unplain where one is not as it usually is."""
        total = len(lines)
        fields = SampleFields(lines)
        if (fields.code < 0).any():
            raise Unplain
        nothing = np.zeros(total, np.int64)
        found = Samples(
            np.zeros(total, np.bool_),
            np.full(total, MISSING_ALLELE, np.int8),
            np.full(total, MISSING_ALLELE, np.int8),
            np.zeros(total, np.bool_),
            {name: np.full(total, MISSING_INTEGER, np.int32) for name in INTEGER_FIELDS},
            {name: np.zeros(total, np.bool_) for name in ("AD", *INTEGER_FIELDS)},
            Pieces(nothing, nothing.copy()),
        )
        for number in range(len(fields.formats)):
            self._read_layout(lines, fields, number, found)
        return found

    def _read_layout(self, lines: Lines, fields: SampleFields, number: int, found: Samples) -> None:
        rows = fields.rows(number)
        keys = fields.formats[number].split(b":")
        if keys[0] != b"GT" or len(set(keys)) < len(keys) or self._refused & set(keys):
            raise Unplain
        if int(fields.total[rows].max()) >= len(keys):
            raise Unplain
        for index, key in enumerate(keys):
            pieces, is_there = fields.field(rows, index)
            name = key.decode()
            if name == "GT":
                self._put_genotypes(lines, rows, pieces, found)
            elif name in INTEGER_FIELDS:
                self._put_integers(lines, name, rows[is_there], pieces[is_there], found)
                found.has[name][rows] = True
            else:
                self._check(lines, name, pieces[is_there])
                if name == "AD":
                    found.has[name][rows] = True
                    found.depths.start[rows] = pieces.start
                    found.depths.length[rows] = np.where(is_there, pieces.length, 0)

    def _put_genotypes(self, lines: Lines, rows: Places, pieces: Pieces, found: Samples) -> None:
        text = lines.text
        if not GENOTYPE.accepts(text, pieces).all():
            raise Unplain
        is_diploid = pieces.length == 3
        found.has_gt[rows] = True
        found.first[rows] = _alleles(text.bytes[pieces.start])
        last = text.bytes[pieces.stop - 1]
        found.second[rows] = np.where(is_diploid, _alleles(last), NO_ALLELE)
        found.phased[rows] = is_diploid & (text.bytes[pieces.start + is_diploid] == ord("|"))

    def _put_integers(
        self, lines: Lines, name: str, rows: Places, pieces: Pieces, found: Samples
    ) -> None:
        field = self._declared.get(name)
        if field is None or field.type not in ("Integer", "Float"):
            raise Unplain
        values, sound = lines.text.integers(pieces)
        if not sound.all():
            missing = lines.text.equals(pieces, b".")
            values[missing] = MISSING_INTEGER
            rest = np.flatnonzero(~(sound | missing))
            if rest.size:
                values[rest] = _whole_parts(lines, field, pieces[rest])
        found.integers[name][rows] = values

    def _check(self, lines: Lines, name: str, pieces: Pieces) -> None:
        """Refuses to vouch for numbers that the reader of records might stumble over."""
        field = self._declared.get(name)
        if field is None or (name == "AD" and field.type not in ("Integer", "Float")):
            raise Unplain
        if field.type in ("String", "Character"):
            return
        grammar = INTEGERS if field.type == "Integer" else DECIMALS
        if not grammar.accepts(lines.text, pieces).all():
            raise Unplain


def _whole_parts(lines: Lines, field: Field, pieces: Pieces) -> Places:
    """What is left of decimals of 32 bits where a column has whole numbers."""
    is_number = DECIMALS.accepts(lines.text, pieces).all()
    if field.type != "Float" or not is_number or (count_values(lines.text, pieces) > 1).any():
        raise Unplain
    values = decimals_of(lines.text, pieces).to_numpy(zero_copy_only=False)
    whole = np.floor(values.astype(np.float64)).clip(-(2**31) + 2, 2**31 - 1)
    return np.asarray(whole.astype(np.int64))


def _alleles(characters: NDArray[np.uint8]) -> NDArray[np.int8]:
    return np.where(characters == ord("."), MISSING_ALLELE, characters - ord("0")).astype(np.int8)
