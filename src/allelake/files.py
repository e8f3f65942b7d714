"""Where the shipped folders lie: inside an installed wheel, or at a checkout's root."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal


def shipped(folder: Literal["ingest", "warehouse", "queries"]) -> Traversable:
    """One of the data folders (profiles, tables, SQL), wherever this package runs from."""
    in_wheel = files("allelake") / "_shipped" / folder
    if in_wheel.is_dir():
        return in_wheel
    return Path(__file__).parents[2] / folder
