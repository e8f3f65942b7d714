"""Sizes in bytes, for people."""


def in_words(size: int) -> str:
    """A size to three figures, without zeros at the end.

    >>> in_words(5_300), in_words(12)
    ('5.3 kB', '12 B')
    """
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1_000:
            return f"{value:.0f} B" if unit == "B" else f"{value:.3g} {unit}".replace("e+03", "000")
        value /= 1_000
    return f"{value:,.3g} TB"
