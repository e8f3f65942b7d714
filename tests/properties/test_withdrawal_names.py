"""Names of people who withdraw, wherever somebody wrote them; names that have others in them."""

import shutil
from pathlib import Path

import pytest

import allelake
from allelake.warehouse.withdrawal.names import GoneNames
from allelake.warehouse.withdrawal.purge import purge
from allelake.warehouse.withdrawal.verify import verify_withdrawal
from allelake.warehouse.withdrawal.withdraw import withdraw
from lakes import asking

PEOPLE = ("PERSON1", "PERSON12", "FAMILY1", "FAMILY1-2", "Zoë O'Brien 50%", "s2", "s22", "1234567")
BEFORE = 8  # the snapshot before the withdrawal
HEADER = """\
##fileformat=VCFv4.2
##contig=<ID=chr22,length=50818468>
##ALT=<ID=NON_REF,Description="Any other">
##INFO=<ID=END,Number=1,Type=Integer,Description="End">
##INFO=<ID=CARRIERS,Number=.,Type=String,Description="Who has it">
##INFO=<ID=NOTE,Number=1,Type=String,Description="A note">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">
"""
WHERE = (
    "sample_id in ('PERSON1', 'PERSON12', 'FAMILY1', 'FAMILY1-2', 's2', 's22') "
    "or lower(sample_id) = 'person1' or participant_id = $$PERSON1$$ or notes = 'x'"
)


def vcf(path: Path, people: tuple[str, ...], *rows: str) -> Path:
    fixed = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT")
    lines = ["\t".join((*fixed, *people)), *(row.replace(" ", "\t") for row in rows)]
    path.write_text(HEADER + "\n".join(lines) + "\n")
    return path


def gvcf(folder: Path, name: str) -> Path:
    return vcf(
        folder / f"{name}.g.vcf",
        (name,),
        "chr22 900 . A <NON_REF> . . END=999 GT:GQ:DP 0/0:50:30",
        f"chr22 1000 . A G,<NON_REF> 50 PASS NOTE={name} GT:GQ:DP:AD 0/1:60:30:15,15,0",
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A joint call set, gVCFs of two of its people and of two others; names everywhere."""
    folder = tmp_path_factory.mktemp("names")
    calls = " ".join(["0/1:60:30:15,15"] + ["0/0:60:30:30,0"] * (len(PEOPLE) - 1))
    row = "chr22 {} . A G 50 PASS CARRIERS=PERSON1,PERSON12;NOTE=of_{} GT:GQ:DP:AD {}"
    joint = vcf(
        folder / "with_PERSON1.vcf",
        PEOPLE,
        row.format(1000, "PERSON1", calls),
        row.format(1100, "PERSON12", calls),
    )
    lake = allelake.init(folder / "a.lake", "GRCh38")
    one = allelake.IngestOptions(workers=1)
    lake.ingest([joint], one)
    lake.ingest([gvcf(folder, n) for n in ("at-PERSON1", "at-PERSON12", "s3", "s33")], one)
    people = folder / "people.tsv"
    own = {"at-PERSON1": "PERSON1", "at-PERSON12": "PERSON12"}
    rows = [
        (name, own.get(name, name), "PERSON1" if name == "PERSON12" else "", notes)
        for name in (*PEOPLE, *own, "s3", "s33")
        for notes in ["twin of PERSON1" if name == "FAMILY1-2" else ""]
    ]
    lines = ["\t".join(("sample_id", "participant_id", "father_id", "notes"))]
    people.write_text("\n".join([*lines, *("\t".join(row) for row in rows)]) + "\n")
    lake.import_samples(people)
    lake.define_cohort("predicate", where=WHERE)
    lake.define_cohort("listed", samples=["PERSON1", "PERSON12", "s2", "s22"])
    lake.define_cohort("of-PERSON1", where="sample_id = 'PERSON1'")
    lake.drop_cohort("of-PERSON1")
    assert lake.snapshot == BEFORE
    lake.close()
    return folder / "a.lake"


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "own.lake"))


def texts_of(lake: allelake.Lake) -> str:
    """Every row of every view, the statements, and the history."""
    ask = asking(lake)
    views = [str(v["view_name"]) for v in ask("FROM duckdb_views() WHERE NOT internal")]
    rows = [repr(row) for view in views for row in ask(f"FROM {view}")]
    statements = [repr(row) for row in ask("SELECT sql FROM duckdb_views() WHERE NOT internal")]
    return "\n".join([*rows, *statements, *(repr(told) for told in lake.history())])


def assert_no_answer_has(path: Path, *names: str) -> None:
    gone = GoneNames(names, set(PEOPLE) | {"at-PERSON12"} - set(names))
    for as_of in (None, BEFORE, 2):
        with allelake.open(path, as_of=as_of) as lake:
            told = texts_of(lake)
            found = [line for line in told.splitlines() if gone.is_in(line)]
            assert found == [], as_of
    assert not gone.is_in((path / "lake.sql").read_text())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["PERSON1", "Zoë O'Brien 50%", "1234567"])
def test_no_view_statement_or_history_has_the_name_and_a_purge_leaves_no_trace(
    own: Path, name: str
) -> None:
    withdraw(own, [name], "asked to")
    assert_no_answer_has(own, name)
    assert verify_withdrawal(own, [name])[0] != []
    receipt = purge(own)
    assert receipt is not None and name.encode() not in receipt.to_bytes()
    assert_no_answer_has(own, name)
    assert verify_withdrawal(own, [name])[0] == []
    with allelake.open(own) as lake:
        assert lake.check() == []
    assert purge(own) is None


@pytest.mark.parametrize(
    ("gone", "stays"),
    [
        ("FAMILY1", "FAMILY1-2"),
        pytest.param("PERSON1", "PERSON12", marks=pytest.mark.slow),
        pytest.param("s2", "s22", marks=pytest.mark.slow),
    ],
)
def test_whose_name_has_that_of_another_stays_as_they_are(own: Path, gone: str, stays: str) -> None:
    withdraw(own, [gone], "asked to")
    purge(own)
    with allelake.open(own) as lake:
        ask = asking(lake)
        [row] = ask("SELECT predicate FROM cohorts WHERE cohort = 'predicate'")
        assert f"'{stays}'" in str(row["predicate"]) and f"'{gone}'" not in str(row["predicate"])
        members = ask("FROM cohort_samples('predicate')")
        assert stays in {row["sample_id"] for row in members}
    assert verify_withdrawal(own, [gone])[0] == []
    assert verify_withdrawal(own, [stays])[0] != []


def test_files_keep_the_names_of_those_who_stay_however_short(own: Path) -> None:
    withdraw(own, ["s33"], "asked to")
    with allelake.open(own) as lake:
        [row] = asking(lake)("SELECT inputs FROM batches WHERE kind = 'per_sample'")
    names = [file["name"] for file in row["inputs"]]  # type: ignore[attr-defined]
    kept = ["at-PERSON1.g.vcf", "at-PERSON12.g.vcf", "s3.g.vcf"]
    assert sorted(names) == sorted([*kept, "[redacted]"])


def test_an_earlier_reason_that_names_who_withdraws_now_loses_the_name(own: Path) -> None:
    withdraw(own, ["s22"], "as FAMILY1 asked")
    withdraw(own, ["FAMILY1"], "asked to")
    assert_no_answer_has(own, "FAMILY1")
    purge(own)
    assert verify_withdrawal(own, ["FAMILY1"])[0] == []


def test_a_name_that_an_import_corrected_is_nobody_who_withdrew(own: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.tsv"
    for father in ("somebody-else", "FAMILY1"):
        people.write_text(f"participant_id\tfather_id\ns22\t{father}\n")
        with allelake.open(own) as lake:
            lake.import_samples(people)
    assert purge(own) is None
    with pytest.raises(allelake.QueryError, match="no participants"):
        withdraw(own, ["somebody-else"], "asked to")


def test_a_column_or_number_that_is_called_as_somebody_stays_in_a_predicate() -> None:
    names = GoneNames({"notes", "1000"})
    assert names.redacted_predicate("notes = 'notes' or age > 1000") == (
        "notes = '[redacted]' or age > 1000"
    )


def test_a_cohort_that_bears_the_name_in_another_case_must_be_dropped_first(own: Path) -> None:
    with allelake.open(own) as lake:
        lake.define_cohort("family1.kin", where="sample_id = 's2'")
        with pytest.raises(allelake.UsageError, match="bears the name"):
            lake.withdraw(["FAMILY1"], reason="asked to")
