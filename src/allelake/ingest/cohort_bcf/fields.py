"""Genotypes and FORMAT fields of BCF records, put into RecordRows."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.cohort.source import NotPlain, OddRecord
from allelake.ingest.cohort_bcf.genotypes import (
    integers,
    put_genotypes,
    put_integers,
    put_pairs,
)
from allelake.ingest.cohort_bcf.pieces import Piece
from allelake.ingest.cohort_bcf.walk import (
    ABSENT,
    ALLELES,
    FLOAT,
    INT8,
    INT32,
    ONE_ALT,
    SORT,
    TEXT,
    TYPE,
    Bytes,
    Numbers,
)
from allelake.ingest.reading.normalise import UNSPECIFIED_ALLELES
from allelake.ingest.reading.records import Integers, RecordRows
from allelake.ingest.spec import BatchSpec, Header, KeptField
from allelake.model.genotype import MISSING_ALLELE, MISSING_INTEGER, VECTOR_END

_Array = NDArray[np.generic]


class Samples:
    """Which FORMAT fields a batch wants of a file, and how they are taken from its records."""

    def __init__(self, spec: BatchSpec, header: Header) -> None:
        """Raises NotPlain where the header declares one as another type than its column's."""
        self._spec = spec
        self._has_ad = spec.has_adj or spec.has_ad
        standard = {"DP": spec.has_dp, "GQ": spec.has_gq, "AD": self._has_ad, "PS": spec.has_ps}
        numbers = [name for name, is_wanted in standard.items() if is_wanted]
        types = {name: header.format[name].type for name in numbers if name in header.format}
        if not set(types.values()) <= {"Integer", "Float"}:
            raise NotPlain
        # Of decimals the whole part is taken.
        self._decimal = {name for name, kind in types.items() if kind == "Float"}
        if spec.filter_genotypes_by_ft:
            raise NotPlain
        self.wanted = list(dict.fromkeys(["GT", *numbers, *(k.field.id for k in spec.format)]))
        self._place = {name: place for place, name in enumerate(self.wanted)}

    def fill(self, rows: RecordRows, piece: Piece, held: NDArray[np.intp]) -> int:
        """Puts the records `held` of a piece into rows, behind those that are there.

        The bytes that they hold beside the arrays with a row per record.
        """
        if not held.size or not self._spec.sample_total:
            rows.note_filled(held.size, [False] * held.size)
            return 0
        row, where, total = rows.used, piece.formats[held], self._spec.sample_total
        self._put_genotypes(rows, piece, held, np.ascontiguousarray(where[:, self._place["GT"]]))
        for name, into in (("DP", rows.dp), ("GQ", rows.gq)):
            if into is not None:
                found = self._found(where, name)
                _refuse_any(put_integers(piece.data, found, row, rows.pad, total, into))
        is_one_alt = piece.table[held, SORT] == ONE_ALT
        if self._has_ad:
            found = self._found(where, "AD")
            found[~is_one_alt, TYPE] = ABSENT
            pairs = rows.use_ad_pairs()
            _refuse_any(put_pairs(piece.data, found, row, rows.pad, total, pairs))
        has = {name: (where[:, place, TYPE] != ABSENT) for name, place in self._place.items()}
        no = np.zeros(held.size, np.bool_)
        rows.note_filled(
            held.size,
            has["GT"].tolist(),
            (has["DP"] if rows.dp is not None else no).tolist(),
            (has["GQ"] if rows.gq is not None else no).tolist(),
            (has["AD"] & is_one_alt if self._has_ad else no).tolist(),
        )
        return self._hold_others(rows, piece, held, row)

    def _found(self, where: Numbers, name: str) -> Numbers:
        """Where each record has a field of numbers, which are of the type that was declared."""
        found = where[:, self._place[name]].copy()
        kinds = found[:, TYPE]
        is_right = (kinds >= INT8) & (kinds <= INT32)
        if name in self._decimal:
            is_right = kinds == FLOAT
        if not (is_right | (kinds == ABSENT)).all():
            raise NotPlain
        return found

    def _put_genotypes(
        self, rows: RecordRows, piece: Piece, held: NDArray[np.intp], found: Numbers
    ) -> None:
        if rows.first.dtype != np.int8:
            raise NotPlain
        fault = put_genotypes(
            piece.data, found, piece.table[held, ALLELES], rows.used, rows.pad,
            self._spec.sample_total, rows.first, rows.second, rows.phased,
        )  # fmt: skip
        _refuse_any(fault)

    def _hold_others(self, rows: RecordRows, piece: Piece, held: NDArray[np.intp], row: int) -> int:
        """The fields of which each record has an array of its own; the bytes of these."""
        odd_ad = self._has_ad and bool((piece.table[held, SORT] != ONE_ALT).any())
        if not (odd_ad or self._spec.has_ps or self._spec.format):
            return 0
        held_bytes = 0
        for offset, place in enumerate(held.tolist()):
            where = piece.formats[place]
            if odd_ad and piece.table[place, SORT] != ONE_ALT:
                depths = self._integers(piece.data, where, "AD")
                rows.ad[row + offset] = _by_allele(depths, int(piece.table[place, ALLELES]))
            if self._spec.has_ps:
                rows.phase_sets[row + offset] = self._integers(piece.data, where, "PS")
            for number, kept in enumerate(self._spec.format):
                rows.formats[number][row + offset] = self._kept(piece.data, where, kept)
            lists: tuple[Sequence[_Array | None], ...] = (rows.ad, rows.phase_sets, *rows.formats)
            held_bytes += sum(a.nbytes for of in lists if (a := of[row + offset]) is not None)
        return held_bytes

    def _integers(self, data: Bytes, where: Numbers, name: str) -> Integers | None:
        at, kind, total = where[self._place[name]].tolist()
        if kind == ABSENT:
            return None
        is_right = kind == FLOAT if name in self._decimal else INT8 <= kind <= INT32
        if not is_right or total < 1:
            raise NotPlain
        return integers(data, at, kind, total, self._spec.sample_total)

    def _kept(self, data: Bytes, where: Numbers, kept: KeptField) -> _Array | None:
        at, kind, total = where[self._place[kept.field.id]].tolist()
        if kind == ABSENT:
            return None
        samples, declared = self._spec.sample_total, kept.field.type
        if declared == "Integer":
            return self._integers(data, where, kept.field.id)
        if declared == "Float" and kind == FLOAT and total:
            raw = data[at : at + 4 * total * samples].tobytes()
            return np.frombuffer(raw, "<f4").reshape(samples, total)
        if declared in ("String", "Character") and kind == TEXT and total:
            return _texts(data[at : at + total * samples].reshape(samples, total))
        raise NotPlain


def _texts(raw: Bytes) -> _Array:
    """Texts that end at their first NUL; NotPlain if they are not plain ASCII."""
    is_nul = raw == 0
    is_sound = ((raw >= 32) & (raw < 127)) | is_nul
    if not is_sound.all() or (is_nul[:, :-1] & ~is_nul[:, 1:]).any():
        raise NotPlain
    return np.frombuffer(raw.tobytes(), f"S{raw.shape[1]}").astype(np.str_)


def _by_allele(values: Integers | None, allele_total: int) -> Integers | None:
    """AD (samples, alleles); missing for a sample that has more or fewer values than alleles."""
    if values is None or (values.shape[1] == allele_total and (values != VECTOR_END).all()):
        return values
    wrong = (values != VECTOR_END).sum(axis=1) != allele_total
    depths = np.full((len(values), allele_total), MISSING_INTEGER, np.int32)
    if not wrong.all():
        depths[~wrong] = values[~wrong, :allele_total]
    return depths


def hide(rows: RecordRows, row: int, record: OddRecord) -> None:
    """Takes `<NON_REF>` and `<*>` in a genotype for no call."""
    for number, alt in enumerate(record.facts.alts, 1):
        if alt in UNSPECIFIED_ALLELES:
            for side in (rows.first[row], rows.second[row]):
                side[side == number] = MISSING_ALLELE


def _refuse_any(record: int) -> None:
    if record >= 0:
        raise NotPlain
