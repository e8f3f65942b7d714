"""A report written to a file, which is there when it is complete."""

from pathlib import Path

from allelake.errors import UsageError
from allelake.queries.formats import replacing
from allelake.report.page import page
from allelake.report.parts import Report


def check_output(path: Path, overwrite: bool) -> None:
    """Refuses what cannot be written, before the lake is asked anything."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name a file in it, such as {path / 'report.html'}.")
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already. Name another file, or allow overwriting.")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent} is no folder. Make it, or name a file in another one.")


def write_report(report: Report, path: Path) -> int:
    """Writes the page, and returns its size in bytes."""
    content = page(report).encode()
    with replacing(path) as sink:
        sink.write(content)
    return len(content)
