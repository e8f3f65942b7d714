"""The report's questions: files of SQL in `queries/`, filled with what is asked for."""

import re
from functools import cache
from importlib.resources import files

from allelake.errors import QueryError

_PARAMETER = re.compile(r"\$(\w+)")


def question(name: str, **given: str) -> str:
    """The query of `queries/<name>.sql` as it is asked and printed, without its header.

    `given` is SQL for each `$parameter`: a literal, or an expression over the file's own columns,
    which a bound value could not be.

    >>> question("overlap", cohort="'north'", other="'all'")
    "FROM cohort_overlap('north', 'all')"
    """
    text = _text(name)
    if any("\0" in text for text in given.values()):
        raise QueryError("A name with a NUL character cannot be asked for.")
    wanted = set(_PARAMETER.findall(text))
    assert wanted == set(given), f"{name} asks for {wanted}, not {set(given)}"
    # One pass: what is put in is not looked through again, a name may hold a dollar sign.
    return _PARAMETER.sub(lambda found: given[found[1]], text)


@cache
def _text(name: str) -> str:
    text = (files("allelake.report") / "queries" / f"{name}.sql").read_text("utf-8")
    lines = text.splitlines()
    first = next(n for n, line in enumerate(lines) if not line.startswith("--"))
    return "\n".join(lines[first:]).strip()
