"""Fixed columns of odd lines, read by cyvcf2 as those of a file without samples."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from cyvcf2 import VCF, Variant

from allelake.ingest.cohort.source import NotPlain, OddRecord
from allelake.ingest.part_run import record_facts
from allelake.ingest.reading.messages import HtslibMessages
from allelake.ingest.spec import BatchSpec
from allelake.model.allele import is_breakend, is_symbolic

_COLUMNS = b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
_STRUCTURAL = ("SVTYPE", "SVLEN", "END")


class _Refusals:
    """Turns what cyvcf2 raises for a broken record, a plain Exception, into NotPlain."""

    def __enter__(self) -> None:
        """Does nothing."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is Exception or kind is OSError:
            raise NotPlain from error


class OddReader:
    """Reads lines by the rules of record; `header` are the header's lines that begin with ##."""

    def __init__(self, spec: BatchSpec, path: Path, header: Sequence[bytes]) -> None:
        self._path = path
        self._kept = frozenset(kept.field.id for kept in spec.info)
        self._header = b"\n".join([*header, _COLUMNS])

    def read(self, lines: Sequence[bytes], rows: Sequence[int]) -> list[OddRecord]:
        """The records of lines, given from CHROM to INFO; `rows` hold their genotypes.

        Raises NotPlain where htslib has anything to say.
        """
        if not lines:
            return []
        messages = HtslibMessages()
        with tempfile.NamedTemporaryFile(suffix=".vcf") as file:
            file.write(self._header + b"\n".join(lines) + b"\n")
            file.flush()
            with messages, _Refusals():
                written = list(VCF(file.name))
        if messages.errors or messages.notices() or len(written) != len(lines):
            raise NotPlain
        return [self._odd(record, row) for record, row in zip(written, rows, strict=True)]

    def _odd(self, written: Variant, row: int) -> OddRecord:
        end = written.INFO.get("END")
        if isinstance(end, int) and end < written.POS:
            # htslib warns of the first in a process alone.
            raise NotPlain
        where = f"{self._path}: record {written.CHROM}:{written.POS}"
        facts = record_facts(written, self._kept, where)
        facts.row = row
        info: dict[str, object] = {}
        if any(is_symbolic(alt) or is_breakend(alt) for alt in facts.alts):
            values = {name: written.INFO.get(name) for name in _STRUCTURAL}
            info = {name: value for name, value in values.items() if value is not None}
        return OddRecord(facts, info)
