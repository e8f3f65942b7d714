"""Whether a last line that lacks its newline can be a piece of a longer one."""

import re

from allelake.ingest.spec import Header

# Two alleles of one digit: with fewer than ten ALTs and at most two copies nothing can follow.
DIPLOID = re.compile(rb"[\d.][/|][\d.]")
MAX_ONE_DIGIT_ALTS = 9


def is_surely_whole(line: bytes, header: Header) -> bool:
    """Whether nothing could follow in this record: only then is a lost newline all that is lost.

    True where FORMAT is GT alone and the last sample's genotype is diploid with alleles of one
    digit. An empty line (a header that ends without newline) may have lost a sample's end.
    """
    fields = line.removesuffix(b"\r").split(b"\t")
    if not header.samples or len(fields) != 9 + len(header.samples):
        return False
    few_alts = fields[4].count(b",") < MAX_ONE_DIGIT_ALTS
    return few_alts and fields[8] == b"GT" and DIPLOID.fullmatch(fields[-1]) is not None
