"""The known name nearest to one that was mistyped."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, letters' case apart; None where none is near.

    >>> nearest("chs", ["CHB", "CHS", "FIN"])
    'CHS'
    >>> nearest("xyz", ["CHB", "CHS", "FIN"]) is None
    True
    """
    by_folded = {candidate.casefold(): candidate for candidate in known}
    found = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known name, or lists a few; empty where nothing is known.

    >>> did_you_mean("sampels", ["samples", "sites"])
    "Did you mean 'samples'?"
    >>> did_you_mean("x", ["samples", "sites"])
    "Known: 'samples', 'sites'."
    """
    names = list(known)
    found = nearest(name, names)
    if found is not None:
        return f"Did you mean {found!r}?"
    if not names:
        return ""
    shown = ", ".join(repr(candidate) for candidate in names[:12])
    more = f" and {len(names) - 12:,} more" if len(names) > 12 else ""
    return f"Known: {shown}{more}."
