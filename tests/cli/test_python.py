"""The same questions in Python; the public names."""

import inspect
from pathlib import Path

import polars
import pyarrow as pa
import pytest

import allelake


def public(of: type) -> list[str]:
    return sorted(name for name in vars(of) if not name.startswith("_"))


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'frequency'"):
        allelake.frequency  # noqa: B018


@pytest.mark.parametrize("of", [allelake.Lake, allelake.Answer])
def test_every_public_method_is_documented_and_typed(of: type) -> None:
    for name in public(of):
        member = inspect.getattr_static(of, name)
        function = getattr(member, "fget", None) or getattr(member, "func", member)
        assert inspect.getdoc(function), name
        assert inspect.signature(function).return_annotation is not inspect.Signature.empty, name


def test_a_lake_answers_what_the_commands_answer(lake: Path) -> None:
    with allelake.open(lake) as opened:
        answer = opened.allele_frequency("north", region="chr22:16050075")
        assert answer.to_dicts()[0] | {"ac": 1, "an": 6} == answer.to_dicts()[0]
        assert answer.about.cohort == "north"
        assert isinstance(answer.to_polars(), polars.DataFrame)
        assert isinstance(answer.to_arrow(), pa.Table)
        assert opened.allele_frequency(variant="22-16050115-G-T").count() == 1
        assert opened.allele_frequency(id="rs22").count() == 2
        by_sex = opened.allele_frequency(by="sex", region="X").to_polars()
        assert by_sex.columns[:5] == ["contig", "position", "ref", "alt", "sex"]
        assert by_sex["ac"].sum() == 4
        assert opened.carriers(region=["chr22", "chrX"]).count() == 13
        assert opened.genotype_counts(region="chr22:16050115").count() == 2
        assert opened.variant("rs1").to_dicts()[0]["position"] == 16050075
        assert opened.query("cohort_samples", "north").count() == 3
        assert opened.sql("SELECT count(*) AS n FROM samples").to_dicts() == [{"n": 6}]


def test_a_question_that_cannot_be_answered_raises_when_it_is_read(lake: Path) -> None:
    with allelake.open(lake) as opened:
        with pytest.raises(allelake.QueryError, match="'north'"):
            opened.allele_frequency("nroth").to_arrow()
        with pytest.raises(allelake.QueryError, match="no name of a query"):
            opened.query("carriers('x'); drop")
        with pytest.raises(allelake.QueryError, match="one SELECT is"):
            opened.sql("COPY sites TO 'x'")


def test_text_in_an_argument_stays_text(lake: Path) -> None:
    """Arguments reach SQL as literals."""
    with (
        allelake.open(lake) as opened,
        pytest.raises(allelake.QueryError, match="no cohort is named"),
    ):
        opened.allele_frequency("north') --").to_arrow()


def test_an_open_lake_keeps_its_snapshot_until_it_is_refreshed(own_lake: Path) -> None:
    with allelake.open(own_lake) as reader, allelake.open(own_lake) as writer:
        answer = reader.cohorts()
        writer.define_cohort("south", where="population = 'south'")
        assert writer.snapshot == reader.snapshot + 1
        assert [row["cohort"] for row in reader.cohorts()] == ["all", "north"]
        assert reader.refresh() == writer.snapshot
        assert [row["cohort"] for row in reader.cohorts()] == ["all", "north", "south"]
        # An answer made before speaks of the snapshot it was made at.
        assert [row["cohort"] for row in answer] == ["all", "north"]


def test_a_lake_that_is_first_asked_when_others_have_committed_answers_by_its_own_change(
    own_lake: Path,
) -> None:
    """But for who has withdrawn since. After a change DuckDB opens the lake at a question."""
    with allelake.open(own_lake) as early, allelake.open(own_lake) as other:
        early.define_cohort("south", where="population = 'south'")
        other.drop_cohort("south")
        other.withdraw(["s6"], reason="a test")
        assert early.snapshot == other.snapshot - 2
        assert [row["cohort"] for row in early.cohorts()] == ["all", "north", "south"]
        assert [row["sample_id"] for row in early.samples()] == ["s1", "s2", "s3", "s4", "s5"]


def test_a_closed_lake_says_so_whether_or_not_it_was_asked(lake: Path) -> None:
    opened = allelake.open(lake)
    opened.close()
    with pytest.raises(allelake.LakeError, match="was closed"):
        opened.samples()


def test_a_connection_of_ones_own_joins_frames_and_cannot_write(lake: Path) -> None:
    with allelake.open(lake) as opened, opened.connect() as connection:
        ages = polars.DataFrame({"sample_id": ["s1", "s2"], "height": [170, 180]})
        connection.register("heights", ages)
        joined = connection.sql("SELECT sum(height) FROM heights JOIN samples USING (sample_id)")
        assert joined.fetchall() == [(350,)]
        with pytest.raises(Exception, match="read-only"):
            connection.execute("CREATE TABLE lake.t (a INTEGER)")


def test_the_lake_and_its_answers_show_what_they_are(lake: Path) -> None:
    with allelake.open(lake) as opened:
        assert repr(opened) == f"<Lake {lake}: GRCh38, snapshot 4>"
        assert repr(opened.cohorts()).startswith("cohorts: lake small.lake, snapshot 4\n")
        # Where a lake lies is nobody's business in an answer that travels.
        assert str(lake) not in repr(opened.cohorts().about)


def test_an_attribute_named_as_a_count_does_not_take_its_column(own_lake: Path) -> None:
    with allelake.open(own_lake) as lake:
        samples = lake.samples().to_polars()["sample_id"].to_list()
        table = own_lake.parent / "people.csv"
        table.write_text("sample_id,ac\n" + "".join(f"{name},u\n" for name in samples))
        lake.import_samples(table)
        answer = lake.allele_frequency(by="ac")
        assert answer.columns[4:6] == ["attribute_value", "ac"]
        whole = lake.allele_frequency().to_polars()
        assert answer.to_polars()["ac"].to_list() == whole["ac"].to_list()


def test_one_text_is_no_list_of_samples(own_lake: Path) -> None:
    with allelake.open(own_lake) as lake:
        with pytest.raises(allelake.UsageError, match=r"a list of names"):
            lake.define_cohort("one", samples="s1")
        with pytest.raises(allelake.UsageError, match=r"region is text"):
            lake.allele_frequency(region=22)  # type: ignore[arg-type]
