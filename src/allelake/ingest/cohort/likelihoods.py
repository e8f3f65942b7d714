"""What htslib says, once in a process, of FORMAT PL and GL that are not declared Number=G.

A reader that opens a copy of the header must not use this up: whoever reads the file itself, should
it come to that, must still hear of it.
"""

from collections.abc import Sequence

from allelake.ingest.spec import Header, Notice

# The code of what htslib says that is of no known kind.
WARNING = "htslib"


def odd_likelihoods(header: Header) -> list[str]:
    """The fields of which htslib says that they should be declared otherwise."""
    fields = [header.format[name] for name in ("PL", "GL") if name in header.format]
    return [field.id for field in fields if field.number != "G"]


def likelihood_notices(names: Sequence[str]) -> list[Notice]:
    """What it says of these fields, as a reading by records tells it."""
    if not names:
        return []
    first = f"{names[0]} should be declared as Number=G"
    return [Notice(WARNING, "a warning of the VCF reader", len(names), first)]
