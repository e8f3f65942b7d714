"""One thing that `check` found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """What is wrong, and where: `where` is a file, or a table with contig and variant.

    'error': answers are wrong or not to be trusted. 'info': no answer is touched.
    """

    severity: Literal["error", "info"]
    where: str
    what: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} Found {self.found}; expected {self.expected}."
