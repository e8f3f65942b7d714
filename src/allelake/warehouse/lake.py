"""A lake's folder: made once, then read through its lake.toml."""

import re
import uuid
from contextlib import contextmanager, suppress
from dataclasses import replace as with_changes
from pathlib import Path

from allelake.errors import LakeError
from allelake.warehouse import steps
from allelake.warehouse.assembly import Assembly, Contig
from allelake.warehouse.commit import run_transaction
from allelake.warehouse.info import (
    FORMAT_VERSION,
    LAKE_FILE,
    LakeInfo,
    lake_toml,
    read_lake_info,
    refuse_unreadable_path,
)
from allelake.warehouse.lock import hold_lock

__all__ = ["FORMAT_VERSION", "Contig", "LakeInfo", "create_lake", "read_lake_info"]


def create_lake(path: Path | str, assembly: Assembly) -> LakeInfo:
    """An empty lake with its first snapshot. It is built beside `path` and appears whole."""
    lake = Path(path)
    refuse_unreadable_path(lake)
    _refuse_taken(lake)
    _remove_leftovers(lake)
    building = lake.absolute().parent / f".{lake.name}.{uuid.uuid4().hex}.init"
    try:
        steps.make_folders(building)
        with hold_lock(building):
            for folder in ("data", "manifests", "snapshots", "staging"):
                steps.make_folders(building / folder)
            steps.write_file(building / LAKE_FILE, lake_toml(assembly).encode())
            info = read_lake_info(building)
            with contextmanager(run_transaction)(info, None) as transaction:
                transaction.commit("init", {"assembly": assembly.name})
            steps.rename(building, lake)
        steps.sync_folder(lake.absolute().parent)
    finally:
        if building.exists():
            steps.remove_folder(building)
    return with_changes(info, path=lake)


def _remove_leftovers(lake: Path) -> None:
    """Clears away what killed attempts to make this lake left beside it, unless one is alive."""
    pattern = re.compile(rf"\.{re.escape(lake.name)}\.[0-9a-f]{{32}}\.init")
    try:
        beside = list(lake.absolute().parent.iterdir())
    except PermissionError:
        return
    for folder in beside:
        if pattern.fullmatch(folder.name):
            # A lock that is held says alive; what may not be removed is not in the way either.
            with suppress(LakeError), hold_lock(folder):
                steps.remove_folder(folder)


def _refuse_taken(lake: Path) -> None:
    if (lake / LAKE_FILE).exists():
        raise LakeError(f"{lake}: is a lake already. `allelake ingest` adds to it.")
    if lake.is_dir() and any(lake.iterdir()):
        raise LakeError(f"{lake}: is not empty. Name a folder that is not there yet.")
    if lake.exists() and not lake.is_dir():
        raise LakeError(f"{lake}: is a file. Name a folder that is not there yet.")
    if not lake.absolute().parent.is_dir():
        raise LakeError(f"{lake}: the folder {lake.absolute().parent} is not there. Make it first.")
