"""The header of an exported VCF or BCF: what is used is declared, what is not kept is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from allelake.export.fields import Field
from allelake.export.people import People
from allelake.export.places import WHERE, Chunk, Span
from allelake.export.session import Session

_GENOTYPE = '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">'
_PASS = '##FILTER=<ID=PASS,Description="All filters passed">'

# What no export of genotypes has, and a reader of the file has to know.
REFERENCE_DETAILS = (
    "depth, quality and other fields of reference genotypes: those are of carriers and of "
    "genotypes that are not fully called; adj@1 cannot be told from this file"
)
STAR_ALLELES = "the allele * (deleted by another variant) is written 0, as a called allele"
FIELD_NAMES = "descriptions of fields and filters, and the case of their names"
ORDER_OF_ALLELES = (
    "the order of alleles that are not phased, and the bar of 0|0 and .|0 where not all carriers "
    "have one"
)
SEVERAL_ALTS = "records with several ALTs: each ALT is a line, trimmed, and another ALT is 0 there"
LEFT_OUT = "fields that were left out when they came, and records without an ALT"


@dataclass(frozen=True)
class Told:
    """What the header tells beside fields: terms, and what is not kept."""

    terms: dict[str, str]
    not_kept: tuple[str, ...]


def filters_used(session: Session, spans: Sequence[Span], batches: Sequence[int]) -> list[str]:
    """The names of filters that records in the spans failed."""
    names: set[str] = set()
    for span in spans:
        rows = session.rows(
            f"SELECT DISTINCT unnest(filters) FROM sites WHERE {WHERE} "
            "AND list_contains($batches::INTEGER[], batch)",
            {**Chunk(span.contig, span.start, span.end, 0).values(), "batches": list(batches)},
        )
        names |= {row[0] for row in rows}
    return sorted(names - {"PASS"})


def header_lines(
    contigs: Sequence[tuple[str, int]],
    assembly: str,
    filters: Sequence[str],
    info: Sequence[Field],
    format: Sequence[Field],
    told: Told,
    people: People | None,
) -> list[str]:
    """All lines, the one of columns last; without people a file of sites alone."""
    lines = ["##fileformat=VCFv4.3", f"##source=allelake {version('allelake')}"]
    lines += [f"##allelake_{name}={value}" for name, value in told.terms.items()]
    lines += [f"##allelake_not_kept={text}" for text in told.not_kept]
    lines += [
        f"##contig=<ID={name},length={length},assembly={assembly}>" for name, length in contigs
    ]
    lines += [_PASS, *(f'##FILTER=<ID={n},Description="As the lake has it: {n}">' for n in filters)]
    lines += [field.header("INFO") for field in info]
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
    if people is not None:
        lines += [_GENOTYPE, *(field.header("FORMAT") for field in format)]
        columns += ["FORMAT", *people.names]
    return [*lines, "\t".join(columns)]
