"""What an answer speaks of: said with every answer, in each format's own place."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class About:
    """The terms of one answer. What does not apply (a cohort, for plain SQL) is None.

    `snapshot` is the number of the lake's commit that answered; `redacted` says when a purge took
    participants out of it (UTC). `further` holds the rest of the question (region, attribute,
    variant).
    """

    question: str
    lake: str
    snapshot: int
    cohort: str | None = None
    policy: str | None = None
    ploidy: str | None = None
    filter: str | None = None
    further: Mapping[str, str] = field(default_factory=dict)
    redacted: str | None = None

    def as_dict(self) -> dict[str, str | int]:
        """The terms that apply, by name, in the order they are shown."""
        said: dict[str, str | int | None] = {
            "question": self.question,
            "cohort": self.cohort,
            "policy": self.policy,
            "ploidy": self.ploidy,
            "filter": self.filter,
            **self.further,
            "lake": self.lake,
            "snapshot": self.snapshot,
            "redacted": self.redacted,
        }
        return {name: value for name, value in said.items() if value is not None}

    def line(self) -> str:
        """All terms on one line, for people.

        >>> About("carriers", "hk.lake", 7, cohort="all", policy="raw").line()
        'carriers: cohort all, policy raw, lake hk.lake, snapshot 7'
        """
        said = self.as_dict()
        question = said.pop("question")
        return f"{question}: " + ", ".join(f"{name} {value}" for name, value in said.items())

    def metadata(self) -> dict[bytes, bytes]:
        """The terms as the metadata of an Arrow or Parquet schema, one key each."""
        return {f"allelake.{name}".encode(): str(v).encode() for name, v in self.as_dict().items()}
