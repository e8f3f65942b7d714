"""Drawn genotypes as the rows of `sites`, `calls` and `bits` that hold them.

A second writing of the rules of LAYOUT.md, on purpose without the ingest's code. Each record is
drawn once and stored in each of the ways a lake may store it (`Storage`): whichever way, a question
has one answer.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from specs.drawn import NULL, Row

# 'rare': every genotype that is no default is a row of calls. 'adj_bits': so under raw, but the
# counts of adj@1 come from bits. 'common': all counts come from bits. 'whole': bits are all there
# is of a batch without depths and qualities; in others as 'common'.
Storage = Literal["rare", "adj_bits", "common", "whole"]
STORAGES: tuple[Storage, ...] = ("rare", "adj_bits", "common", "whole")

_KEY = ("contig", "position", "ref", "alt", "end_position", "sv_length")


@dataclass(frozen=True)
class Sample:
    """One row of `samples`, as far as genotypes need it."""

    number: int
    sample_id: str
    batch: int


@dataclass(frozen=True)
class Genotype:
    """One genotype from one ALT's view, with what adj@1 says of it."""

    sample: Sample
    alt_count: int
    called_count: int
    default_count: int
    ploidy: int
    is_phased: bool
    haplotype: int | None
    dp: int | None
    gq: int | None
    ad_ref: int | None
    ad_alt: int | None

    @property
    def has_details(self) -> bool:
        return (self.dp, self.gq, self.ad_ref, self.ad_alt) != (None, None, None, None)

    def is_default(self) -> bool:
        return (self.alt_count, self.called_count, self.ploidy) == (
            0,
            self.default_count,
            self.default_count,
        )

    def passes(self, is_haploid: bool) -> bool:
        """adj@1, by the thresholds of haploid genotypes for `1` and where `is_haploid` says so."""
        if None in (self.dp, self.gq, self.ad_ref, self.ad_alt):
            return False
        assert self.dp is not None and self.gq is not None and self.ad_alt is not None
        if self.gq < 20 or self.dp < (5 if is_haploid or self.ploidy == 1 else 10):
            return False
        one_of_two = self.alt_count == 1 and self.called_count == 2
        return not one_of_two or self.ad_alt / self.dp >= 0.2


@dataclass(frozen=True)
class Alone:
    """What is drawn of per-sample batches: their numbers, and two things each own row says."""

    batches: frozenset[int]
    covered: Callable[[Sample, dict[str, object]], int]
    filters: Callable[[Sample, dict[str, object]], list[str] | None]


@dataclass(frozen=True)
class Stored:
    """Rows to insert, by table."""

    sites: list[dict[str, object]]
    calls: list[dict[str, object]]
    bits: list[dict[str, object]]


def store(
    records: Iterable[Row],
    samples: list[Sample],
    adj_batches: set[int],
    is_haploid: Callable[[Sample, str, int], bool],
    storage: Storage,
    alone: Alone,
) -> Stored:
    """The rows that hold drawn records, stored one way (per-sample batches have only one)."""
    stored = Stored([], [], [])
    for record in records:
        for key, genotypes in _variants(record, samples, is_haploid):
            for batch in sorted({sample.batch for sample in samples}):
                own = [genotype for genotype in genotypes if genotype.sample.batch == batch]
                if own and batch in alone.batches:
                    first = min(genotype.sample.number for genotype in own)
                    stored.sites.append({**key, "batch": batch, "source_sample": first})
                    _store_alone(stored, key, own, batch in adj_batches, alone)
                elif own:
                    stored.sites.append({**key, "batch": batch})
                    _store_batch(stored, key, own, batch in adj_batches, storage)
    return stored


def _variants(
    record: Row, samples: list[Sample], is_haploid: Callable[[Sample, str, int], bool]
) -> Iterator[tuple[dict[str, object], list[Genotype]]]:
    """Each ALT of a record (not `*`) with the genotypes of all samples that have a cell."""
    for index, alt in enumerate(record["alt"].split(","), 1):
        if alt == "*":
            continue
        position = int(record["position"])
        end = record.get("end_position") or position + len(record["ref"]) - 1
        length = record.get("sv_length", NULL)
        values = (record["contig"], position, record["ref"], alt, int(end), None)
        key = dict(zip(_KEY, values, strict=True))
        key["sv_length"] = None if length == NULL else int(length)
        key["bin"] = position >> 14
        yield (
            key,
            [
                _genotype(
                    record[sample.sample_id],
                    index,
                    sample,
                    1 if is_haploid(sample, record["contig"], position) else 2,
                )
                for sample in samples
                if record.get(sample.sample_id)
            ],
        )


def _genotype(cell: str, index: int, sample: Sample, default_count: int) -> Genotype:
    """A cell `GT` or `GT:GQ:DP:AD` from the view of ALT number `index`."""
    gt, *fields = cell.split(":")
    alleles = gt.replace("|", "/").split("/")
    gq, dp, ad = [*fields, ".", ".", "."][:3]
    depths = ad.split(",") if ad != "." else []
    copies = alleles.count(str(index))
    is_phased = "|" in gt
    return Genotype(
        sample,
        alt_count=copies,
        called_count=len(alleles) - alleles.count("."),
        default_count=default_count,
        ploidy=len(alleles),
        is_phased=is_phased,
        haplotype=1 + alleles.index(str(index)) if is_phased and copies == 1 else None,
        dp=_number(dp),
        gq=_number(gq),
        ad_ref=_number(depths[0]) if depths else None,
        ad_alt=_number(depths[index]) if depths else None,
    )


def _number(text: str) -> int | None:
    return None if text == "." else int(text)


def _store_batch(
    stored: Stored,
    key: dict[str, object],
    genotypes: list[Genotype],
    has_adj: bool,
    storage: Storage,
) -> None:
    many = storage in ("common", "whole")
    is_whole = storage == "whole" and not any(genotype.has_details for genotype in genotypes)
    adj_many = has_adj and storage != "rare"
    for genotype in genotypes if not is_whole else ():
        kept = genotype.alt_count > 0 if many else not genotype.is_default()
        if has_adj and not adj_many and not genotype.passes(False):
            kept = True
        if kept:
            row = _call(genotype, has_adj)
            tier = "common" if many else "rare"
            stored.calls.append({**key, **row, "tier": tier, "adj_in_bits": adj_many})
    if many:
        _store_bits(stored, key, genotypes, "raw", is_whole)
    if adj_many:
        _store_bits(stored, key, genotypes, "adj@1")
        if key["contig"] in ("X", "Y"):
            _store_bits(stored, key, genotypes, "adj@1-haploid")


def _store_alone(
    stored: Stored,
    key: dict[str, object],
    genotypes: list[Genotype],
    has_adj: bool,
    alone: Alone,
) -> None:
    """A row for each sample whose own record lists the ALT, whatever its genotype."""
    for genotype in genotypes:
        own = {
            "default_count": 0,
            "covered": alone.covered(genotype.sample, key),
            "filters": alone.filters(genotype.sample, key),
        }
        row = {**key, **_call(genotype, has_adj), **own, "tier": "rare", "adj_in_bits": False}
        stored.calls.append(row)


def _call(genotype: Genotype, has_adj: bool) -> dict[str, object]:
    return {
        "batch": genotype.sample.batch,
        "sample_number": genotype.sample.number,
        "alt_count": genotype.alt_count,
        "called_count": genotype.called_count,
        "default_count": genotype.default_count,
        "ploidy": genotype.ploidy,
        "haplotype": genotype.haplotype,
        "is_phased": genotype.is_phased,
        "passes_adj": genotype.passes(False) if has_adj else None,
        "passes_adj_haploid": genotype.passes(True) if has_adj else None,
        "dp": genotype.dp,
        "gq": genotype.gq,
        "ad_ref": genotype.ad_ref,
        "ad_alt": genotype.ad_alt,
    }


def _store_bits(
    stored: Stored,
    key: dict[str, object],
    genotypes: list[Genotype],
    policy: str,
    is_whole: bool = False,
) -> None:
    for block in sorted({genotype.sample.number // 1024 for genotype in genotypes}):
        own = [genotype for genotype in genotypes if genotype.sample.number // 1024 == block]
        row = {**key, "batch": own[0].sample.batch, "block": block, "policy": policy}
        names = ("alt1", "alt2", "short1", "short2", "haploid", "phased", "second")
        planes = {name: bytearray(128) for name in names}
        for genotype in own:
            failed = policy != "raw" and not genotype.passes(policy == "adj@1-haploid")
            alt = 0 if failed else genotype.alt_count
            called = 0 if failed else genotype.called_count
            bits = {"alt1": alt >= 1, "alt2": alt == 2, "short1": called < 2, "short2": called < 1}
            if is_whole:
                bits |= {"haploid": genotype.ploidy == 1, "second": genotype.haplotype == 2}
                bits["phased"] = genotype.is_phased and alt >= 1
            place = genotype.sample.number % 1024
            for name, is_set in bits.items():
                planes[name][place // 8] |= is_set << (7 - place % 8)
        paired = [genotype for genotype in own if genotype.alt_count and genotype.ploidy == 2]
        if is_whole and paired and all(genotype.is_phased for genotype in paired):
            # Bits that mean nothing may be set, so that the plane is the same in many rows.
            planes["phased"] = bytearray(b"\xff" * 128)
        filled = {name: bytes(plane) if any(plane) else None for name, plane in planes.items()}
        # A row of empty planes may be left out, unless it says that haploid samples are not short.
        counted = names[:4]
        if any(filled[name] for name in counted) or any(g.default_count == 1 for g in own):
            stored.bits.append({**row, "is_whole": is_whole, **filled})
