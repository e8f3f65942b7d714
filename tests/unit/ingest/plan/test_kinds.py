"""Of which kind a batch is, which files it gathers, and what is read on its own."""

from pathlib import Path

import pytest

from allelake.errors import InputError, UsageError
from allelake.ingest.planning.values import KnownFile
from allelake.ingest.spec import Field
from unit.ingest.plan.reports import AD, DP, GQ, GT, only, plan, report, span, tables

ADJ = (GT, DP, GQ, AD)
HELD = (
    {"sample_number": 0, "sample_id": "ann", "batch": 1},
    {"sample_number": 1, "sample_id": "bo", "batch": 2},
)


def test_files_of_one_sample_each_are_one_batch_and_are_read_each_alone() -> None:
    files = [report(f"{name}.vcf", (name,)) for name in ("cy", "ann", "bo")]
    batch = only(plan(*files))
    assert (batch.kind, batch.spec.kind) == ("per_sample", "per_sample")
    assert batch.samples == ("cy", "ann", "bo")
    assert batch.spec.sample_total == 3
    assert [part.number for part in batch.parts] == [1, 2, 3]
    assert [[item.path.name for item in part.inputs] for part in batch.parts] == [
        ["cy.vcf"],
        ["ann.vcf"],
        ["bo.vcf"],
    ]
    assert [part.inputs[0].sample_columns for part in batch.parts] == [(0,), (1,), (2,)]
    assert {(part.contig, part.expected_records) for part in batch.parts} == {(None, 10)}


def test_a_gvcf_of_several_samples_asks_each_alone() -> None:
    batch = only(plan(report("combined.g.vcf", ("ann", "bo"), blocks=3)))
    assert (batch.kind, batch.spec.has_blocks, batch.blocks) == ("per_sample", True, 3)
    assert batch.parts[0].inputs[0].sample_columns == (0, 1)
    assert only(plan(report("joint.vcf", ("ann", "bo")))).kind == "joint"


def test_batches_part_by_profile_quality_and_blocks() -> None:
    made = plan(
        report("1.vcf", ("s1",)),
        report("2.vcf", ("s2",), format=ADJ),
        report("3.g.vcf", ("s3",), blocks=5),
        report("4.vcf", ("s4",), sources=["source=HaplotypeCaller"]),
        report("5.vcf", ("s5",), format=ADJ),
        report("6.vcf", ("s6",)),
    )
    found = [(b.samples, b.profile.name, b.spec.has_adj, b.spec.has_blocks) for b in made.batches]
    assert found == [
        (("s1", "s6"), "generic", False, False),
        (("s2", "s5"), "generic", True, False),
        (("s3",), "generic", False, True),
        (("s4",), "gatk", False, False),
    ]
    assert [b.spec.first_sample for b in made.batches] == [0, 2, 4, 5]


def test_files_of_one_sample_by_contig_belong_to_its_batch() -> None:
    files = [
        report("ann.21.vcf", ("ann",), [span("chr21")], blocks=2),
        report("ann.22.vcf", ("ann",), [span("chr22")]),
        report("bo.vcf", ("bo",), [span("chr22")], blocks=2),
    ]
    batch = only(plan(*files))
    assert batch.samples == ("ann", "bo")
    assert batch.spec.has_blocks
    assert [part.inputs[0].sample_columns for part in batch.parts] == [(0,), (0,), (1,)]
    assert [part.contigs for part in batch.parts] == [("chr21",), ("chr22",), ("chr22",)]


def test_files_of_one_sample_on_the_same_contig_are_refused() -> None:
    snvs = report("ann.snv.vcf", ("ann",), [span("chr22")])
    indels = report("ann.indel.vcf", ("ann",), [span("22", first=500, last=600)], contigs={})
    with pytest.raises(InputError, match=r"ann\.indel\.vcf: it and ann\.snv\.vcf .* on chr22"):
        plan(snvs, indels)


def test_fields_of_a_batch_of_many_files_must_be_declared_alike() -> None:
    one = report("a.vcf", ("ann",), info=[Field("X", "1", "Integer")])
    other = report("b.vcf", ("bo",), info=[Field("X", "1", "Float")])
    with pytest.raises(InputError, match=r"INFO X is declared differently: a\.vcf has"):
        plan(one, other)


def test_a_sample_of_the_lake_is_replaced_if_that_is_asked() -> None:
    held = tables([{"batch": 1}, {"batch": 2}], HELD)
    files = (report("cy.vcf", ("cy",)), report("bo.vcf", ("bo",)))
    with pytest.raises(InputError, match=r"bo\.vcf: 1 of its 1 .* in batch 2: 'bo'.* --replace"):
        plan(*files, having=held)
    batch = only(plan(*files, having=held, replace=True))
    assert (batch.samples, batch.replaced) == (("cy", "bo"), (1,))
    assert (batch.spec.batch, batch.spec.first_sample) == (3, 2)


def test_how_many_files_have_samples_of_the_lake_is_told() -> None:
    held = tables([{"batch": 1}, {"batch": 2}], HELD)
    with pytest.raises(InputError, match=r"ann\.vcf: .*, and 1 more of the files have such"):
        plan(report("ann.vcf", ("ann",)), report("bo.vcf", ("bo",)), having=held)


def test_a_file_the_lake_has_is_known_also_where_samples_are_to_be_replaced() -> None:
    source = {"name": "x", "bytes": 1, "sha256": "S", "records": 3}
    held = tables([{"batch": 1, "inputs": [source]}, {"batch": 2}], HELD)
    made = plan(report("again.vcf", ("ann",), sha256="S"), having=held, replace=True)
    assert made.batches == ()
    assert made.known == (KnownFile(Path("again.vcf"), "S", 1),)


def test_a_file_whose_sample_was_replaced_since_can_take_its_place_again() -> None:
    source = {"name": "x", "bytes": 1, "sha256": "S", "records": 3}
    held = tables([{"batch": 1, "inputs": [source]}, {"batch": 2}], HELD)
    first = report("first.vcf", ("bo",), sha256="S")
    assert plan(first, having=held).batches == ()
    assert only(plan(first, having=held, replace=True)).replaced == (1,)


def test_a_person_who_was_withdrawn_does_not_come_back_with_the_same_file() -> None:
    source = {"name": "[redacted]", "bytes": 1, "sha256": "S", "records": 3}
    held = tables([{"batch": 1, "inputs": [source]}], HELD[1:])
    assert plan(report("ann.vcf", ("ann",), sha256="S"), having=held, replace=True).batches == ()


def test_a_per_sample_batch_is_extended_by_files_of_all_its_samples() -> None:
    held = tables(
        [{"batch": 1, "kind": "per_sample", "has_blocks": True}],
        [
            {"sample_number": n, "sample_id": name, "batch": 1}
            for n, name in ((4, "ann"), (5, "bo"))
        ],
    )
    files = [report(f"{name}.g.vcf", (name,), blocks=1) for name in ("bo", "ann")]
    batch = only(plan(*files, having=held, extend=1))
    assert (batch.samples, batch.spec.first_sample) == (("ann", "bo"), 4)
    assert [part.inputs[0].sample_columns for part in batch.parts] == [(1,), (0,)]
    with pytest.raises(InputError, match="lacks 1 of them"):
        plan(files[0], having=held, extend=1)
    plain = [report(f"{name}.vcf", (name,)) for name in ("bo", "ann")]
    with pytest.raises(InputError, match="without reference blocks; batch 1 was made of a gVCF"):
        plan(*plain, having=held, extend=1)


@pytest.mark.parametrize(
    ("batch", "removed", "options", "told"),
    [
        ({}, [{"sample_number": 5, "batch": 1}], {}, "were withdrawn or replaced"),
        ({"absent": "regions"}, [], {}, "was ingested with --regions"),
        ({}, [], {"replace": True}, "leave one out"),
    ],
)
def test_a_batch_that_lost_samples_or_has_regions_is_not_extended(
    batch: dict[str, object],
    removed: list[dict[str, object]],
    options: dict[str, object],
    told: str,
) -> None:
    whole = {"kind": "withdrawn", "removed_at": 0}
    held = tables([{"batch": 1, **batch}], HELD[:1], [whole | row for row in removed])
    with pytest.raises(UsageError, match=told):
        plan(report("a.vcf", ("ann",)), having=held, extend=1, **options)
