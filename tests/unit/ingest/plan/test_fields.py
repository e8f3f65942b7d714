"""INFO and FORMAT fields become columns, typed by the header, or are told why not."""

import pytest

from allelake.errors import InputError, UsageError
from allelake.ingest.options import IngestOptions
from allelake.ingest.planning.plan import plan_ingest
from allelake.ingest.spec import Field, UnreadableField
from allelake.warehouse.snapshots import StoredFile
from unit.ingest.plan.reports import AD, DP, GQ, GT, PS, lake, only, plan, report, span, tables


@pytest.mark.parametrize(
    ("field", "column", "sql_type"),
    [
        (Field("DP", "1", "Integer"), "info_dp", "INTEGER"),
        (Field("ReadPosRankSum", "1", "Float"), "info_readposranksum", "FLOAT"),
        (Field("DB", "0", "Flag"), "info_db", "BOOLEAN"),
        (Field("AA", "1", "Character"), "info_aa", "VARCHAR"),
        (Field("CSQ", ".", "String"), "info_csq", "VARCHAR[]"),
        (Field("CADD", "A", "Float"), "info_cadd", "FLOAT"),
        (Field("AD", "R", "Integer"), "info_ad", "INTEGER[]"),
        (Field("CIPOS", "2", "Integer"), "info_cipos", "INTEGER[]"),
        (Field("1000G", "0", "Flag"), "info_1000g", "BOOLEAN"),
        (Field("naïve.name", "1", "String"), "info_naïve.name", "VARCHAR"),
    ],
)
def test_a_declared_field_has_the_type_it_declares(
    field: Field, column: str, sql_type: str
) -> None:
    (kept,) = only(plan(report(info=[field]))).spec.info
    assert (kept.field, kept.column, kept.sql_type) == (field, column, sql_type)


def test_what_counts_people_is_never_kept_of_genotypes() -> None:
    names = ("AC", "AN", "AF", "NS", "EAS_AF", "AF_EUR", "AC_EAS", "AN_EAS")
    info = [Field(name, "1", "Float") for name in (*names, "VQSLOD")]
    batch = only(plan(report(info=info)))
    assert [kept.field.id for kept in batch.spec.info] == ["VQSLOD"]
    assert {field.id for field in batch.dropped} == set(names)
    sites = only(plan(report(samples=(), info=info, format=())))
    assert len(sites.spec.info) == 9


def test_fields_with_a_column_of_their_own_are_not_kept_twice() -> None:
    info = [
        Field("END", "1", "Integer"),
        Field("SVTYPE", "1", "String"),
        Field("SVLEN", "A", "Integer"),
    ]
    assert only(plan(report(info=info, format=[GT, DP, GQ, AD, PS]))).spec.info == ()


def test_values_by_genotype_are_not_kept_and_told() -> None:
    batch = only(plan(report(info=[Field("PRIOR", "G", "Float")])))
    assert [(d.id, d.why[:8]) for d in batch.dropped] == [("PRIOR", "Number=G")]


def test_adj_needs_its_three_fields_in_every_file() -> None:
    whole = report(format=[GT, DP, GQ, AD])
    lacking = report("b.vcf", spans=[span("chr1")], format=[GT, DP])
    assert only(plan(whole)).spec.has_adj
    spec = only(plan(whole, lacking)).spec
    assert (spec.has_adj, spec.has_dp, spec.has_gq, spec.has_ps) == (False, True, True, False)


@pytest.mark.parametrize(
    ("name", "field", "flag"),
    [
        ("GQ", Field("GQ", "1", "String"), "has_gq"),
        ("DP", Field("DP", ".", "Integer"), "has_dp"),
        ("PS", Field("PS", "1", "String"), "has_ps"),
    ],
)
def test_a_standard_field_of_another_type_is_not_taken(name: str, field: Field, flag: str) -> None:
    batch = only(plan(report(format=[GT, field])))
    assert getattr(batch.spec, flag) is False
    assert name in {dropped.id for dropped in batch.dropped}


def test_a_quality_in_decimals_is_taken() -> None:
    assert only(plan(report(format=[GT, DP, Field("GQ", "1", "Float"), AD]))).spec.has_adj


def test_a_standard_field_that_one_file_uses_undeclared_is_not_taken() -> None:
    """htslib reads it as text there."""
    other = report("b.vcf", spans=[span("chr1")], format=[GT], format_used=("GT", "DP"))
    batch = only(plan(report(format=[GT, DP]), other))
    assert batch.spec.has_dp is False
    assert ("DP", "used but not declared") in {(d.id, d.why.split(";")[0]) for d in batch.dropped}


def test_undeclared_fields_are_told() -> None:
    file = report(info_used=("NEW",), format_used=("GT", "NEWER"))
    found = {(d.where, d.id, d.why) for d in only(plan(file)).dropped}
    assert found == {
        ("INFO", "NEW", "used but not declared"),
        ("FORMAT", "NEWER", "used but not declared"),
    }


def test_files_that_declare_differently_are_refused_with_both_lines() -> None:
    one = report("a.vcf", spans=[span("chr1")], info=[Field("X", "1", "Integer")])
    other = report("b.vcf", spans=[span("chr2")], info=[Field("X", "1", "Float")])
    with pytest.raises(InputError) as refusal:
        plan(one, other)
    message = str(refusal.value)
    assert "a.vcf has ##INFO=<ID=X,Number=1,Type=Integer>" in message
    assert "b.vcf has ##INFO=<ID=X,Number=1,Type=Float>" in message
    assert 'drop = ["X"] under [info]' in message


def test_fields_that_the_profile_drops_may_contradict() -> None:
    one = report("a.vcf", spans=[span("chr1")], info=[Field("AF", "1", "Integer")])
    other = report("b.vcf", spans=[span("chr2")], info=[Field("AF", "A", "Float")])
    assert only(plan(one, other)).spec.info == ()


def test_batches_of_one_command_must_agree_on_a_columns_type() -> None:
    one = report("a.vcf", ("ann", "cy"), info=[Field("X", "1", "Integer")])
    other = report("b.vcf", ("bo", "di"), info=[Field("X", "1", "Float")])
    with pytest.raises(InputError, match=r"info_x of type FLOAT; the lake has it as INTEGER"):
        plan(one, other)


def test_a_column_of_the_lake_keeps_its_type() -> None:
    there = StoredFile(
        "sites", "chr1", None, "data/x.parquet", 1, 1, "d", further_columns={"info_x": "INTEGER"}
    )
    file = report(info=[Field("X", "1", "Float")])
    with pytest.raises(InputError, match=r"the lake has it as INTEGER from an earlier batch"):
        plan_ingest([file], lake(), tables(), IngestOptions(), [there])
    fits = report(info=[Field("X", "1", "Integer")])
    assert plan_ingest([fits], lake(), tables(), IngestOptions(), [there]).batches


def test_names_that_differ_by_case_are_refused_with_both_lines() -> None:
    info = [Field("Dp", "1", "Integer"), Field("dP", "1", "Float")]
    with pytest.raises(
        InputError, match=r"<ID=Dp,Number=1,Type=Integer> and .*<ID=dP,Number=1,Type=F"
    ):
        plan(report(info=info))


def unreadable(*, is_other_type: bool) -> UnreadableField:
    return UnreadableField("X", "Number=1,Type=Integer", "'3.5'", 4, "chr22:100", is_other_type)


def test_decimals_where_integers_are_declared_drop_the_field() -> None:
    file = report(info=[Field("X", "1", "Integer")], unreadable=(unreadable(is_other_type=True),))
    batch = only(plan(file))
    assert batch.spec.info == ()
    (notice,) = batch.notices
    assert (notice.code, notice.count, notice.first) == ("info_other_type", 4, "chr22:100")
    with pytest.raises(InputError, match=r"--strict"):
        plan(file, strict=True)


def test_words_where_numbers_are_declared_are_refused() -> None:
    bad = (unreadable(is_other_type=False),)
    with pytest.raises(InputError, match=r"INFO X is '3.5' at chr22:100 .4 such records"):
        plan(report(info=[Field("X", "1", "Integer")], unreadable=bad))
    dropped = (UnreadableField("AF", "Number=A,Type=Float", "'x'", 1, "chr22:100"),)
    assert plan(report(info=[Field("AF", "A", "Float")], unreadable=dropped)).batches


def test_detail_keeps_what_it_names_whatever_the_profile_says() -> None:
    fields = (GT, DP, GQ, AD, PS, Field("MQ", "1", "Integer"), Field("PL", "G", "Integer"))
    batch = only(plan(report(format=fields), detail=("dp", "Mq")))
    spec = batch.spec
    assert (spec.has_dp, spec.has_gq, spec.has_ad, spec.has_ps) == (True, False, False, False)
    assert [kept.column for kept in spec.format] == ["format_mq"]
    why = {field.id: field.why for field in batch.dropped}
    assert set(why) == {"GQ", "AD", "PS", "PL"}
    assert set(why.values()) == {"--detail does not name it"}


@pytest.mark.parametrize("detail", [(), ("dp", "gq"), ("ps",)])
def test_without_dp_gq_and_ad_a_batch_has_no_adj_and_says_so(detail: tuple[str, ...]) -> None:
    batch = only(plan(report(format=(GT, DP, GQ, AD, PS)), detail=detail))
    assert not batch.spec.has_adj
    assert [notice.code for notice in batch.notices] == ["detail_without_adj"]
    strict = only(plan(report(format=(GT, DP, GQ, AD, PS)), detail=detail, strict=True))
    assert not strict.spec.has_adj


def test_with_dp_gq_and_ad_a_batch_has_adj_and_nothing_is_said() -> None:
    batch = only(plan(report(format=(GT, DP, GQ, AD, PS)), detail=("gq", "AD", "dp")))
    assert batch.spec.has_adj
    assert not batch.notices
    assert not only(plan(report(format=(GT, DP)), detail=())).notices


@pytest.mark.parametrize("name", ["DQ", "gt", "info"])
def test_detail_that_no_file_declares_is_refused_with_the_nearest_name(name: str) -> None:
    with pytest.raises(UsageError, match="declares no FORMAT field"):
        plan(report(format=(GT, DP)), detail=("dp", name))
