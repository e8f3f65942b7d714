"""What htslib says, once in a process, of FORMAT PL and GL that are not declared Number=G.

Every file is told of, whichever process reads it after which others.
"""

from collections.abc import Sequence

from allelake.ingest.spec import Header, Notice

LIKELIHOODS = ("PL", "GL")
# The code of what htslib says that is of no known kind.
WARNING = "htslib"


def odd_likelihoods(header: Header) -> list[str]:
    """The fields of which htslib says that they should be declared otherwise."""
    fields = [header.format[name] for name in LIKELIHOODS if name in header.format]
    return [field.id for field in fields if field.number != "G"]


def likelihood_notices(names: Sequence[str]) -> list[Notice]:
    """What it says of these fields, as a reading by records tells it."""
    if not names:
        return []
    first = f"{names[0]} should be declared as Number=G"
    return [Notice(WARNING, "a warning of the VCF reader", len(names), first)]
