"""The changes to a lake in Python: each one is a commit, and moves the lake to it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from allelake.errors import UsageError

if TYPE_CHECKING:
    from datetime import timedelta

    from allelake.ingest.options import IngestOptions
    from allelake.ingest.people.imported import ImportReport
    from allelake.ingest.run import IngestResult, Observer
    from allelake.warehouse.catalog.as_of import AsOf
    from allelake.warehouse.check.run import Finding
    from allelake.warehouse.cohorts.define import DefinedCohort
    from allelake.warehouse.history import Told
    from allelake.warehouse.upkeep.compact import CompactReport
    from allelake.warehouse.upkeep.vacuum import VacuumPlan
    from allelake.warehouse.withdrawal.receipts import Receipt
    from allelake.warehouse.withdrawal.withdraw import Withdrawal


class LakeChanges:
    """What a `Lake` can be changed by. Opened as of an earlier snapshot it refuses all of it."""

    path: Path
    as_of: "AsOf | None"

    def refresh(self) -> int:
        """Moves to the newest snapshot, and returns its number."""
        raise NotImplementedError

    def _writable(self) -> Path:
        """The lake's folder, if this is no earlier snapshot of it."""
        if self.as_of is not None:
            raise UsageError(
                f"this lake was opened as of {self.as_of}, and an earlier snapshot cannot be "
                "changed. Open it without as_of."
            )
        return self.path

    def ingest(
        self,
        files: Sequence[Path | str],
        options: "IngestOptions | None" = None,
        observer: "Observer | None" = None,
    ) -> "IngestResult":
        """Adds VCF or BCF files as a batch, visible whole or not at all."""
        from allelake.ingest.options import IngestOptions
        from allelake.ingest.run import ingest

        paths = [Path(file) for file in files]
        result = ingest(self._writable(), paths, options or IngestOptions(), observer)
        self.refresh()
        return result

    def import_samples(
        self, path: Path | str, *, id_column: str | None = None, plan_only: bool = False
    ) -> "ImportReport":
        """Adds what a TSV, CSV, Parquet or PED file says of people; again updates it."""
        from allelake.ingest.people.import_people import import_people

        report = import_people(self._writable(), Path(path), id_column, plan_only)
        self.refresh()
        return report

    def define_cohort(
        self,
        name: str,
        *,
        where: str | None = None,
        samples: Sequence[str] | None = None,
        replace: bool = False,
        allow_missing: bool = False,
    ) -> "DefinedCohort":
        """Defines a cohort: by a predicate over `samples`, or by a list of samples' names.

        Raises UsageError where `samples` is one text: a list of one name is ["HG00403"].
        """
        if isinstance(samples, str):
            raise UsageError("samples is a list of names; for one sample write ['NAME']")
        from allelake.warehouse.cohorts.define import define_cohort

        defined = define_cohort(
            self._writable(),
            name,
            where=where,
            samples=samples,
            replace=replace,
            allow_missing=allow_missing,
        )
        self.refresh()
        return defined

    def drop_cohort(self, name: str) -> int:
        """Drops a cohort, and returns the number of the snapshot without it."""
        from allelake.warehouse.cohorts.define import drop_cohort

        drop_cohort(self._writable(), name)
        return self.refresh()

    def compact(self, plan_only: bool = False) -> "CompactReport":
        """Merges the files of small batches into few. No answer changes."""
        from allelake.warehouse.upkeep.compact import compact, plan_compact

        if plan_only:
            return plan_compact(self.path)
        report = compact(self._writable())
        self.refresh()
        return report

    def vacuum(
        self, keep: int = 1, grace: "timedelta | None" = None, plan_only: bool = False
    ) -> "VacuumPlan":
        """Removes all snapshots but the newest `keep` and those that were current within `grace`.

        Files that no kept snapshot needs go with them; the current snapshot always stays. `grace`
        is 7 days unless it is given.
        """
        from allelake.warehouse.upkeep.vacuum import GRACE, plan_vacuum, vacuum

        within = GRACE if grace is None else grace
        if plan_only:
            return plan_vacuum(self.path, keep, within)
        return vacuum(self._writable(), keep, within)

    def withdraw(self, participants: Sequence[str], *, reason: str) -> "Withdrawal":
        """Takes participants out of every answer; their data stay in files until `purge`.

        Raises QueryError for an unknown participant, UsageError for a reason that names one.
        """
        if isinstance(participants, str):
            raise UsageError("participants is a list of names; for one write ['NAME']")
        from allelake.warehouse.withdrawal.withdraw import withdraw

        done = withdraw(self._writable(), participants, reason)
        self.refresh()
        return done

    def purge(self) -> "Receipt | None":
        """Takes people who were withdrawn or replaced out of every file; None if nobody is left."""
        from allelake.warehouse.withdrawal.purge import purge

        receipt = purge(self._writable())
        self.refresh()
        return receipt

    def history(self) -> "list[Told]":
        """Every commit to the lake, oldest first, those a vacuum removed among them."""
        from allelake.warehouse.history import history

        return history(self.path)

    def check(self, *, deep: bool = False) -> "list[Finding]":
        """What contradicts itself in the lake; an empty list is a sound lake.

        `deep` compares AN with what each sample adds to it at every variant, not at some.
        """
        from allelake.warehouse.check.run import check_lake

        return check_lake(self.path, is_deep=deep)
