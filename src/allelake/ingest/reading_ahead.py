"""A large file read while it is inspected: what the driver needs to dare that.

It is planned on what the places where it may be cut show of it. If the whole file then comes to the
same plan, its parts are read already; otherwise they are thrown away and read as any others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from allelake.errors import AllelakeError
from allelake.ingest.options import IngestOptions
from allelake.ingest.spec import Cut, FileReport, Part, PartInput, PartSummary, Stretch

if TYPE_CHECKING:
    import pyarrow as pa

    from allelake.ingest.cohort.ahead import AheadTask, Both
    from allelake.ingest.inspection.survey import PieceReport, Survey
    from allelake.ingest.planning.values import Plan, PlannedBatch
    from allelake.warehouse.info import LakeInfo
    from allelake.warehouse.snapshots import StoredFile


@dataclass
class Ahead:
    """The parts of the one file of an ingest, as far as they are read while it is inspected.

    Arguments as for plan_ingest, and where to write.
    """

    info: "LakeInfo"
    tables: Mapping[str, "pa.Table"]
    live_files: Sequence["StoredFile"]
    options: IngestOptions
    staging: Path
    _batch: "PlannedBatch | None" = None
    _parts: list[Part] = field(default_factory=list)
    _found: "dict[int, Both]" = field(default_factory=dict)

    def tasks(self, survey: "Survey", looks: "Sequence[PieceReport | None]") -> "list[AheadTask]":
        """What is to be done with the file after a look at it; nothing if it is not like others."""
        from allelake.ingest.cohort.ahead import AheadTask

        if None in looks:
            return []
        known = [look for look in looks if look is not None]
        batch = self._planned(survey, known)
        if batch is None:
            return []
        self._batch = batch
        begins = [_cut_in(look, is_first=not place) for place, look in enumerate(known)]
        stretches = list(_stretches(survey, begins))
        columns = batch.parts[0].inputs[0].sample_columns
        tasks = []
        for number, (place, stretch) in enumerate(stretches, 1):
            item = PartInput(survey.path, survey.kind, None, columns, None, None, stretch)
            part = Part(number, (item,), None, None, None, None)
            is_last = number == len(stretches)
            small = survey.for_worker()
            tasks.append(AheadTask(small, batch.spec, part, place, is_last, self.staging))
            self._parts.append(part)
        return tasks

    def _planned(self, survey: "Survey", looks: "Sequence[PieceReport]") -> "PlannedBatch | None":
        from allelake.ingest.inspection.merge_pieces import merge_pieces
        from allelake.ingest.planning.plan import plan_ingest

        report = merge_pieces(survey, looks)
        # Of several contigs nobody knows yet how long they are, and so into what to cut them.
        if report is None or len(report.spans) != 1:
            return None
        options = replace(self.options, expect_records=None)
        try:
            plan = plan_ingest([report], self.info, self.tables, options, self.live_files)
        except AllelakeError:
            # Told, if it is so, when the file is inspected.
            return None
        if len(plan.batches) != 1 or plan.batches[0].kind != "joint":
            return None
        return plan.batches[0]

    def note(self, both: "Both") -> None:
        """One part is read, or given up."""
        if both.summary is not None:
            self._found[both.summary.part] = both

    def confirmed(self, plan: "Plan") -> "tuple[Plan, list[PartSummary]] | None":
        """The plan with the parts that were read, and what they came to; None: read all of it."""
        if self._batch is None:
            return None
        if not self._is_as_planned(plan):
            self._discard()
            return None
        (batch,) = plan.batches
        (report,) = batch.files
        parts, before = [], 0
        for part in self._parts:
            found = self._found[part.number].report
            assert found is not None
            parts.append(_with_records(part, report, found.records, before))
            before += found.records
        batch = replace(batch, parts=tuple(parts))
        summaries = [self._found[part.number].summary for part in self._parts]
        return replace(plan, batches=(batch,)), [one for one in summaries if one is not None]

    def _is_as_planned(self, plan: "Plan") -> bool:
        if len(plan.batches) != 1 or len(self._found) != len(self._parts):
            return False
        (batch,), before = plan.batches, self._batch
        if before is None or (batch.spec, batch.kind) != (before.spec, before.kind):
            return False
        (report,) = batch.files
        offsets = {cut.offset for cut in report.cuts}
        begins = [part.inputs[0].stretch for part in self._parts]
        return all(begin is not None and begin.start in offsets for begin in begins)

    def _discard(self) -> None:
        from allelake.ingest.cohort.ahead import discard

        for both in self._found.values():
            discard(both.summary)


def may_read_ahead(files: Sequence[Path], options: IngestOptions) -> bool:
    """Whether an ingest is of the plain kind: one file, taken whole as it is."""
    asked = (options.reference, options.regions, options.regions_of, options.extend)
    return (
        len(files) == 1
        and all(one is None for one in (*asked, options.contigs))
        and not (options.plan_only or options.replace or options.skip_unknown_contigs)
    )


def _cut_in(look: "PieceReport", *, is_first: bool) -> Cut:
    """The file's first record, or a place that as much as possible of the look is before."""
    cuts = look.cuts[:-1]
    return cuts[0] if is_first else cuts[-1]


def _stretches(survey: "Survey", begins: Sequence[Cut]) -> "list[tuple[int, Stretch]]":
    """Each with where it begins in the text."""
    end = Cut(survey.bytes << 16, survey.text_bytes, "", 0, 0)
    return [
        (one.place, Stretch(one.offset, other.offset, other.place - one.place, 0))
        for one, other in pairwise([*begins, end])
    ]


def _with_records(part: Part, report: FileReport, records: int, before: int) -> Part:
    """The part as it would have been planned with what is known now."""
    (item,) = part.inputs
    assert item.stretch is not None
    stretch = replace(item.stretch, records=records, records_before=before)
    item = replace(item, index=report.index, records=report.records, stretch=stretch)
    return replace(part, inputs=(item,), expected_records=records)
