"""Reports of many files share what their headers have in common."""

import pickle

from allelake.ingest.shared_headers import SharedHeaders
from allelake.ingest.spec import FileReport
from unit.ingest.plan.reports import DP, GT, report, span


def arrived(made: FileReport) -> object:
    """As a report comes out of a worker: a copy of its own."""
    return pickle.loads(pickle.dumps(made))


def test_alike_headers_are_held_once_and_samples_stay() -> None:
    shared = SharedHeaders()
    reports = [shared.of(arrived(report(f"{name}.vcf", (name,)))) for name in ("ann", "bo")]
    one, other = (found.header for found in reports if isinstance(found, FileReport))
    assert (one.samples, other.samples) == (("ann",), ("bo",))
    assert one.contigs is other.contigs
    assert one.format is other.format


def test_headers_that_differ_stay_what_they_are() -> None:
    shared = SharedHeaders()
    plain = report("a.vcf", ("ann",), [span("chr21")])
    more = report("b.vcf", ("bo",), [span("chr22")], format=(GT, DP), sources=["source=x"])
    for made in (plain, more):
        assert shared.of(arrived(made)) == made


def test_however_many_kinds_of_headers_there_are_few_are_remembered() -> None:
    shared = SharedHeaders()
    for number in range(100):
        made = report("a.vcf", ("ann",), contigs={"chr22": number + 1})
        assert shared.of(made) == made
    assert all(len(kinds) <= 16 for kinds in shared._kinds.values())
