"""Cuts a batch's files into parts that workers can do on their own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from allelake.ingest.planning.asked import split_by_file
from allelake.ingest.planning.stretches import stretches_of
from allelake.ingest.spec import FileReport, Part, PartInput, Regions

# Below this a part costs more to start than it saves.
MIN_RECORDS_TO_CUT = 50_000
# Left-alignment may carry a variant this far to the left, into the file before.
LEFT_ALIGN_REACH_BP = 10_000


def make_parts(
    files: Sequence[FileReport],
    samples: Sequence[str],
    contig_names: Mapping[str, str],
    *,
    left_align: bool = False,
) -> tuple[Part, ...]:
    """The parts of a batch, in a fixed order. Files whose records overlap are read as one stream.

    A large file that overlaps no other is cut into stretches; one that could not be cut when it was
    inspected is cut by contig, if it has an index.
    """
    local = {name: place for place, name in enumerate(samples)}
    reach = LEFT_ALIGN_REACH_BP if left_align else 0
    parts: list[Part] = []
    for group in _group_overlapping(files, contig_names, reach):
        inputs = tuple(_part_input(report, local) for report in group)
        order = _common_order(group, contig_names)
        if len(group) == 1 and group[0].cuts and not left_align:
            for stretch in stretches_of(group[0], contig_names):
                mine = (replace(inputs[0], stretch=stretch),)
                number = len(parts) + 1
                parts.append(Part(number, mine, None, None, None, stretch.records, order))
            continue
        for contig, records in _cuts(group, contig_names, has_order=bool(order)):
            parts.append(Part(len(parts) + 1, inputs, contig, None, None, records, order))
    return tuple(parts)


def make_sample_parts(
    people: Sequence[Sequence[FileReport]],
    samples: Sequence[str],
    contig_names: Mapping[str, str],
    regions: Sequence[Regions] = (),
) -> tuple[Part, ...]:
    """The parts of a per-sample batch: a file each. `regions` has those of each group of files."""
    local = {name: place for place, name in enumerate(samples)}
    parts: list[Part] = []
    for place, files in enumerate(people):
        split: Sequence[Regions | None] = [None] * len(files)
        if regions:
            split = split_by_file(files, contig_names, regions[place])
        for report, mine in zip(files, split, strict=True):
            inputs = (_part_input(report, local, mine),)
            order = _common_order([report], contig_names)
            parts.append(Part(len(parts) + 1, inputs, None, None, None, report.records, order))
    return tuple(parts)


def _part_input(
    report: FileReport, local: Mapping[str, int], regions: Regions | None = None
) -> PartInput:
    columns = tuple(local[name] for name in report.header.samples)
    return PartInput(report.path, report.kind, report.index, columns, report.records, regions)


def _group_overlapping(
    files: Sequence[FileReport], contig_names: Mapping[str, str], reach: int
) -> list[list[FileReport]]:
    """Files whose spans touch, directly or through others, together; else each alone."""
    spans = sorted(
        (contig_names[span.name], span.first_position, span.last_base + reach, place)
        for place, report in enumerate(files)
        for span in report.spans
        if span.name in contig_names
    )
    leader = list(range(len(files)))

    def root(place: int) -> int:
        while leader[place] != place:
            place = leader[place]
        return place

    contig, end, holder = "", -1, -1
    for name, first, last, place in spans:
        if name == contig and first <= end:
            leader[root(place)] = root(holder)
        if name != contig or last > end:
            contig, end, holder = name, last, place
    groups: dict[int, list[FileReport]] = {}
    for place, report in enumerate(files):
        groups.setdefault(root(place), []).append(report)
    return list(groups.values())


def _cuts(
    group: Sequence[FileReport], contig_names: Mapping[str, str], *, has_order: bool
) -> list[tuple[str | None, int]]:
    """Contigs to cut a group by, with their records; [None] if it stays whole."""
    total = sum(report.records for report in group)
    by_contig: dict[str, int] = {}
    for report in group:
        for span in report.spans:
            if span.name in contig_names:
                name = contig_names[span.name]
                by_contig[name] = by_contig.get(name, 0) + span.records
    is_large = len(group) == 1 and group[0].index is not None and total >= MIN_RECORDS_TO_CUT
    if len(by_contig) > 1 and (is_large or not has_order):
        return list(by_contig.items())
    return [(None, total)]


def _common_order(group: Sequence[FileReport], contig_names: Mapping[str, str]) -> tuple[str, ...]:
    """An order of contigs in which all files have their records, to merge them as streams.

    Empty if there is none. What the headers declare does not count: some declare nothing.
    """
    before: TopologicalSorter[str] = TopologicalSorter()
    for report in group:
        names = [contig_names[span.name] for span in report.spans if span.name in contig_names]
        for name in names:
            before.add(name)
        for earlier, later in pairwise(names):
            if earlier != later:
                before.add(later, earlier)
    try:
        return tuple(before.static_order())
    except CycleError:
        return ()
