"""The SQL of exports: one file of `queries/` beside this module for each statement."""

from functools import cache
from importlib.resources import files


def statement(name: str, **pieces: str) -> str:
    """The statement of this name, with `{piece}` in it replaced by the piece's SQL."""
    text = _text(name)
    for piece, sql in pieces.items():
        assert f"{{{piece}}}" in text, piece
        text = text.replace(f"{{{piece}}}", sql)
    return text


@cache
def _text(name: str) -> str:
    text = (files("allelake.export") / "queries" / f"{name}.sql").read_text("utf-8")
    # The header names the pieces, too.
    return "\n".join(line for line in text.splitlines() if not line.startswith("--"))
