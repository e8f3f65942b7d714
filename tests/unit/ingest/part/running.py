"""Runs parts on small VCF texts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from allelake.ingest.part import run_part
from allelake.ingest.spec import BatchSpec, Part, PartInput, PartSummary, Regions
from allelake.model.zone import Zone

HEADER = """##fileformat=VCFv4.3
##FILTER=<ID=q10,Description="low">
##contig=<ID=chr1,length=100000>
##contig=<ID=chrX,length=100000>
##contig=<ID=chrM,length=16569>
##INFO=<ID=END,Number=1,Type=Integer,Description="end">
##INFO=<ID=SVLEN,Number=A,Type=Integer,Description="length">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="type">
##INFO=<ID=PER_ALT,Number=A,Type=Float,Description="per ALT">
##INFO=<ID=PER_ALLELE,Number=R,Type=Integer,Description="per allele">
##INFO=<ID=TEXTS,Number=.,Type=String,Description="texts">
##INFO=<ID=FLAG,Number=0,Type=Flag,Description="flag">
##FORMAT=<ID=GT,Number=1,Type=String,Description="genotype">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="depth">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="quality">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="depths">
##FORMAT=<ID=PS,Number=1,Type=Integer,Description="phase set">
##FORMAT=<ID=FT,Number=1,Type=String,Description="filter">
##FORMAT=<ID=PER_ALT,Number=A,Type=Integer,Description="per ALT">
##FORMAT=<ID=PER_ALLELE,Number=R,Type=Float,Description="per allele">
##FORMAT=<ID=PER_GENOTYPE,Number=G,Type=Integer,Description="per genotype">
##FORMAT=<ID=WORD,Number=1,Type=String,Description="word">
"""

# chrX is X with a PAR up to 1,000; chrM is mitochondrial.
ZONES = (
    Zone("chrX", 1, 1_000, "x_par"),
    Zone("chrX", 1_001, 100_000, "x"),
    Zone("chrM", 1, 16_569, "mt"),
)
CONTIGS = {"chr1": 100_000, "chrX": 100_000, "chrM": 16_569}


def vcf(samples: Sequence[str], records: Sequence[str]) -> str:
    """A VCF text; records are written with spaces instead of tabs."""
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
    if samples:
        columns += ["FORMAT", *samples]
    lines = ["\t".join(columns), *("\t".join(record.split(" ")) for record in records)]
    return HEADER + "\n".join(lines) + "\n"


def spec_for(sample_total: int, **changes: Any) -> BatchSpec:
    """A batch on contigs chr1, chrX and chrM."""
    chosen: dict[str, Any] = {
        "batch": 1,
        "first_sample": 0,
        "sample_total": sample_total,
        "contig_names": {name: name for name in CONTIGS},
        "contig_lengths": CONTIGS,
        "zones": ZONES,
        "info": (),
        "format": (),
        "has_adj": False,
        "has_dp": False,
        "has_gq": False,
        "has_ps": False,
    }
    return BatchSpec(**(chosen | changes))


def run(
    folder: Path,
    texts: str | Sequence[str],
    spec: BatchSpec,
    *,
    columns: Sequence[Sequence[int]] | None = None,
    number: int = 0,
    contig: str | None = None,
    start: int | None = None,
    end: int | None = None,
    expected_records: int | None = None,
    regions: Regions | None = None,
    **more: Any,
) -> PartSummary:
    """Writes each text to a file and runs one part over all of them."""
    texts = [texts] if isinstance(texts, str) else list(texts)
    inputs = []
    for place, text in enumerate(texts):
        path = folder / f"input{place}.vcf"
        path.write_text(text)
        order = columns[place] if columns else range(spec.sample_total)
        inputs.append(PartInput(path, "vcf", None, tuple(order), None, regions))
    contigs = tuple(dict.fromkeys(spec.contig_names.values()))
    part = Part(number, tuple(inputs), contig, start, end, expected_records, contigs)
    staging = folder / "staging"
    staging.mkdir(exist_ok=True)
    return run_part(spec, part, staging, **more)
