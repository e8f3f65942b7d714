"""Files about people: which are taken, as what, and which are refused."""

import gzip
from datetime import date, datetime
from pathlib import Path

import polars
import pytest

from allelake.errors import InputError
from allelake.ingest.people.id_list import sample_names
from allelake.ingest.people.import_people import read_people_file
from allelake.ingest.people.imported import People


def read(folder: Path, text: str, name: str = "people.tsv", **options: str | None) -> People:
    path = folder / name
    path.write_text(text)
    return read_people_file(path, **options)


def types_of(people: People) -> dict[str, str]:
    return {column.name: column.type for column in people.columns}


def test_a_table_gives_names_sexes_parents_and_typed_attributes(tmp_path: Path) -> None:
    people = read(
        tmp_path,
        "sample_id\tsex\tfather\tmother\tfamily\tage\tscore\tborn\tis_case\tsite\n"
        "s1\tmale\t0\t\tf1\t41\t1.5\t1980-02-29\ttrue\tHK\n"
        "s2\tF\ts1\ts3\tf1\tNA\t2\t\tFALSE\t\n",
    )
    assert people.kind == "TSV"
    assert people.keys == ["s1", "s2"]
    assert people.pedigree == {
        "family_id": ["f1", "f1"],
        "father_id": [None, "s1"],
        "mother_id": [None, "s3"],
        "sex": ["XY", "XX"],
    }
    assert {name: values for name, (_, values) in people.attributes.items()} == {
        "age": [41, None],
        "score": [1.5, 2.0],
        "born": [date(1980, 2, 29), None],
        "is_case": [True, False],
        "site": ["HK", None],
    }
    assert types_of(people)["score"] == "DOUBLE"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "-2", "+3"], "BIGINT"),
        (["9223372036854775807"], "BIGINT"),
        (["9223372036854775808"], "VARCHAR"),
        (["1", "2.5"], "DOUBLE"),
        (["1e-3", ".5", "5."], "DOUBLE"),
        (["e5"], "VARCHAR"),
        (["007", "8"], "VARCHAR"),
        (["00"], "VARCHAR"),
        (["0", "1"], "BIGINT"),
        (["true", "False"], "BOOLEAN"),
        (["yes", "no"], "VARCHAR"),
        (["2024-01-31"], "DATE"),
        (["2024-02-30"], "VARCHAR"),
        (["2024-01-31 10:00", "2024-01-31T10:00:05.5"], "TIMESTAMP"),
        (["1,5"], "VARCHAR"),
        (["inf", "1"], "VARCHAR"),
    ],
)
def test_a_type_is_the_narrowest_that_holds_every_value(
    tmp_path: Path, values: list[str], expected: str
) -> None:
    """A zero in front, or more digits than a number keeps, is a code and stays text."""
    rows = "".join(f"s{n}\t{value}\n" for n, value in enumerate(values))
    people = read(tmp_path, f"sample_id\tx\n{rows}")
    assert types_of(people)["x"] == expected
    if expected == "VARCHAR":
        assert people.attributes["x"][1] == values


def test_an_id_stays_text_even_where_it_is_a_number(tmp_path: Path) -> None:
    people = read(tmp_path, "sample_id,doctor_id,n\n17,4,5\n", "people.csv")
    assert people.keys == ["17"]
    assert people.attributes == {"doctor_id": ("VARCHAR", ["4"]), "n": ("BIGINT", [5])}


@pytest.mark.parametrize(
    ("spelling", "sex"),
    [
        *[(text, "XY") for text in ("1", "M", "m", "male", "MALE", "XY", "man")],
        *[(text, "XX") for text in ("2", "F", "female", "xx", "Woman")],
        *[(text, None) for text in ("0", "other", "X0", "XXY", "3", "-1")],
    ],
)
def test_sex_is_read_in_any_common_spelling_and_counted_otherwise(
    tmp_path: Path, spelling: str, sex: str | None
) -> None:
    people = read(tmp_path, f"sample_id\tGender\ns1\t{spelling}\n")
    assert people.pedigree["sex"] == [sex]
    assert people.odd_sexes == ({} if sex else {spelling: 1})


def test_a_ped_file_needs_no_header(tmp_path: Path) -> None:
    text = "fam1\tkid\tdad\tmom\t2\t-9\n# a comment\nfam1 dad 0 0 1 1\n".replace(" ", "\t")
    people = read(tmp_path, text.replace("#\ta\tcomment", "#a"), "trio.ped")
    assert people.kind == "PED"
    assert people.keys == ["kid", "dad"]
    assert people.pedigree["father_id"] == ["dad", None]
    # -9 is PLINK's word for not known.
    assert people.attributes["phenotype"] == ("BIGINT", [None, 1])


def test_a_ped_file_may_have_blanks_between_columns(tmp_path: Path) -> None:
    people = read(tmp_path, "CEU KID DAD  MUM  1 0\nCEU DAD 0    0    1 0\n", "a.ped")
    assert people.pedigree["mother_id"] == ["MUM", None]


def test_a_ped_file_may_have_a_header_and_more_columns(tmp_path: Path) -> None:
    text = (
        "#Family ID\tIndividual ID\tPaternal ID\tMaternal ID\tGender\tPhenotype\tSecond Order\n"
        "BB01\tp1\t0\t0\t1\t0\tnone known\n"
    )
    people = read(tmp_path, text, "a.ped")
    assert not people.by_sample
    assert types_of(people)["second_order"] == "VARCHAR"
    assert [c.original for c in people.columns if c.name == "second_order"] == ["Second Order"]


def test_the_1000_genomes_sheet_is_read(shared_data: Path) -> None:
    people = read_people_file(shared_data / "cohort" / "1000g_2504.ped")
    assert len(people.keys) == 3501
    assert people.pedigree["sex"].count("XX") == 1761
    assert types_of(people)["population"] == "VARCHAR"
    assert people.attributes["population"][1].count("CHS") == 171


def test_parquet_keeps_its_own_types(tmp_path: Path) -> None:
    frame = polars.DataFrame(
        {
            "participant_id": ["007", "008"],
            "age": [41, None],
            "bmi": [22.5, 31.0],
            "code": ["1", "2"],
            "case": [True, None],
            "seen": [datetime(2024, 1, 2, 3, 4, 5), None],
        }
    )
    frame.write_parquet(tmp_path / "people.parquet")
    people = read_people_file(tmp_path / "people.parquet")
    assert people.keys == ["007", "008"]
    assert types_of(people) == {
        "participant_id": "VARCHAR",
        "age": "BIGINT",
        "bmi": "DOUBLE",
        "code": "VARCHAR",
        "case_": "BOOLEAN",
        "seen": "TIMESTAMP",
    }
    assert people.attributes["bmi"][1] == [22.5, 31.0]


def test_a_gzipped_table_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "people.tsv.gz"
    path.write_bytes(gzip.compress("\ufeffsample_id\tage\r\ns1\t4\r\n".encode()))
    assert read_people_file(path).attributes == {"age": ("BIGINT", [4])}


def test_quotes_in_csv_hold_commas_and_lines(tmp_path: Path) -> None:
    people = read(tmp_path, 'sample_id,note\ns1,"a, b\nc"\n', "a.csv")
    assert people.attributes["note"][1] == ["a, b\nc"]


def test_the_id_column_can_be_named(tmp_path: Path) -> None:
    people = read(tmp_path, "code\tage\nx\t1\n", id_column="code")
    assert people.keys == ["x"]
    with pytest.raises(InputError, match=r"no column 'cod'.*'code'"):
        read(tmp_path, "code\tage\nx\t1\n", id_column="cod")


def test_a_column_that_would_clash_is_renamed_and_told(tmp_path: Path) -> None:
    people = read(tmp_path, "sample_id\tBatch\tgroup\tSample Number\ns1\t7\tcase\t1\n")
    assert [c.name for c in people.columns] == [
        "sample_id",
        "imported_batch",
        "group_",
        "imported_sample_number",
    ]
    assert len(people.notes) == 3


def test_a_column_without_any_value_is_left_out_and_told(tmp_path: Path) -> None:
    people = read(tmp_path, "sample_id\tnote\ns1\tNA\ns2\t\n")
    assert people.attributes == {}
    assert "'note' is left out" in people.notes[0]


def test_a_participant_may_have_no_sample(tmp_path: Path) -> None:
    people = read(tmp_path, "sample_id\tparticipant_id\ns1\tp1\n\tp2\n")
    assert people.keys == ["s1", None]
    assert people.participants == ["p1", "p2"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.tsv", "", "is empty"),
        ("a.tsv", "name\tage\nx\t1\n", "no column that holds people's names"),
        ("a.tsv", "sample_id\tage\ns1\t1\t2\n", "line 2: has 3 columns, and 2"),
        ("a.tsv", "sample_id\tage\ns1\n", "line 2: has 1 columns, and 2"),
        ("a.tsv", "sample_id\tage\ns1\t1\ns1\t2\n", "line 3: .*'s1' is there already, at line 2"),
        ("a.tsv", "sample_id\tage\n\t1\n", "line 2: sample_id is empty"),
        ("a.tsv", "sample_id\tage\ns\x07\t1\n", "control character"),
        ("a.tsv", "sample_id\ta\x1bge\ns\t1\n", "control character"),
        (
            "a.tsv",
            "sample_id\tFirst Name\tfirst_name\ns\t1\t2\n",
            "would both be called first_name",
        ),
        ("a.tsv", "sample_id\tsex\tSex\ns\t1\t2\n", "two columns hold sex"),
        ("a.tsv", f"sample_id\t{'x' * 101}\ns\t1\n", "more than 100"),
        ("a.csv", 'sample_id,note\ns,"a\n', "line 2"),
        ("a.ped", "f\tp\t0\t0\n", "five or six columns"),
        ("a.ped", "1\tSeth    Adam\tEva\t1\t2\t1\n1\tx\t0\t0\t1\n", "line 2"),
    ],
)
def test_a_file_that_is_no_table_of_people_is_refused(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        read(tmp_path, text, name)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_people_file(tmp_path / "nobody.tsv")
    (tmp_path / "latin.tsv").write_bytes("sample_id\tname\ns1\tJosé\n".encode("latin-1"))
    with pytest.raises(InputError, match="line 2: is not UTF-8"):
        read_people_file(tmp_path / "latin.tsv")
    (tmp_path / "cut.tsv.gz").write_bytes(gzip.compress(b"sample_id\ns1\n")[:-4])
    with pytest.raises(InputError, match="not whole"):
        read_people_file(tmp_path / "cut.tsv.gz")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match="Parquet"):
        read_people_file(tmp_path / "cut.parquet")


def test_an_empty_cell_fits_any_type_and_a_text_fits_no_number(tmp_path: Path) -> None:
    known = {"age": "BIGINT", "site": "VARCHAR", "score": "DOUBLE"}
    path = tmp_path / "a.tsv"
    path.write_text("sample_id\tage\tsite\tscore\ns1\t\t007\t2\n")
    people = read_people_file(path, known_types=known)
    assert people.attributes["score"] == ("DOUBLE", [2.0])
    assert people.attributes["site"] == ("VARCHAR", ["007"])
    path.write_text("sample_id\tage\ns1\t1\ns2\told\n")
    with pytest.raises(InputError, match=r"line 3: .*VARCHAR in this file.*BIGINT in the lake"):
        read_people_file(path, known_types=known)


def test_a_list_of_names_is_one_per_line_or_a_column() -> None:
    assert sample_names("b\n\n# note\na\nb\n", "l") == ["b", "a"]
    assert sample_names("sample_id\na\n", "l") == ["a"]
    assert sample_names("\ufeffage,sample\n1,a\n2,b\n", "l") == ["a", "b"]
    with pytest.raises(InputError, match="holds no name"):
        sample_names("\n#x\n", "l")
    with pytest.raises(InputError, match="line 2"):
        sample_names("sample,age\na\n", "l")
