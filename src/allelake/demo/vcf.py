"""Turns sites and reads into the text of a VCF."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allelake.demo.reads import SiteReads
from allelake.demo.sites import CONTIG_LENGTHS, DELETION, Site

FIXED_HEADER = """\
##fileformat=VCFv4.2
##source=allelake demo (simulated; no person and no real genome)
##FILTER=<ID=PASS,Description="All filters passed">
##FILTER=<ID=LowDepth,Description="Mean depth under 20">
##ALT=<ID=DEL,Description="Deletion">
##INFO=<ID=AC,Number=A,Type=Integer,Description="Allele count in genotypes">
##INFO=<ID=AN,Number=1,Type=Integer,Description="Total number of alleles in called genotypes">
##INFO=<ID=DP,Number=1,Type=Integer,Description="Reads over all samples">
##INFO=<ID=END,Number=1,Type=Integer,Description="End position of the variant">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">
##INFO=<ID=SVLEN,Number=A,Type=Integer,Description="Difference in length between REF and ALT">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads of each allele">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Reads">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Genotype quality">
"""

# Bytes of the numbers 0 to 999, padded at the end with zero bytes that are dropped from the text.
_DIGITS = np.array([list(str(n).encode().ljust(3, b"\0")) for n in range(1000)], dtype=np.uint8)
_MISSING_NUMBER = np.frombuffer(b".\0\0", dtype=np.uint8)
_ALLELES = np.frombuffer(b"0123456789.", dtype=np.uint8)


def write_header(samples: Sequence[str]) -> bytes:
    """The header lines of one of the demo's VCFs."""
    contigs = "".join(
        f"##contig=<ID={name},length={length},assembly=GRCh38>\n"
        for name, length in CONTIG_LENGTHS.items()
    )
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples]
    return (FIXED_HEADER + contigs + "\t".join(columns) + "\n").encode()


def write_record(contig: str, site: Site, reads: SiteReads, is_haploid: NDArray[np.bool_]) -> bytes:
    """One line of the VCF, with its end."""
    quality = int(min(9_999, 30 + reads.depth[reads.second > 0].sum()))
    fields = [
        contig,
        str(site.position),
        site.id,
        site.ref,
        ",".join(site.alts),
        str(quality),
        "LowDepth" if reads.is_bad_site else "PASS",
        write_info(site, reads, is_haploid),
        "GT:AD:DP:GQ",
    ]
    return "\t".join(fields).encode() + write_genotypes(len(site.alts), reads, is_haploid)


def write_info(site: Site, reads: SiteReads, is_haploid: NDArray[np.bool_]) -> str:
    """The INFO column; AC and AN count what the genotypes of the line say."""
    second = np.where(is_haploid, -1, reads.second)
    counts = [
        int((reads.first == alt).sum() + (second == alt).sum())
        for alt in range(1, len(site.alts) + 1)
    ]
    called = int((reads.first >= 0).sum() + (second >= 0).sum())
    info = f"AC={','.join(map(str, counts))};AN={called};DP={int(reads.depth.sum())}"
    if site.alts[0] == DELETION and site.end_position is not None:
        length_bp = site.end_position - site.position
        info += f";END={site.end_position};SVTYPE=DEL;SVLEN={-length_bp}"
    return info


def write_genotypes(alts: int, reads: SiteReads, is_haploid: NDArray[np.bool_]) -> bytes:
    """The sample columns, each after its tab: built as one array of bytes, for speed."""
    samples = len(reads.depth)

    def same(text: bytes) -> NDArray[np.uint8]:
        return np.full((samples, 1), text[0], dtype=np.uint8)

    slash = np.where(is_haploid, 0, ord("/")).astype(np.uint8)[:, None]
    second_allele = np.where(is_haploid, 0, _ALLELES[reads.second])[:, None]
    columns = [same(b"\t"), _ALLELES[reads.first][:, None], slash, second_allele.astype(np.uint8)]
    separator = b":"
    for allele in range(alts + 1):
        columns += [same(separator), _DIGITS[depth_of(allele, reads)]]
        separator = b","
    gq = _DIGITS[reads.gq].copy()
    gq[reads.depth == 0] = _MISSING_NUMBER
    columns += [same(b":"), _DIGITS[reads.depth], same(b":"), gq]
    text = np.concatenate(columns, axis=1).ravel()
    return bytes(text[text != 0].tobytes()) + b"\n"


def depth_of(allele: int, reads: SiteReads) -> NDArray[np.int64]:
    """Each sample's reads of one allele."""
    of_first = np.where(reads.true_first == allele, reads.depth - reads.second_depth, 0)
    return of_first + np.where(reads.true_second == allele, reads.second_depth, 0)
