"""REF and ALT of a record: well formed, and of which sort."""

import re
from enum import IntFlag

from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_place import Place, shown

PLAIN = re.compile(rb"[ACGTN]+")
# VCF 4.3 section 1.6.1: bases are ACGTN in either case; other IUPAC codes are met in real files.
BASES = re.compile(rb"[ACGTNacgtn]+")
IUPAC = re.compile(rb"[ACGTNRYSWKMBDHVUacgtnryswkmbdhvu]+")
SYMBOLIC = re.compile(rb"<[^<>\s,]+>")
MATE = rb"(?:[^\s\[\],:<>][^\s\[\],<>]*|<[^<>\s,]+>):\d+"
BREAKEND = re.compile(
    rb"(?:[ACGTNacgtn]+|\.)(?:\[%(m)s\[|\]%(m)s\])|(?:\[%(m)s\[|\]%(m)s\])(?:[ACGTNacgtn]+|\.)"
    rb"|\.[ACGTNacgtn]+|[ACGTNacgtn]+\." % {b"m": MATE}
)
# What a caller writes for "any other allele": of gVCF blocks, and beside real ALTs.
ANY_OTHER = (b"<NON_REF>", b"<*>")
MAX_REMEMBERED = 20_000
MAX_REMEMBERED_BYTES = 12


class Alleles(IntFlag):
    """What a record's alleles are, as far as the scan needs to know."""

    ORDINARY = 0
    NO_ALT = 1
    SYMBOLIC = 2
    LOWER_CASE = 4
    IUPAC = 8
    ANY_OTHER = 16
    ONLY_ANY_OTHER = 32


# Of a record that is a reference block or says nothing.
NO_ALT_OF_ITS_OWN = Alleles.NO_ALT | Alleles.ONLY_ANY_OTHER


class AlleleScan:
    """Checks REF and ALT; pairs seen before are looked up."""

    def __init__(self, place: Place, book: NoticeBook):
        self._place = place
        self._book = book
        self._known: dict[tuple[bytes, bytes], Alleles] = {}

    def take(self, ref: bytes, alt: bytes) -> Alleles:
        found = self.look(ref, alt)
        if found:
            self._note(found)
        return found

    def look(self, ref: bytes, alt: bytes) -> Alleles:
        """What the alleles are, without a note of it; a refusal if they are unsound."""
        found = self._known.get((ref, alt))
        if found is None:
            found = self._check(ref, alt)
            is_short = len(ref) + len(alt) <= MAX_REMEMBERED_BYTES
            if is_short and len(self._known) < MAX_REMEMBERED:
                self._known[ref, alt] = found
        return found

    def _check(self, ref: bytes, alt: bytes) -> Alleles:
        found = Alleles.ORDINARY
        if not PLAIN.fullmatch(ref):
            found |= self._check_ref(ref)
        if alt == b".":
            return found | Alleles.NO_ALT
        if PLAIN.fullmatch(alt):
            self._refuse_same(ref, alt)
            return found
        alts = alt.split(b",")
        for one in alts:
            found |= self._check_alt(ref, one)
        self._refuse_repeated(alts)
        if all(one in ANY_OTHER for one in alts):
            found |= Alleles.ONLY_ANY_OTHER
        return found

    def _check_ref(self, ref: bytes) -> Alleles:
        if BASES.fullmatch(ref):
            return Alleles.LOWER_CASE
        if IUPAC.fullmatch(ref):
            return Alleles.IUPAC
        what = "is empty" if ref in (b"", b".") else f"is {shown(ref)}"
        raise self._place.refuse(f"REF {what}; expected bases (A, C, G, T, N). Correct the record.")

    def _check_alt(self, ref: bytes, alt: bytes) -> Alleles:
        if PLAIN.fullmatch(alt) or alt == b"*":
            self._refuse_same(ref, alt)
            return Alleles.ORDINARY
        if alt in ANY_OTHER:
            return Alleles.ANY_OTHER
        if SYMBOLIC.fullmatch(alt) or BREAKEND.fullmatch(alt):
            return Alleles.SYMBOLIC
        self._refuse_same(ref, alt)
        if BASES.fullmatch(alt):
            return Alleles.LOWER_CASE
        if IUPAC.fullmatch(alt):
            return Alleles.IUPAC
        what = "an ALT is empty" if alt in (b"", b".") else f"an ALT is {shown(alt)}"
        raise self._place.refuse(
            f"{what}; expected bases (A, C, G, T, N), *, <ID> or a breakend. Correct the record."
        )

    def _refuse_same(self, ref: bytes, alt: bytes) -> None:
        if ref.upper() == alt.upper():
            raise self._place.refuse(
                f"an ALT is {shown(alt)}, the same as REF: no variant. Correct the record, or "
                "leave it out."
            )

    def _refuse_repeated(self, alts: list[bytes]) -> None:
        # Symbolic ones may repeat: their lengths in INFO tell them apart (VCF 4.4 section 1.6.1).
        sequences = [one.upper() for one in alts if not SYMBOLIC.fullmatch(one)]
        for one in sequences:
            if sequences.count(one) > 1:
                raise self._place.refuse(
                    f"ALT lists {shown(one)} more than once. Correct the record (bcftools norm)."
                )

    def _note(self, found: Alleles) -> None:
        where = self._place.where
        if found & Alleles.LOWER_CASE:
            self._book.fault(
                "lower_case_bases", "REF or ALT in lower case, taken as upper case", where
            )
        if found & Alleles.IUPAC:
            self._book.fault(
                "iupac_bases",
                "REF or ALT with IUPAC codes other than ACGTN, kept as written",
                where,
            )
