"""Records that come column by column give the same files as variants that come one by one."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from allelake.errors import InputError
from allelake.ingest import part as part_module
from allelake.ingest.encoding.fields import info_column
from allelake.ingest.encoding.plain_records import PlainRecords
from allelake.ingest.encoding.variants import failed_filters
from allelake.ingest.part_run import PartRun
from allelake.ingest.reading.normalise import Variant
from allelake.ingest.spec import Field, KeptField, PartSummary
from allelake.warehouse.tables import arrow_type
from unit.ingest.part.random_vcf import random_records
from unit.ingest.part.running import run, spec_for, vcf

INFO = tuple(
    KeptField(Field(name, number, of, ""), f"info_{name.lower()}", sql)
    for name, number, of, sql in (
        ("PER_ALT", "A", "Float", "FLOAT"),
        ("PER_ALLELE", "R", "Integer", "INTEGER[]"),
        ("FLAG", "0", "Flag", "BOOLEAN"),
    )
)


def is_plain(variant: Variant) -> bool:
    record = variant.record
    return (
        len(record.alts) == 1
        and variant.sv_type is None
        and (variant.position, variant.ref, variant.alt)
        == (record.position, record.ref, record.alts[0])
    )


class ColumnsRun(PartRun):
    """Hands variants to the encoder by columns where it can, in a muddled order otherwise."""

    plain_total = 0

    def _encode(self, before: int | None) -> None:
        # As a reader of large files has it.
        self._rows.is_compiled = True
        ready = [v for v in self._pending if before is None or v.position < before]
        waiting = [v for v in self._pending if before is not None and v.position >= before]
        if before is not None and not ready:
            return
        plain = [v for v in ready if is_plain(v)]
        odd = [v for v in ready if not is_plain(v)]
        type(self).plain_total += len(plain)
        columns = self._plain(plain) if plain else None
        count = self._encoder.encode_plain(columns, odd[::-1], self._rows, self._duplicates)
        self._counts["variants"] += count
        held = sorted({v.record.row: v.record for v in waiting}.items())
        self._rows.keep_only([row for row, _ in held])
        for row, (_, record) in enumerate(held):
            record.row = row
        self._pending = waiting

    def _plain(self, variants: Sequence[Variant]) -> PlainRecords:
        records = [v.record for v in variants]
        ids = [(r.ids or "").split(";") if r.ids else [] for r in records]
        lists = pa.list_(pa.string())
        return PlainRecords(
            row=np.array([r.row for r in records], np.int32),
            position=np.array([r.position for r in records], np.int32),
            ref=pa.array([r.ref for r in records], pa.string()),
            alt=pa.array([r.alts[0] for r in records], pa.string()),
            id=pa.array([i[0] if i else None for i in ids], pa.string()),
            other_ids=pa.array([i[1:] or None for i in ids], lists),
            qual=pa.array([r.qual for r in records], pa.float32()),
            filters=pa.array([failed_filters(r.filters) for r in records], lists),
            info={
                kept.column: info_column(kept, variants, False).cast(arrow_type(kept.sql_type))
                for kept in self._spec.info
            },
            source=records[0].where.rsplit(":", 1)[0] + ":",
        )


def both_ways(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, **changes: object
) -> tuple[PartSummary, PartSummary]:
    """The part read as it is, and read by columns."""
    spec = spec_for(len(text.split("#CHROM")[1].split("\n")[0].split("\t")) - 9, **changes)
    (folder / "one").mkdir()
    one = run(folder / "one", text, spec)
    (folder / "other").mkdir()
    monkeypatch.setattr(part_module, "PartRun", ColumnsRun)
    ColumnsRun.plain_total = 0
    return one, run(folder / "other", text, spec)


def names(summary: PartSummary) -> list[str]:
    """The files' names, which carry their digests."""
    return sorted(f"{file.table} {file.tier} {file.path.name}" for file in summary.files)


@pytest.mark.parametrize("seed", range(4))
def test_columns_give_the_files_that_objects_give(tmp_path, monkeypatch, seed):
    rng = random.Random(seed)
    samples = [f"s{i}" for i in range(rng.choice([3, 70, 130]))]
    text = vcf(samples, random_records(rng, len(samples), 60))
    fields = {"has_adj": True, "has_dp": True, "has_gq": True, "first_sample": 5}
    one, other = both_ways(tmp_path, monkeypatch, text, info=INFO, **fields)
    assert ColumnsRun.plain_total > 20
    assert names(one) == names(other)
    assert one.counts == other.counts


RECORDS = [
    "chr1 10 a;b A C 3 PASS PER_ALT=0.5;FLAG GT 0/1 1|0",
    "chr1 10 c A C . q10 . GT 0/1 0/1",
    "chr1 10 . A G,AT . . PER_ALT=1,2 GT 0/1 0/2",
    "chr1 10 . A AT . . . GT 0/0 1/0",
    "chr1 12 . CA C . . . GT 0/0 1/0",
    "chr1 12 . C <DEL> . . END=20;SVLEN=-8;SVTYPE=DEL GT 0/0 1/0",
    "chr1 12 . C <DEL> . . END=30;SVLEN=-18;SVTYPE=DEL GT 0/0 1/0",
    "chr1 13 . a G . . . GT . 1",
]


def test_records_under_one_key_are_settled_by_the_rule(tmp_path, monkeypatch):
    one, other = both_ways(tmp_path, monkeypatch, vcf(["a", "b"], RECORDS), info=INFO)
    assert ColumnsRun.plain_total == 4
    assert names(one) == names(other)
    assert one.counts["duplicates_alike"] == other.counts["duplicates_alike"] == 2


@pytest.mark.parametrize("rule", ["first", "most_alt"])
def test_unlike_ones_too(tmp_path, monkeypatch, rule):
    records = [*RECORDS, "chr1 14 . A G . . . GT . 1", "chr1 14 . A G . . . GT 1/1 1"]
    text = vcf(["a", "b"], records)
    one, other = both_ways(tmp_path, monkeypatch, text, info=INFO, duplicates=rule)
    assert names(one) == names(other)
    assert one.counts["duplicates_resolved"] == other.counts["duplicates_resolved"] == 1


def test_unlike_ones_are_refused_in_the_same_words(tmp_path, monkeypatch):
    text = vcf(["a"], ["chr1 14 . A G . . . GT .", "chr1 14 . A G . . . GT 1/1"])
    with pytest.raises(InputError) as one:
        run(tmp_path, text, spec_for(1))
    monkeypatch.setattr(part_module, "PartRun", ColumnsRun)
    with pytest.raises(InputError) as other:
        run(tmp_path, text, spec_for(1))
    assert str(one.value) == str(other.value)
