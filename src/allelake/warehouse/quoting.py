"""Names that came from files, made safe: in SQL, in paths, or refused."""

from collections.abc import Iterable
from urllib.parse import quote

from allelake.errors import InputError

# DuckDB and Spark read this folder name as NULL.
_HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


def sql_identifier(name: str) -> str:
    """A name as SQL takes it whatever is in it: the one way a name from a file reaches SQL.

    >>> sql_identifier('info_a"b')
    '"info_a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def sql_literal(text: str | None) -> str:
    """A text as an SQL literal; None is NULL.

    >>> sql_literal("5'UTR")
    "'5''UTR'"
    """
    if text is None:
        return "NULL"
    return "'" + text.replace("'", "''") + "'"


def path_component(name: str) -> str:
    """A name as one component of a path: all but letters, digits, _ and - percent-encoded.

    >>> path_component("HLA-A*01:01")
    'HLA-A%2A01%3A01'
    """
    # quote() leaves '.' and '~' alone, and '..' as a folder would be a way out of the lake.
    return quote(name, safe="").replace(".", "%2E").replace("~", "%7E")


def refuse_hostile_name(name: str, what: str, where: str) -> None:
    """Refuses a name that no table, folder or terminal should carry."""
    if not name or name.isspace():
        raise InputError(f"{where}: {what} has an empty name. Give it a name and try again.")
    if any(ord(character) < 32 or 127 <= ord(character) < 160 for character in name):
        raise InputError(
            f"{where}: {what} {name!r} has a control character in its name. "
            "Names may have any printable characters; rename it in the file."
        )
    if name == _HIVE_NULL:
        raise InputError(
            f"{where}: {what} is named {name}, which partitioned Parquet reads as 'no value'. "
            "Rename it in the file."
        )


def refuse_case_twins(names: Iterable[str], what: str, where: str) -> None:
    """Refuses names that differ by case alone: SQL and some file systems cannot tell them apart."""
    seen: dict[str, tuple[int, str]] = {}
    for line, name in enumerate(names, start=1):
        first_line, first = seen.setdefault(name.casefold(), (line, name))
        if first_line == line:
            continue
        how = "is there twice" if first == name else f"and {first!r} differ by case alone"
        raise InputError(
            f"{where}: {what} {name!r} {how} (numbers {first_line} and {line} of the list). "
            "Rename one of them."
        )
