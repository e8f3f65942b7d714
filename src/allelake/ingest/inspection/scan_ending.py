"""Whether a last line that lacks its newline can be a piece of a longer one."""

import re

from allelake.ingest.spec import Header

# Two alleles of one digit: with fewer than ten ALTs and at most two copies nothing can follow.
DIPLOID = re.compile(rb"[\d.][/|][\d.]")
MAX_ONE_DIGIT_ALTS = 9


def is_surely_whole(line: bytes, header: Header) -> bool:
    """Whether nothing could follow in this record: only then is a lost newline all that is lost.

    True where the last field cannot go on: a diploid GT with alleles of one digit that is the whole
    FORMAT, a missing value of the last FORMAT field if that is one integer, a missing INFO where
    there are no samples. An empty line (a header without newline) may have lost a name's end.
    """
    fields = line.removesuffix(b"\r").split(b"\t")
    if not header.samples:
        return len(fields) == 8 and fields[-1] == b"."
    if len(fields) != 9 + len(header.samples):
        return False
    keys, last = fields[8].split(b":"), fields[-1].split(b":")
    if keys == [b"GT"]:
        few_alts = fields[4].count(b",") < MAX_ONE_DIGIT_ALTS
        return few_alts and DIPLOID.fullmatch(last[0]) is not None
    field = header.format.get(keys[-1].decode("utf-8", "replace"))
    is_one_integer = field is not None and field.type == "Integer" and field.number == "1"
    return is_one_integer and len(last) == len(keys) and last[-1] == b"."
