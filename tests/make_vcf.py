"""VCF text from short rows, for tests that need a file of exactly this content.

    vcf(["ann", "bo"], "chr1 100 A G . GT 0/1 1|1")

A row is: contig, position, ref, alt, filter, FORMAT, then one column per sample; an INFO column is
written where the position carries one after a slash (`100/END=200`). Blanks separate columns.
"""

from collections.abc import Sequence

LENGTHS = {
    "GRCh38": {
        "chr1": 248_956_422,
        "chr2": 242_193_529,
        "chr21": 46_709_983,
        "chr22": 50_818_468,
        "chrX": 156_040_895,
        "chrY": 57_227_415,
        "chrM": 16_569,
    },
    "GRCh37": {
        "1": 249_250_621,
        "2": 243_199_373,
        "20": 63_025_520,
        "22": 51_304_566,
        "X": 155_270_560,
        "Y": 59_373_566,
        "MT": 16_569,
    },
}

FIELDS = {
    "GT": '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    "GQ": '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Genotype quality">',
    "DP": '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Read depth">',
    "AD": '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Allelic depths">',
    "MIN_DP": '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Least depth of a block">',
    "LEN": '##FORMAT=<ID=LEN,Number=1,Type=Integer,Description="Length of a block">',
    "PS": '##FORMAT=<ID=PS,Number=1,Type=Integer,Description="Phase set">',
}

INFO_FIELDS = (
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End position">',
    '##INFO=<ID=SVLEN,Number=A,Type=Integer,Description="Length of a structural variant">',
    '##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">',
    '##INFO=<ID=NOTE,Number=1,Type=String,Description="Anything">',
)


def header(
    samples: Sequence[str],
    *,
    assembly: str = "GRCh38",
    fields: Sequence[str] = ("GT",),
    filters: Sequence[str] = (),
) -> str:
    """The header lines of a VCF 4.3 of these samples."""
    lines = ["##fileformat=VCFv4.3"]
    lines += [f"##contig=<ID={n},length={size}>" for n, size in LENGTHS[assembly].items()]
    lines += INFO_FIELDS
    lines += [f'##FILTER=<ID={name},Description="Failed {name}">' for name in filters]
    lines += [FIELDS[name] for name in fields]
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
    lines.append("\t".join([*columns, *(["FORMAT", *samples] if samples else [])]))
    return "\n".join(lines) + "\n"


def row(text: str) -> str:
    """One record from a short row; a row without FORMAT has no sample columns."""
    contig, position, ref, alt, filters, *rest = text.split()
    position, _, info = position.partition("/")
    return "\t".join([contig, position, ".", ref, alt, ".", filters, info or ".", *rest]) + "\n"


def vcf(
    samples: Sequence[str],
    *rows: str,
    assembly: str = "GRCh38",
    fields: Sequence[str] = ("GT",),
    filters: Sequence[str] = (),
) -> str:
    """A whole VCF text."""
    top = header(samples, assembly=assembly, fields=fields, filters=filters)
    return top + "".join(row(text) for text in rows)
