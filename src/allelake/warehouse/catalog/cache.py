"""Templates of catalogs kept for other processes, in the user's cache folder.

Making one takes as long as all else of a small command. A template holds nothing of any lake, so
that nothing of people can stay behind in it.
"""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

# A version of allelake has a handful of templates, of about a megabyte each.
_MOST_KEPT = 16
_DIGEST_BYTES = hashlib.sha256().digest_size


def kept_template(statements: Sequence[str]) -> bytes | None:
    """The template made of these statements by this DuckDB; None where none is kept whole."""
    try:
        content = _place(statements).read_bytes()
    except (OSError, RuntimeError):
        return None
    digest, template = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    return template if hashlib.sha256(template).digest() == digest else None


def keep_template(statements: Sequence[str], template: bytes) -> None:
    """Keeps a template for other processes; where that cannot be, each makes its own."""
    # RuntimeError: a user without a home.
    with suppress(OSError, RuntimeError):
        place = _place(statements)
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
            try:
                file.write(hashlib.sha256(template).digest() + template)
                file.flush()
                Path(file.name).replace(place)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise
        _forget_oldest(place.parent)


def _place(statements: Sequence[str]) -> Path:
    said = "\0".join([duckdb.__version__, *statements])
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "allelake" / f"catalog-{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def _forget_oldest(folder: Path) -> None:
    kept = sorted(folder.glob("catalog-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[_MOST_KEPT:]:
        path.unlink(missing_ok=True)
