"""Fixed columns of odd lines, read by cyvcf2 as those of a file without samples."""

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cyvcf2 import VCF, Variant

from allelake.ingest.cohort.refusals import refused_is_not_plain
from allelake.ingest.cohort.source import NotPlain, OddRecord
from allelake.ingest.part_run import record_facts
from allelake.ingest.reading.messages import HtslibMessages
from allelake.ingest.spec import BatchSpec, Notice
from allelake.model.allele import is_breakend, is_symbolic

_COLUMNS = b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
_CONTIG = re.compile(r"[0-9A-Za-z_.-]+")
_STRUCTURAL = ("SVTYPE", "SVLEN", "END")


class OddReader:
    """Reads lines by the rules of record; `header` are the header's lines that begin with ##."""

    def __init__(self, spec: BatchSpec, path: Path, header: Sequence[bytes]) -> None:
        self._path = path
        self._told: tuple[Notice, ...] = ()
        self._kept = frozenset(kept.field.id for kept in spec.info)
        self._lines = list(header)

    def notices(self) -> tuple[Notice, ...]:
        """What htslib has to say of the header. Raises NotPlain where it is an error."""
        messages = HtslibMessages()
        self._open([], messages)
        if messages.errors:
            raise NotPlain
        # It says the same again whenever lines are read.
        self._told = messages.notices()
        return self._told

    def declare(self, contig: str) -> Notice:
        """What is told of a contig that the header does not declare; from now on it does.

        Raises NotPlain where that is anything else, and for names that no declaration can have.
        """
        if not _CONTIG.fullmatch(contig):
            raise NotPlain
        messages = HtslibMessages()
        self._open([f"{contig}\t1\t.\tA\tC\t.\t.\t.".encode()], messages)
        new = [notice for notice in messages.notices() if notice not in self._told]
        if messages.errors or len(new) != 1 or new[0].code != "contig_not_declared":
            raise NotPlain
        self._lines.append(f"##contig=<ID={contig}>".encode())
        return new[0]

    def read(self, lines: Sequence[bytes], rows: Sequence[int]) -> list[OddRecord]:
        """The records of lines, given from CHROM to INFO; `rows` hold their genotypes.

        Raises NotPlain where htslib has anything to say.
        """
        if not lines:
            return []
        messages = HtslibMessages()
        written = self._open(lines, messages)
        if messages.errors or messages.notices() != self._told or len(written) != len(lines):
            raise NotPlain
        return [self._odd(record, row) for record, row in zip(written, rows, strict=True)]

    def _open(self, lines: Sequence[bytes], messages: HtslibMessages) -> list[Variant]:
        with tempfile.NamedTemporaryFile(suffix=".vcf") as file:
            file.write(b"\n".join([*self._lines, _COLUMNS, *lines, b""]))
            file.flush()
            with messages, refused_is_not_plain():
                return list(VCF(file.name))
        raise AssertionError  # neither of the two swallows what is raised

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
