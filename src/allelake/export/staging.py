"""Files that appear when they are complete: written under another name, then renamed."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from allelake.errors import UsageError
from allelake.queries.formats import write_failure

# The path that means stdout.
STDOUT = Path("-")
# Indexes that a reader would take for those of a file beside which they lie.
_INDEXES = (".csi", ".tbi")


@contextmanager
def appearing(paths: Sequence[Path], overwrite: bool) -> Iterator[list[Path]]:
    """Names to write to in the place of `paths`, which they get at the end of the block.

    The first path gets its file last: where it is, all are. Whatever ends the block by an error
    leaves nothing; a kill leaves files whose names begin with a dot. Stdout is written as it is.
    """
    main = paths[0]
    if main == STDOUT:
        yield [STDOUT]
        return
    for path in paths:
        _check(path, overwrite)
    stale = [path for path in _indexes_beside(main) if path not in paths]
    if stale and not overwrite:
        raise UsageError(
            f"{stale[0]} is there already, the index of another file. Remove it, name another "
            "file, or allow overwriting, which removes it."
        )
    staged: list[Path] = []
    try:
        for path in paths:
            staged.append(_beside(path))
        yield staged
        for file in staged:
            _sync(file)
        if len(paths) > 1 or stale:
            # An earlier main file must never lie beside later ones.
            main.unlink(missing_ok=True)
        for path in stale:
            path.unlink(missing_ok=True)
        for file, path in reversed(list(zip(staged, paths, strict=True))):
            file.replace(path)
    except OSError as error:
        raise write_failure(error, main) from None
    finally:
        for file in staged:
            file.unlink(missing_ok=True)


def opened(path: Path) -> BinaryIO:
    """A staged file, or stdout, open for bytes."""
    if path == STDOUT:
        sys.stdout.flush()
        return os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    return path.open("wb")


def _check(path: Path, overwrite: bool) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name a file in it.")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is no ordinary file. Name one; - is stdout.")
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already. Name another file, or allow overwriting.")
    for folder in path.absolute().resolve().parents:
        if (folder / "lake.toml").is_file():
            raise UsageError(
                f"{path} would lie inside the lake {folder.name}, where allelake alone writes. "
                "Name a file elsewhere."
            )


def _indexes_beside(path: Path) -> list[Path]:
    """Indexes that lie beside a file that may have one."""
    if not path.name.lower().endswith((".gz", ".bgz", ".bcf")):
        return []
    named = [path.with_name(path.name + ending) for ending in _INDEXES]
    return [index for index in named if index.is_file()]


def _beside(path: Path) -> Path:
    descriptor, name = tempfile.mkstemp(
        prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent or "."
    )
    # mkstemp makes files for the owner alone; an export is as readable as any file made here.
    umask = os.umask(0)
    os.umask(umask)
    os.fchmod(descriptor, 0o666 & ~umask)
    os.close(descriptor)
    return Path(name)


def _sync(path: Path) -> None:
    """A full disk may tell only now."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
