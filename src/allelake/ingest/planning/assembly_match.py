"""Which assembly a file's contig lengths look like."""

import re
from collections.abc import Mapping

from allelake.warehouse.assembly import Contig, shipped_assembly

SHIPPED = ("GRCh37", "GRCh38")
# Lengths that tell older or other assemblies apart (from their FASTA indexes).
OTHER_LENGTHS = {
    "NCBI36 (hg18)": {"1": 247249719, "2": 242951149, "20": 62435964, "22": 49691432},
    "T2T-CHM13v2.0": {"1": 248387328, "2": 242696752, "20": 66210255, "22": 51324926},
    "GRCm38 (mouse)": {"1": 195471971, "2": 182113224, "19": 61431566},
    "GRCm39 (mouse)": {"1": 195154279, "2": 181755017, "19": 61420004},
}
# hg19's chrM is NC_001807; every later chrM is the rCRS, NC_012920.
OLD_MITOCHONDRION_BP = 16_571
HINTS = (
    ("GRCh38", re.compile(r"GRCh38|hg38|hs38|GCA_000001405\.15|b38(?!\d)", re.IGNORECASE)),
    ("GRCh37", re.compile(r"GRCh37|hg19|hs37|b37(?!\d)|human_g1k_v37", re.IGNORECASE)),
    ("NCBI36 (hg18)", re.compile(r"NCBI36|hg18|human_b36|b36(?!\d)", re.IGNORECASE)),
    ("T2T-CHM13", re.compile(r"chm13|t2t", re.IGNORECASE)),
)


def contig_in(contigs: Mapping[str, Contig], name: str) -> Contig | None:
    return contigs.get(name.casefold())


def names_of(contigs: tuple[Contig, ...]) -> dict[str, Contig]:
    """Contigs by name and alias, in lower case; a name counts before another's alias."""
    aliases = {alias.casefold(): contig for contig in contigs for alias in contig.aliases}
    return aliases | {contig.name.casefold(): contig for contig in contigs}


def assembly_like(lengths: Mapping[str, int]) -> str | None:
    """The assembly that most of these contig lengths belong to, or None.

    >>> assembly_like({"chr22": 50818468, "chr1": 248956422})
    'GRCh38'
    """
    votes: dict[str, int] = {}
    for assembly in SHIPPED:
        known = names_of(shipped_assembly(assembly).contigs)
        votes[assembly] = sum(
            1
            for name, length in lengths.items()
            if (contig := contig_in(known, name)) is not None
            and contig.length_bp == length
            and contig.kind != "mt"
        )
    for assembly, known_lengths in OTHER_LENGTHS.items():
        votes[assembly] = sum(
            known_lengths.get(name.removeprefix("chr")) == length
            for name, length in lengths.items()
        )
    best = max(votes, key=lambda assembly: votes[assembly])
    return best if votes[best] else None


def assembly_hinted(hint: str | None) -> str | None:
    """The assembly that a ##reference or ##assembly line names, or None.

    >>> assembly_hinted("file:///refs/human_g1k_v37.fasta")
    'GRCh37'
    """
    found = [name for name, pattern in HINTS if hint and pattern.search(hint)]
    return found[0] if len(found) == 1 else None
