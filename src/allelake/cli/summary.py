"""`allelake summary`: a cohort at a glance (placeholder until cohort_summary lands)."""

from allelake.cli import options
from allelake.cli.ending import ends_tidily


@ends_tidily
def summary(lake: options.LakeFolder, cohort: options.CohortName = "all") -> None:
    """Tell who is in a cohort and what they carry.

    Example: allelake summary hk.lake --cohort CHS
    """
