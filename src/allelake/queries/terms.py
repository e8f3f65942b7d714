"""Who counts in an answer, and which of their genotypes."""

from dataclasses import dataclass

from allelake.queries.ask import Argument


@dataclass(frozen=True)
class Terms:
    """Who counts in an answer, and which of their genotypes."""

    cohort: str
    policy: str
    ploidy: str
    filter: str

    def arguments(self) -> dict[str, Argument]:
        """The macros' arguments, the cohort apart."""
        return {"in_policy": self.policy, "in_ploidy": self.ploidy, "in_filter": self.filter}
