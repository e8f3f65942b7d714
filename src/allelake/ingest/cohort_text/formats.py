"""The FORMAT columns of a file: what to do with each field of the samples."""

import numpy as np

from allelake.ingest.cohort.source import NotPlain
from allelake.ingest.cohort_text import kernel
from allelake.ingest.cohort_text.room import Formats
from allelake.ingest.spec import BatchSpec, Header

# A file with more of them, or longer ones, is read record by record.
_MOST_FORMATS = 64
_MOST_FIELDS = 32
_MOST_BYTES = 256
# Which of the kernel's numbers a kept field has.
_KEPT = {"DP": kernel.DP, "GQ": kernel.GQ, "AD": kernel.AD, "PS": kernel.PS}


class FormatTable:
    """The FORMAT columns met so far, as the kernel looks them up."""

    def __init__(self, spec: BatchSpec, header: Header) -> None:
        self._declared = header.format
        has_ad = spec.has_ad or spec.has_adj
        kept = {"DP": spec.has_dp, "GQ": spec.has_gq, "AD": has_ad, "PS": spec.has_ps}
        self._kept = {name for name, is_kept in kept.items() if is_kept}
        self._others = {field.field.id for field in spec.format}
        if spec.filter_genotypes_by_ft:
            self._others.add("FT")
        self._text = np.zeros((_MOST_FORMATS, _MOST_BYTES), np.uint8)
        self._length = np.zeros(_MOST_FORMATS, np.int32)
        self._fields = np.zeros((_MOST_FORMATS, _MOST_FIELDS), np.int32)
        self._totals = np.zeros(_MOST_FORMATS, np.int32)
        self._keys: list[tuple[str, ...]] = []

    def learn(self, written: bytes) -> None:
        """Adds one. Raises NotPlain where htslib has something to say of it."""
        keys = tuple(written.decode("utf-8", "replace").split(":"))
        number = len(self._keys)
        is_too_much = number == _MOST_FORMATS or len(written) > _MOST_BYTES
        if is_too_much or len(keys) > _MOST_FIELDS or keys[0] != "GT" or len(set(keys)) < len(keys):
            raise NotPlain
        self._text[number, : len(written)] = np.frombuffer(written, np.uint8)
        self._length[number] = len(written)
        self._fields[number, : len(keys)] = [self._field(key) for key in keys]
        self._totals[number] = len(keys)
        self._keys.append(keys)

    def _field(self, key: str) -> int:
        declared = self._declared.get(key)
        if declared is None or key in self._others:
            raise NotPlain
        if key == "GT":
            return kernel.GT
        if key in self._kept:
            if declared.type != "Integer":
                raise NotPlain
            return _KEPT[key]
        if declared.type == "Integer":
            return kernel.INTEGERS
        if declared.type == "Float":
            return kernel.DECIMALS
        if declared.type in ("String", "Character"):
            return kernel.TEXT
        raise NotPlain

    def has(self, name: str) -> list[bool]:
        """Of each FORMAT: whether it has a field that is kept."""
        return [name in keys and name in self._kept for keys in self._keys]

    @property
    def formats(self) -> Formats:
        """The table for the kernel."""
        return Formats(self._text, self._length[: len(self._keys)], self._fields, self._totals)
