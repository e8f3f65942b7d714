"""From inspected files to batches and their parts, or the reason why not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from allelake.errors import InputError
from allelake.ingest.options import IngestOptions
from allelake.ingest.planning.asked import Asked, AskedChooser
from allelake.ingest.planning.contigs import ContigChoice, choose_contigs
from allelake.ingest.planning.extend import Extended, find_extended
from allelake.ingest.planning.fields import FieldChoice, choose_fields, undeclared
from allelake.ingest.planning.files import (
    check_expected_records,
    group_by_samples,
    leave_out_known,
    replaced_samples,
)
from allelake.ingest.planning.gather import Gathered, gather, refuse_shared_contigs
from allelake.ingest.planning.parts import make_parts, make_sample_parts
from allelake.ingest.planning.values import Plan, PlannedBatch
from allelake.ingest.spec import BatchSpec, FileReport, Notice, Part
from allelake.warehouse.info import LakeInfo
from allelake.warehouse.snapshots import StoredFile


def plan_ingest(
    reports: Sequence[FileReport],
    info: LakeInfo,
    tables: Mapping[str, pa.Table],
    options: IngestOptions,
    live_files: Sequence[StoredFile] = (),
) -> Plan:
    """The batches that these files make in this lake.

    `tables` has the lake's `batches` and `samples`; `live_files` tell which further columns its
    `sites` and `calls` have. --expect-records counts the records of all the files together.

    Raises InputError, before anything is read again or written, for files that do not fit each
    other or the lake.
    """
    check_expected_records(reports, options.expect_records)
    taken, known, notices = leave_out_known(reports, tables, replace=options.replace)
    if not taken:
        return Plan((), tuple(known), tuple(notices))
    extended = find_extended(info, tables, options)
    named = options.profile or (extended.shipped_profile() if extended else None)
    gathered = gather(group_by_samples(taken), named)
    if extended is None:
        replaced = replaced_samples(taken, tables["samples"], replace=options.replace)
    else:
        replaced = {}
        extended.refuse_other_samples(gathered)
    _refuse_mixed_normalisation(tables["batches"], options)
    chooser = AskedChooser(options, info, gathered)
    maker = _BatchMaker(info, tables, options, _columns_of(live_files), chooser, replaced)
    batches = tuple(maker.make(batch, extended) for batch in gathered)
    return Plan(batches, tuple(known), tuple(notices))


def _columns_of(live_files: Sequence[StoredFile]) -> dict[str, dict[str, str]]:
    columns: dict[str, dict[str, str]] = {}
    for file in live_files:
        columns.setdefault(file.table, {}).update(file.further_columns)
    return columns


def _refuse_mixed_normalisation(batches: pa.Table, options: IngestOptions) -> None:
    mine = "trimmed" if options.reference is None else "left_aligned"
    others = sorted(
        row["batch"]
        for row in batches.select(["batch", "is_normalised"]).to_pylist()
        if row["is_normalised"] != mine
    )
    if not others or options.allow_mixed_normalisation:
        return
    told = "with" if mine == "left_aligned" else "without"
    other = "without" if mine == "left_aligned" else "with"
    raise InputError(
        f"This ingest is {told} --reference, and batch {others[0]} of the lake was made {other}: "
        "the same indel could get two names and be counted apart. Ingest all batches alike, or "
        "insist with --allow-mixed-normalisation."
    )


class _BatchMaker:
    """Plans one batch after the other; numbers of batches and samples run on."""

    def __init__(
        self,
        info: LakeInfo,
        tables: Mapping[str, pa.Table],
        options: IngestOptions,
        lake_columns: dict[str, dict[str, str]],
        chooser: AskedChooser,
        replaced: Mapping[str, int],
    ):
        self._info = info
        self._options = options
        self._lake_columns = lake_columns
        self._chooser = chooser
        self._replaced = replaced
        self._batch = _next(tables["batches"]["batch"], first=1)
        # Numbers of samples that were removed are never used again.
        self._sample = max(
            _next(tables[name]["sample_number"], first=0) for name in ("samples", "removals")
        )

    def make(self, gathered: Gathered, extended: Extended | None) -> PlannedBatch:
        options, files = self._options, gathered.files
        contigs = choose_contigs(files, self._info, options)
        refuse_shared_contigs(gathered, contigs.names)
        if extended:
            extended.refuse_contigs_it_has(files, contigs.names)
        fields = choose_fields(files, gathered.profile, self._lake_columns, options.detail)
        if extended:
            extended.refuse_other_fields(files, has_adj=fields.has_adj)
        self._remember_columns(fields)
        samples = extended.samples if extended else gathered.samples
        on = set(contigs.names.values())
        # With --extend the batch keeps its rule.
        asked = self._chooser.choose(gathered, on, extended.absent if extended else None)
        spec = self._spec(gathered, contigs, fields, samples, extended, asked)
        batch = PlannedBatch(
            spec=spec,
            kind=gathered.kind,
            extends=extended is not None,
            absent=asked.absent,
            profile=gathered.profile,
            profile_reason=(
                f"batch {extended.batch} was made with it"
                if extended and not options.profile
                else gathered.profile_reason
            ),
            samples=tuple(samples),
            contigs=self._in_lake_order(on),
            files=tuple(files),
            parts=self._parts(gathered, samples, contigs, asked),
            records=sum(r.records for r in files) - sum(s.records for s in contigs.skipped),
            skipped=contigs.skipped,
            dropped=(*fields.dropped, *undeclared(files)),
            blocks=sum(report.blocks for report in files),
            replaced=tuple(
                sorted(self._replaced[name] for name in samples if name in self._replaced)
            ),
            regions_bases=asked.bases,
        )
        return replace(batch, notices=self._notices(files, contigs, fields))

    def _parts(
        self, gathered: Gathered, samples: Sequence[str], contigs: ContigChoice, asked: Asked
    ) -> tuple[Part, ...]:
        if gathered.kind == "per_sample":
            return make_sample_parts(gathered.people, samples, contigs.names, asked.people)
        left_align = self._options.reference is not None
        return make_parts(gathered.files, samples, contigs.names, left_align=left_align)

    def _spec(
        self,
        gathered: Gathered,
        contigs: ContigChoice,
        fields: FieldChoice,
        samples: Sequence[str],
        extended: Extended | None,
        asked: Asked,
    ) -> BatchSpec:
        # Regions may lie on contigs without records.
        lake_names = set(contigs.names.values()) | asked.contigs
        spec = BatchSpec(
            batch=extended.batch if extended else self._batch,
            first_sample=extended.first_sample if extended else self._sample,
            sample_total=len(samples),
            contig_names=contigs.names,
            contig_lengths={
                c.name: c.length_bp for c in self._info.contigs if c.name in lake_names
            },
            zones=tuple(zone for zone in self._info.zones if zone.contig in lake_names),
            info=fields.info,
            format=fields.format,
            has_adj=fields.has_adj,
            has_dp=fields.has_dp,
            has_gq=fields.has_gq,
            has_ps=fields.has_ps,
            has_ad=fields.has_ad,
            duplicates=self._options.duplicates,
            half_calls_are_haploid=gathered.profile.half_calls_are_haploid,
            filter_genotypes_by_ft=gathered.profile.filter_by_ft,
            reference=self._options.reference,
            strict=self._options.strict,
            kind="per_sample" if gathered.kind == "per_sample" else "joint",
            has_blocks=gathered.has_blocks,
            regions=asked.joint,
        )
        if not extended:
            self._batch += 1
            self._sample += len(samples)
        return spec

    def _remember_columns(self, fields: FieldChoice) -> None:
        """Later batches of this command must agree with the columns of this one."""
        for table, kept in (("sites", fields.info), ("calls", fields.format)):
            self._lake_columns.setdefault(table, {}).update(
                {one.column: one.sql_type for one in kept}
            )

    def _in_lake_order(self, names: set[str]) -> tuple[str, ...]:
        return tuple(contig.name for contig in self._info.contigs if contig.name in names)

    def _notices(
        self, files: Sequence[FileReport], contigs: ContigChoice, fields: FieldChoice
    ) -> tuple[Notice, ...]:
        found = (*contigs.notices, *fields.notices)
        if self._options.strict and found:
            raise InputError(
                f"{files[0].path}: {found[0].message} ({found[0].count:,} records). Without "
                "--strict this is taken and counted."
            )
        inspected = [notice for report in files for notice in report.notices]
        return merge_notices([*inspected, *found, *fields.facts])


def merge_notices(notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """Notices of the same kind and wording as one, with their counts added and the first place."""
    merged: dict[tuple[str, str], Notice] = {}
    for notice in notices:
        key = (notice.code, notice.message)
        before = merged.get(key)
        merged[key] = replace(before, count=before.count + notice.count) if before else notice
    return tuple(merged.values())


def _next(numbers: pa.ChunkedArray, first: int) -> int:
    return max(numbers.to_pylist(), default=first - 1) + 1
