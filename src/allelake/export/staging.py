"""Files that appear when they are complete: written under another name, then renamed."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from allelake.errors import UsageError
from allelake.queries.formats import write_failure


@contextmanager
def appearing(paths: Sequence[Path], overwrite: bool) -> Iterator[list[Path]]:
    """Names to write to in the place of `paths`, which they get at the end of the block.

    The first path gets its file last: where it is, all are. Whatever ends the block by an error
    leaves nothing; a kill leaves files whose names begin with a dot.
    """
    main = paths[0]
    for path in paths:
        if path.is_dir():
            raise UsageError(f"{path} is a folder. Name a file in it.")
        if path.exists() and not overwrite:
            raise UsageError(f"{path} is there already. Name another file, or allow overwriting.")
    staged: list[Path] = []
    try:
        for path in paths:
            staged.append(_beside(path))
        yield staged
        for file in staged:
            _sync(file)
        for file, path in reversed(list(zip(staged, paths, strict=True))):
            file.replace(path)
    except OSError as error:
        raise write_failure(error, main) from None
    finally:
        for file in staged:
            file.unlink(missing_ok=True)


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
