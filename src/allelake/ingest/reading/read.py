"""The records of a part, in order, from one file or several that are merged as they are read."""

import heapq
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType

import numpy as np
from cyvcf2 import VCF, Variant
from numpy.typing import NDArray

from allelake.errors import InputError
from allelake.ingest.cohort.likelihoods import LIKELIHOODS, likelihood_notices
from allelake.ingest.inspection.failure import explain_failure
from allelake.ingest.spec import BatchSpec, Notice, Part, PartInput
from allelake.ingest.stretches.feed import Feeder

# A region query of htslib wants an end; no contig is longer than BCF can say.
_NO_END = 2**31 - 1
# Kinds of declarations, as htslib numbers them.
_INFO, _FORMAT = 1, 2


@dataclass(slots=True)
class ReadRecord:
    """One record of the part, on the lake's `contig`.

    `order` are the file's sample columns in the batch's order; None: they are in that order.
    """

    variant: Variant
    contig: str
    order: NDArray[np.intp] | None
    path: Path

    @property
    def where(self) -> str:
        """File and record, as an error names them."""
        return f"{self.path}: record {self.variant.CHROM}:{self.variant.POS}"


class PartReader:
    """Iterates over the records of a part; counts what it read and what it left out.

    A record is left out where the part's `contig_names` do not have its contig. Inputs are merged
    by contig (in the order that the part gives, or as they come) and position.

    `notices` are what htslib would say of these files if it had said nothing of others before:
    that PL or GL is not declared by genotype, and that a record's END lies before its POS.
    """

    def __init__(self, spec: BatchSpec, part: Part) -> None:
        self._spec = spec
        self._part = part
        self._feeders: list[Feeder] = []
        self.records_read = 0
        self.records_skipped = 0
        self._odd_likelihoods: list[str] = []
        self._ends_before = 0
        self._first_end_before: str | None = None

    @property
    def notices(self) -> list[Notice]:
        """What is to be told of what was read so far."""
        notices = likelihood_notices(self._odd_likelihoods)
        if self._ends_before:
            message = "records whose END lies before their POS"
            notices.append(
                Notice("end_before_pos", message, self._ends_before, self._first_end_before)
            )
        return notices

    def __iter__(self) -> Iterator[ReadRecord]:
        try:
            yield from self._merged()
            for feeder in self._feeders:
                feeder.check()
        finally:
            for feeder in self._feeders:
                feeder.end()

    def _merged(self) -> Iterator[ReadRecord]:
        sources = [self._open(item) for item in self._part.inputs]
        streams = [self._stream(number, vcf) for number, vcf in enumerate(sources)]
        if len(streams) == 1:
            yield from streams[0]
            return
        # Not from the headers: they need not declare their contigs.
        rank = {name: place for place, name in enumerate(self._part.contigs)}
        keyed = [self._in_order(number, stream, rank) for number, stream in enumerate(streams)]
        for _, _, _, record in heapq.merge(*keyed, key=lambda item: item[:3]):
            yield record

    def _open(self, item: PartInput) -> VCF:
        if not item.path.exists():
            raise InputError(f"{item.path}: the file is not there any more")
        vcf = VCF(self._feed(item) if item.stretch is not None else str(item.path))
        if len(vcf.samples) != len(item.sample_columns):
            raise InputError(
                f"{item.path}: {len(vcf.samples)} samples, but {len(item.sample_columns)} when it "
                "was inspected; the file changed during the ingest"
            )
        self._odd_likelihoods += [name for name in LIKELIHOODS if _is_odd(vcf, name)]
        return vcf

    def _feed(self, item: PartInput) -> int:
        """Where to read the item's stretch as if it were a file."""
        assert item.stretch is not None
        self._feeders.append(Feeder(item.path, item.kind, item.stretch))
        return self._feeders[-1].file_number()

    def _stream(self, number: int, vcf: VCF) -> Iterator[ReadRecord]:
        item, part, names = self._part.inputs[number], self._part, self._spec.contig_names
        order = _column_order(item)
        start, end = part.start or 0, part.end or _NO_END
        done: set[str] = set()
        current, position, contig = "", 0, None
        # In BCF nobody looks for it.
        has_end = item.kind != "bcf" and _declared(vcf, "END", _INFO) is not None
        for variant in self._variants(item, vcf):
            if current != variant.CHROM:
                done.add(contig or current)
                current, position = variant.CHROM, 0
                contig = names.get(current)
                if (contig or current) in done:
                    raise InputError(f"{item.path}: records of {current} lie in two places")
            if part.contig is not None and contig != part.contig:
                continue
            if not start <= variant.POS <= end:
                continue
            if position > variant.POS:
                raise InputError(
                    f"{item.path}: {current}:{variant.POS} stands after {current}:{position}; "
                    "sort the file"
                )
            position = variant.POS
            if has_end:
                self._note_end(variant)
            self.records_read += 1
            if contig is None:
                self.records_skipped += 1
                continue
            yield ReadRecord(variant, contig, order, item.path)

    def _note_end(self, variant: Variant) -> None:
        end = variant.INFO.get("END")
        if isinstance(end, int) and end < variant.POS:
            self._ends_before += 1
            self._first_end_before = self._first_end_before or f"{variant.CHROM}:{variant.POS}"

    def _variants(self, item: PartInput, vcf: VCF) -> Iterator[Variant]:
        """All records of the file or its stretch, or by its index those of the part's region."""
        part = self._part
        if item.stretch is not None:
            yield from vcf
            return
        if part.contig is None or item.index is None:
            # htslib crashes on blank lines after the last record, which the inspection allows.
            yield from islice(vcf, item.records)
            return
        vcf.set_index(str(item.index))
        for name in (n for n in vcf.seqnames if self._spec.contig_names.get(n) == part.contig):
            # Braces keep a colon inside a contig's name from being read as a range.
            region = f"{{{name}}}:{part.start or 1}-{part.end or _NO_END}"
            records = iter(vcf(region))
            with warnings.catch_warnings():
                # An index that knows no record of a contig is no fault; counts are checked later.
                warnings.filterwarnings("ignore", message="no intervals found")
                first = next(records, None)
            if first is not None:
                yield first
                yield from records

    def _in_order(
        self, number: int, stream: Iterator[ReadRecord], rank: dict[str, int]
    ) -> Iterator[tuple[int, int, int, ReadRecord]]:
        last = -1
        for record in stream:
            place = rank.setdefault(record.contig, len(rank))
            if place < last:
                raise InputError(
                    f"{self._part.inputs[number].path}: {record.variant.CHROM} comes in another "
                    "order than in the other files of this call set; ingest them one by one with "
                    "--extend, or sort all by one order of contigs"
                )
            last = place
            yield place, record.variant.POS, number, record


class htslib_failures:
    """Turns what cyvcf2 raises for a broken record into an InputError.

    cyvcf2 raises a plain Exception and nothing more special; any subclass is not its own.
    """

    def __init__(self, part: Part) -> None:
        self._paths = [item.path for item in part.inputs]
        self._names = ", ".join(map(str, self._paths))
        self.last: ReadRecord | None = None

    def __enter__(self) -> "htslib_failures":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is Exception or kind is OSError:
            after = f"{self.last.where}, or the one after it," if self.last else "the first record"
            raise InputError(
                f"{after if self.last else f'{self._names}: {after}'} cannot be read: "
                f"{self._explained() or _first_line(error)}. Nothing of the file was taken; "
                "repair it"
            ) from error

    def _explained(self) -> str | None:
        """The first fault of the files' text from the last record on; cyvcf2 only says "error"."""
        last = self.last
        for path in self._paths:
            is_here = last is not None and last.path == path
            after = (last.variant.CHROM, last.variant.POS) if last and is_here else None
            if (why := explain_failure(path, after)) is not None:
                return why
        return None


def _declared(vcf: VCF, name: str, kind: int) -> dict[str, str] | None:
    """What the header says of a field, as htslib took it."""
    try:
        return dict(vcf.get_header_type(name, order=[kind]))
    except KeyError:
        return None


def _is_odd(vcf: VCF, likelihoods: str) -> bool:
    declared = _declared(vcf, likelihoods, _FORMAT)
    return declared is not None and declared.get("Number") != "G"


def _first_line(error: BaseException | None) -> str:
    return str(error).splitlines()[0] if str(error) else "the reader gives no reason"


def _column_order(item: PartInput) -> NDArray[np.intp] | None:
    columns = np.asarray(item.sample_columns, dtype=np.intp)
    if np.array_equal(columns, np.arange(columns.size)):
        return None
    return np.argsort(columns, kind="stable")
