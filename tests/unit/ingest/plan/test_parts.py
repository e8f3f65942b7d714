"""How a batch is cut for workers: files alone, together where they overlap, by contig if large."""

from pathlib import Path

from unit.ingest.plan.reports import only, plan, report, span


def shape(*reports, **options):  # type: ignore[no-untyped-def]
    parts = only(plan(*reports, **options)).parts
    return [([i.path.name for i in p.inputs], p.contig, p.expected_records) for p in parts]


def test_files_that_do_not_overlap_are_parts_of_their_own() -> None:
    assert shape(
        report("a", spans=[span("chr1", first=1, last=500)]),
        report("b", spans=[span("chr1", first=501, last=900), span("chr2")]),
        report("c", spans=[span("chr22")]),
    ) == [(["a"], None, 10), (["b"], None, 20), (["c"], None, 10)]


def test_files_that_overlap_are_read_together() -> None:
    """b reaches into a, and d into b on another contig: one stream of the three."""
    assert shape(
        report("a", spans=[span("chr1", first=1, last=500)]),
        report("b", spans=[span("chr1", first=500, last=900), span("chr2", first=1, last=9)]),
        report("c", spans=[span("chr3")]),
        report("d", spans=[span("chr2", first=4, last=5)]),
    ) == [(["a", "b", "d"], None, 40), (["c"], None, 10)]


def test_an_overlap_is_found_behind_a_shorter_span() -> None:
    assert shape(
        report("a", spans=[span("chr1", first=1, last=900)]),
        report("b", spans=[span("chr1", first=10, last=20)]),
        report("c", spans=[span("chr1", first=800, last=950)]),
    ) == [(["a", "b", "c"], None, 30)]


def test_a_contig_is_the_same_under_its_aliases() -> None:
    files = report("a", spans=[span("chr1")]), report("b", spans=[span("1")], contigs={})
    assert shape(*files) == [(["a", "b"], None, 20)]


def test_left_alignment_may_reach_into_the_file_before() -> None:
    files = (
        report("a", spans=[span("chr1", first=1, last=500)]),
        report("b", spans=[span("chr1", first=600, last=900)]),
        report("c", spans=[span("chr1", first=90_000, last=90_001)]),
    )
    assert [names for names, _, _ in shape(*files)] == [["a"], ["b"], ["c"]]
    aligned = shape(*files, reference=Path("x.fa"))
    assert [names for names, _, _ in aligned] == [["a", "b"], ["c"]]


def test_a_large_file_with_an_index_is_cut_by_contig() -> None:
    spans = [span("chr1", 40_000), span("chr2", 30_000)]
    assert shape(report("a", spans=spans)) == [(["a"], None, 70_000)]
    assert shape(report("a", spans=spans, index=Path("a.tbi"))) == [
        (["a"], "chr1", 40_000),
        (["a"], "chr2", 30_000),
    ]
    assert len(shape(report("a", spans=spans[:1], index=Path("a.tbi")))) == 1


def test_files_with_contigs_in_other_orders_are_read_contig_by_contig() -> None:
    files = (
        report("a", spans=[span("chr1"), span("chr2")]),
        report("b", spans=[span("chr2"), span("chr1")]),
    )
    assert shape(*files) == [(["a", "b"], "chr1", 20), (["a", "b"], "chr2", 20)]


def test_a_part_knows_how_many_records_each_file_has() -> None:
    """The reader stops there: blank last lines would crash it."""
    (part,) = only(plan(report("a", spans=[span("chr1", 7)]))).parts
    assert part.inputs[0].records == 7
    assert part.number == 1


def test_contigs_of_files_read_together_follow_the_records_order() -> None:
    """No header says it here: chr2 lies between in b alone, and chr22 comes last in both."""
    files = (
        report("a", spans=[span("chr10"), span("chr1"), span("chr22")], contigs={}),
        report("b", spans=[span("chr1"), span("chr2"), span("chr22")], contigs={}),
    )
    (part,) = only(plan(*files)).parts
    assert part.contigs == ("chr10", "chr1", "chr2", "chr22")
