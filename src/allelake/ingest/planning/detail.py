"""Which FORMAT fields of genotypes a user wants kept, where the profile is not to choose."""

from collections.abc import Sequence
from dataclasses import dataclass

from allelake.errors import UsageError
from allelake.ingest.profile import FieldRule
from allelake.ingest.spec import FileReport, Notice
from allelake.nearest import did_you_mean

# What adj@1 is judged by.
JUDGED = ("DP", "GQ", "AD")
NOT_IN_PROFILE = "the profile does not keep it"
NOT_IN_DETAIL = "--detail does not name it"
WITHOUT_ADJ = Notice(
    "detail_without_adj",
    "the files have DP, GQ and AD, and --detail does not keep all three: under adj@1 the samples "
    "of this batch are unknown",
)


@dataclass(frozen=True)
class Detail:
    """FORMAT fields as the files name them; None: as the profile says."""

    fields: frozenset[str] | None

    @property
    def has_judged(self) -> bool:
        """Whether what adj@1 is judged by is kept."""
        return self.fields is None or self.fields.issuperset(JUDGED)

    @property
    def why(self) -> str:
        """Why other fields are not kept."""
        return NOT_IN_PROFILE if self.fields is None else NOT_IN_DETAIL

    def keeps(self, standard: str) -> bool:
        """Whether a field that has columns of its own is kept."""
        return self.fields is None or standard in self.fields

    def rule(self, profile: FieldRule) -> FieldRule:
        """What to keep of the other fields."""
        return profile if self.fields is None else FieldRule(tuple(sorted(self.fields)), ())


def choose_detail(files: Sequence[FileReport], asked: Sequence[str] | None) -> Detail:
    """The fields that --detail asks for, in any case. Raises UsageError for one that nobody has."""
    if asked is None:
        return Detail(None)
    declared = {name: None for report in files for name in report.header.format}
    found: set[str] = set()
    for name in asked:
        fits = [known for known in declared if known.lower() == name.lower()]
        if not fits or name.upper() == "GT":
            told = did_you_mean(name, [known for known in declared if known != "GT"])
            raise UsageError(
                f"--detail: {files[0].path} declares no FORMAT field {name!r} that could be kept "
                f"beside GT. {told} With --detail none nothing but genotypes is kept."
            )
        found.update([name] if name in fits else fits)
    return Detail(frozenset(found))
