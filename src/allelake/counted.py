"""Numbers of things, in words as they are spoken."""


def counted(number: int, thing: str, things: str | None = None) -> str:
    """The number with what it counts; `things`: more of it, if that is not `thing` with an s.

    >>> counted(1, "sample"), counted(0, "sample"), counted(1200, "person", "people")
    ('1 sample', '0 samples', '1,200 people')
    """
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {things or thing + 's'}"
