"""What a small VCF says, read from its text with nothing of ours: one plain value per sample."""

from dataclasses import dataclass
from fractions import Fraction

Key = tuple[str, int, str, str, int, int | None]


@dataclass(frozen=True)
class Genotype:
    """One sample's genotype as one ALT sees it; fields are None where missing."""

    alt_count: int
    called_count: int
    ploidy: int
    is_phased: bool
    haplotype: int | None
    dp: int | None
    gq: int | None
    ad_ref: int | None
    ad_alt: int | None

    def passes_adj(self, as_haploid: bool = False) -> bool:
        """adj@1, word for word: GQ >= 20, DP >= 10 (5 haploid), AD of a het's ALT >= 0.2 of DP."""
        fields = (self.dp, self.gq, self.ad_ref, self.ad_alt)
        if not self.called_count or any(value is None for value in fields):
            return False
        if self.gq < 20 or self.dp < (5 if as_haploid or self.ploidy == 1 else 10):
            return False
        if self.alt_count == 1 and self.called_count == 2:
            return self.dp > 0 and Fraction(self.ad_alt, self.dp) >= Fraction(1, 5)
        return True

    def counts(self, policy: str) -> tuple[int, int]:
        """(copies of ALT, called alleles) under a policy."""
        if policy == "raw" or self.passes_adj(as_haploid=policy == "adj@1-haploid"):
            return self.alt_count, self.called_count
        return 0, 0


def genotypes_of(text: str) -> dict[Key, list[Genotype]]:
    """Every variant's genotypes in the header's order; keys are trimmed. No symbolic ALT but *."""
    found: dict[Key, list[Genotype]] = {}
    for line in text.splitlines():
        if line.startswith("#") or not line:
            continue
        contig, position, _, ref, alts, _, _, _, keys, *cells = line.split("\t")
        names = keys.split(":")
        for number, alt in enumerate(alts.split(","), 1):
            if alt in (".", "*", "<NON_REF>", "<*>"):
                continue
            hidden = {str(i) for i, a in enumerate(alts.split(","), 1) if a in ("<NON_REF>", "<*>")}
            key = _trimmed(contig, int(position), ref, alt)
            found[key] = [_genotype(names, cell, number, hidden) for cell in cells]
    return found


def _genotype(names: list[str], cell: str, number: int, hidden: set[str]) -> Genotype:
    fields = dict(zip(names, cell.split(":"), strict=False))
    written = fields["GT"]
    alleles = ["." if a in hidden else a for a in written.replace("|", "/").split("/")]
    copies = alleles.count(str(number))
    is_phased = "|" in written
    haplotype = None
    if is_phased and len(alleles) == 2 and copies == 1:
        haplotype = 1 if alleles[0] == str(number) else 2
    depths = fields.get("AD", ".").split(",")
    return Genotype(
        alt_count=copies,
        called_count=sum(allele != "." for allele in alleles),
        ploidy=len(alleles),
        is_phased=is_phased,
        haplotype=haplotype,
        dp=_integer(fields.get("DP", ".")),
        gq=_integer(fields.get("GQ", ".")),
        ad_ref=_integer(depths[0]),
        ad_alt=_integer(depths[number]) if number < len(depths) else None,
    )


def _integer(text: str) -> int | None:
    return None if text in (".", "") else int(text)


def _trimmed(contig: str, position: int, ref: str, alt: str) -> Key:
    while len(ref) > 1 and len(alt) > 1 and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while len(ref) > 1 and len(alt) > 1 and ref[0] == alt[0]:
        position, ref, alt = position + 1, ref[1:], alt[1:]
    return contig, position, ref, alt, position + len(ref) - 1, None
