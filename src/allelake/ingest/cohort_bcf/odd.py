"""BCF records that are not plain, as cyvcf2 reads them: what all samples share, without these."""

import re
import struct
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from cyvcf2 import VCF, Variant

from allelake.ingest.cohort.likelihoods import WARNING, likelihood_notices, odd_likelihoods
from allelake.ingest.cohort.refusals import refused_is_not_plain
from allelake.ingest.cohort.source import NotPlain, OddRecord
from allelake.ingest.reading.messages import HtslibMessages
from allelake.ingest.reading.normalise import RecordFacts
from allelake.ingest.spec import BatchSpec, Header, Notice

_MAGIC = b"BCF\2\2"
_SAMPLES_AT = 28
FIXED_COLUMNS = 8
_NUMBER = re.compile(rb"Number=[^,>]*")
_STRUCTURAL = ("SVTYPE", "SVLEN", "END")


class OddReader:
    """Reads single records of a file by writing them, without their samples, to another one."""

    def __init__(self, spec: BatchSpec, path: Path, header: Header, lines: Sequence[bytes]) -> None:
        """`lines` are those of the file's header, without its samples.

        `notices` is what htslib says of them. Raises NotPlain if that is an error.
        """
        odd = odd_likelihoods(header)
        text = b"\n".join(_without_odd(line, odd) for line in lines) + b"\n\0"
        self._header = _MAGIC + struct.pack("<I", len(text)) + text
        self._path = path
        self._kept = [kept.field.id for kept in spec.info]
        _, self._told = self._read([])
        if odd and any(notice.code == WARNING for notice in self._told):
            raise NotPlain
        self.notices = (*self._told, *likelihood_notices(odd))

    def read(self, records: Iterable[bytes]) -> list[OddRecord]:
        """The records, their rows not yet said; their INFO has the fields that the batch keeps.

        Raises NotPlain for what htslib refuses, or takes with a warning.
        """
        found, notices = self._read(records)
        # It says the same of the header again.
        if notices != self._told:
            raise NotPlain
        return found

    def _read(self, records: Iterable[bytes]) -> tuple[list[OddRecord], tuple[Notice, ...]]:
        shared = [_without_samples(record) for record in records]
        messages = HtslibMessages()
        with tempfile.NamedTemporaryFile(suffix=".bcf") as file:
            file.write(b"".join([self._header, *shared]))
            file.flush()
            with messages, refused_is_not_plain():
                found = [self._record(variant) for variant in VCF(file.name)]
        if messages.errors or len(found) != len(shared):
            raise NotPlain
        return found, messages.notices()

    def _record(self, written: Variant) -> OddRecord:
        info = written.INFO
        values = {name: value for name in self._kept if (value := info.get(name)) is not None}
        where = f"{self._path}: record {written.CHROM}:{written.POS}"
        facts = RecordFacts(
            written.POS, written.REF, written.ALT, written.ID, written.QUAL, written.FILTERS,
            values, where,
        )  # fmt: skip
        structural = {name: info.get(name) for name in _STRUCTURAL}
        return OddRecord(facts, {name: v for name, v in structural.items() if v is not None})


def _without_odd(line: bytes, names: Sequence[str]) -> bytes:
    """The line as htslib wants it: no value of these fields is read here."""
    if any(line.startswith(b"##FORMAT=<ID=%b," % name.encode()) for name in names):
        return _NUMBER.sub(b"Number=G", line, count=1)
    return line


def _without_samples(record: bytes) -> bytes:
    (shared,) = struct.unpack_from("<I", record)
    at = _SAMPLES_AT
    return struct.pack("<II", shared, 0) + record[8:at] + bytes(4) + record[at + 4 : 8 + shared]
