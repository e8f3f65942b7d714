"""check_lake: what it finds in batches of samples asked alone, in regions and in removals."""

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from allelake.warehouse.catalog.macros import load_macros
from allelake.warehouse.check.counts import load_checks
from allelake.warehouse.check.run import check_lake
from allelake.warehouse.commit import begin
from allelake.warehouse.parquet import TableWriter
from allelake.warehouse.snapshots import files_for_readers
from allelake.warehouse.withdrawal.removals import REDACTED
from unit.warehouse.building_alone import commit_alone, commit_with_regions


@pytest.fixture(scope="session")
def alone_template(empty_template, tmp_path_factory):
    lake = tmp_path_factory.mktemp("template") / "c.lake"
    shutil.copytree(empty_template, lake)
    commit_alone(lake, 1)
    commit_with_regions(lake, 2)
    return lake


@pytest.fixture
def alone(alone_template, tmp_path):
    return Path(shutil.copytree(alone_template, tmp_path / "c.lake"))


EVERY = [*load_checks(), *load_checks("whole_lake"), *load_checks("answers")]
WHAT = {check.name: check.what for check in EVERY}


def found(lake, is_deep=False):
    return {finding.what for finding in check_lake(lake, is_deep=is_deep)}


def changed(lake, table, change, batch=1, tier=None):
    """The rows of one file changed, in good form: only the numbers are wrong."""
    file = next(
        f
        for f in files_for_readers(lake)
        if (f.table, f.tier) == (table, tier) and f"/b{batch:06d}-" in f.path
    )
    rows = pq.read_table(lake / file.path, partitioning=None)
    wrong = pa.Table.from_pylist(change(rows.to_pylist()), schema=rows.schema)
    order = [name for name in ORDER[table] if name in rows.column_names]
    wrong = wrong.sort_by([(name, "ascending") for name in order])
    with begin(lake) as transaction:
        writer = TableWriter(
            table, transaction.staging, batch=batch, part=7, contig="chr22", tier=tier
        )
        writer.write(wrong)
        transaction.rewrite([writer.close()], [file.path])
        transaction.commit("tamper", {})


KEY = ("position", "ref", "alt", "end_position", "sv_length", "batch")
ORDER = {
    "sites": KEY,
    "calls": (*KEY, "sample_number"),
    "callable": ("bin", "start_position", "end_position", "batch", "sample_number", "policies"),
    "sample_counts": ("batch", "sample_number"),
}


def first(**values):
    return lambda rows: [rows[0] | values, *rows[1:]]


def last(**values):
    return lambda rows: [*rows[:-1], rows[-1] | values]


def more(**values):
    return lambda rows: [*rows, rows[-1] | values]


def test_sound_lakes_of_samples_asked_alone_have_no_finding(alone):
    assert [str(finding) for finding in check_lake(alone, is_deep=True)] == []


TAMPERED = {
    "a call that is a default": ("calls", "rare", first(default_count=2), "per_sample_form"),
    "a call without what covers it": ("calls", "rare", first(covered=None), "per_sample_form"),
    "a record that is nobody's": ("sites", None, first(source_sample=None), "per_sample_form"),
    "a record of somebody else": ("sites", None, first(source_sample=7), "unknown_samples"),
    "a call covered by another number": ("calls", "rare", first(covered=2), "covered"),
    "an interval that ends too early": ("callable", None, first(end_position=100_050), "covered"),
    "an interval of nobody": ("callable", None, first(sample_number=8), "unknown_samples"),
    "an interval beyond the contig": (
        "callable", None, last(end_position=60_000_000, bin=0), "callable_form",
    ),
    "an interval in another bin": ("callable", None, first(bin=4681), "callable_form"),
    "an interval that ends before it starts": (
        "callable", None, first(start_position=100_301), "callable_form",
    ),
    "an interval of no level": ("callable", None, first(policies=0), "callable_form"),
    "an interval of three alleles": ("callable", None, first(alleles=3), "callable_form"),
    "a block of unknown alleles": ("callable", None, first(alleles=None), "callable_form"),
    "an interval of all samples": ("callable", None, first(sample_number=None), "callable_form"),
    "intervals that overlap": (
        "callable", None, more(start_position=100_200, min_dp=5), "callable_merged",
    ),
    "intervals that touch and are alike": (
        "callable", None, more(start_position=100_301, end_position=100_350), "callable_merged",
    ),
    "adj where raw is not": ("callable", None, first(policies=118), "callable_nested"),
    "raw where raw_blocks is not": ("callable", None, first(policies=117), "callable_nested"),
    "filtered adj where adj is not": ("callable", None, first(policies=115), "callable_nested"),
    "PASS where any filter is not": ("callable", None, last(policies=84), "callable_nested"),
    "more genotypes than calls": (
        "sample_counts", None, first(genotypes=2), "sample_counts_alone",
    ),
    "a missing genotype that no call is": (
        "sample_counts", None, first(missing_genotypes=1), "sample_counts_alone",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", TAMPERED)
def test_batches_of_samples_asked_alone_that_contradict_themselves_are_found(alone, fault):
    table, tier, change, check = TAMPERED[fault]
    changed(alone, table, change, tier=tier)
    assert WHAT[check] in found(alone)


@pytest.mark.parametrize(
    ("table", "change", "check"),
    [
        ("sites", first(in_regions=False), "in_regions"),
        ("sites", first(in_regions=None), "in_regions"),
        ("sites", last(in_regions=True), "in_regions"),
        ("sites", first(source_sample=2), "per_sample_form"),
        ("callable", first(end_position=100_050), "in_regions"),
        ("callable", first(sample_number=2), "callable_form"),
        ("callable", first(alleles=2), "callable_form"),
        ("callable", first(policies=119), "callable_form"),
    ],
)
def test_regions_of_a_joint_batch_that_contradict_its_records_are_found(
    alone, table, change, check
):
    changed(alone, table, change, batch=2)
    assert WHAT[check] in found(alone)


def test_touching_intervals_of_other_alleles_are_sound(alone):
    changed(
        alone,
        "callable",
        more(start_position=100_301, end_position=100_350, alleles=1, policies=85),
    )
    assert WHAT["callable_merged"] not in found(alone)


@pytest.mark.parametrize("is_deep", [False, True])
def test_an_that_does_not_add_up_is_found(alone, is_deep, monkeypatch):
    """The macro is changed, since a lake's files alone cannot make two questions disagree."""
    change_macro(monkeypatch, "allele_frequency", "an_record + an_block", "an_record")
    assert WHAT["an_adds_up"] in found(alone, is_deep)


def test_carriers_that_do_not_add_up_to_ac_are_found(one_batch, monkeypatch):
    change_macro(monkeypatch, "carried_by", "c.alt_count > 0", "c.alt_count > 1")
    assert WHAT["carriers_are_ac"] in found(one_batch)


def change_macro(monkeypatch, name, text, by):
    """From here on catalogs have another macro of that name."""
    macros = load_macros()
    changed = [replace(m, sql=m.sql.replace(text, by)) if m.name == name else m for m in macros]
    assert changed != list(macros)
    monkeypatch.setattr("allelake.warehouse.catalog.views.load_macros", lambda: changed)


def removal(**values):
    return {
        "sample_number": 1,
        "batch": 1,
        "kind": "withdrawn",
        "reason": None,
        "removed_at": datetime(2026, 1, 1),
        "purged_at": None,
        **values,
    }


def with_rows(lake, table, *rows):
    with begin(lake) as transaction:
        before = transaction.tables[table]
        fresh = pa.Table.from_pylist(rows, schema=before.schema)
        transaction.tables[table] = pa.concat_tables([before, fresh])
        transaction.commit("tamper", {})


def test_somebody_who_was_withdrawn_and_is_still_a_sample_is_found(alone):
    with_rows(alone, "removals", removal())
    assert {f.where for f in check_lake(alone) if "withdrawn or replaced" in f.what} == {
        "samples",
        "cohort_members",
    }


@pytest.mark.parametrize("wrong", [{"kind": "gone"}, {"batch": 7}])
def test_a_removal_that_cannot_be_is_found(alone, wrong):
    with_rows(alone, "removals", removal(sample_number=9, **wrong))
    assert "removals, sample 9" in {finding.where for finding in check_lake(alone)}


def test_a_name_that_is_redacted_and_still_a_row_is_found(alone):
    with begin(alone) as transaction:
        samples = transaction.tables["samples"]
        names = samples.column("sample_id")
        blanked = pc.replace_substring(names, names[0].as_py(), REDACTED)
        index = samples.schema.get_field_index("sample_id")
        transaction.tables["samples"] = samples.set_column(
            index, samples.schema.field(index), blanked
        )
        transaction.commit("tamper", {})
    assert "samples, sample_id" in {finding.where for finding in check_lake(alone)}


def test_every_comparison_of_answers_is_asked(alone):
    from allelake.warehouse.check.answers import ways_to_ask

    class Nothing:
        def execute(self, _):
            return self

        def fetchall(self):
            return [(True, True)]

    assert set(ways_to_ask(Nothing(), [], False)) == {c.name for c in load_checks("answers")}
