"""The single steps on a lake's folder, each durable or refused: rename, link, replace, sync.

Every change to a lake goes through here, so that a test can stop the process before and after
each one.
"""

import errno
import os
import shutil
from pathlib import Path

from allelake.errors import LakeError

_READ_ONLY = 0o444


def os_failure(
    error: OSError, doing: str, path: Path, needed_bytes: int | None = None
) -> LakeError:
    """What a failed system call means for the lake, and what to do about it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        free = _free_bytes(path)
        needed = "" if needed_bytes is None else f", {needed_bytes:,} bytes are needed"
        return LakeError(
            f"{path}: no space left while {doing}: {free:,} bytes are free{needed}. "
            "Nothing of this change is visible. Free some space and run it again."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return LakeError(
            f"{path}: no permission while {doing} ({error.strerror}). Nothing of this change is "
            "visible. Ask for write permission on the lake's folder, or use another one."
        )
    return LakeError(f"{path}: {doing} failed: {error.strerror or error}.")


def _free_bytes(path: Path) -> int:
    for folder in (path, *path.parents):
        if folder.is_dir():
            return shutil.disk_usage(folder).free
    return 0


def make_folders(folder: Path) -> None:
    """The folder and those above it, each synced into the one that holds it."""
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    for each in reversed(missing):
        try:
            each.mkdir(exist_ok=True)
        except OSError as error:
            raise os_failure(error, "making a folder", each) from error
        sync_folder(each.parent)


def write_file(path: Path, content: bytes) -> None:
    """A synced file, mode 0444, that was not there before."""
    try:
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(_READ_ONLY)
    except OSError as error:
        raise os_failure(error, "writing", path, len(content)) from error


def sync_file(path: Path) -> None:
    """The file's bytes are on the disk."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise os_failure(error, "writing to the disk", path) from error


def sync_folder(folder: Path) -> None:
    """The folder's entries are on the disk."""
    sync_file(folder)


def rename(source: Path, target: Path) -> None:
    """The file under its other name; both in the same file system."""
    try:
        os.rename(source, target)  # noqa: PTH104 - the tests stop the process at os.rename
    except OSError as error:
        raise os_failure(error, "renaming a file into place", target) from error


def replace(source: Path, target: Path) -> None:
    """The file in the other's place, in one step that cannot be seen half done."""
    try:
        os.replace(source, target)  # noqa: PTH105
    except OSError as error:
        raise os_failure(error, "swapping a file into place", target) from error


def link(source: Path, target: Path) -> None:
    """A further name for the file; fails if that name is taken."""
    try:
        os.link(source, target)
    except FileExistsError as error:
        raise LakeError(
            f"{target}: is there already, so another writer was here in spite of the lock. "
            "Nothing of this change is visible. Run `allelake check`, then run it again."
        ) from error
    except OSError as error:
        raise os_failure(error, "writing", target) from error


def unlink(path: Path) -> None:
    """The file is gone; one that is not there is fine."""
    try:
        os.unlink(path)  # noqa: PTH108
    except FileNotFoundError:
        return
    except OSError as error:
        raise os_failure(error, "removing what an interrupted writer left", path) from error


def remove_folder(folder: Path) -> None:
    """The folder and all in it are gone."""
    if not folder.is_dir() or folder.is_symlink():
        unlink(folder)
        return
    for inside in folder.iterdir():
        remove_folder(inside)
    try:
        folder.rmdir()
    except OSError as error:
        raise os_failure(error, "removing what an interrupted writer left", folder) from error
