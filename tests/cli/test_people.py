"""samples and cohort on the command line."""

import json
from pathlib import Path


def test_an_import_shows_types_and_counts_and_no_names(run, own_lake: Path, tmp_path: Path) -> None:
    people = tmp_path / "more.tsv"
    people.write_text("sample_id\tSecond Order\tGender\ns1\tx\tF\nnobody_here\ty\tother\n")
    ended = run("samples", "import", own_lake, people)
    assert ended.code == 0
    assert "Second Order  second_order" in ended.out
    assert "Sex: 1 XX; unknown: other 1" in ended.out
    assert "Samples of the lake found: 1" in ended.out
    assert "People without genotypes here: 1" in ended.out
    assert "Genotypes without people: 0" in ended.out
    assert "Snapshot 5." in ended.out
    assert "nobody_here" not in ended.out + ended.err
    again = run("samples", "import", own_lake, people, "--verbose")
    assert "nobody_here" in again.out
    assert "nothing was changed" in again.out


def test_an_import_can_be_planned_and_reported_as_json(run, own_lake: Path, tmp_path: Path) -> None:
    people = tmp_path / "more.csv"
    people.write_text("who,height\ns1,171.5\ns9,160\n")
    ended = run("samples", "import", own_lake, people, "--id", "who", "--plan", "-f", "json")
    said = json.loads(ended.out)
    assert said["planned_only"]
    assert said["people"] == 2
    assert said["people_without_genotypes"] == 1
    assert [(c["name"], c["type"]) for c in said["columns"]] == [
        ("sample_id", "VARCHAR"),
        ("height", "DOUBLE"),
    ]
    assert "height" not in run("samples", "list", own_lake).out


def test_imported_attributes_are_columns_and_can_split_a_frequency(run, own_lake: Path) -> None:
    listed = run("samples", "list", own_lake, "--format", "csv").out.splitlines()
    assert listed[0] == "sample_number,sample_id,participant_id,batch,sex,population,age"
    assert listed[3] == "2,s3,s3,1,XX,south,"


def test_a_cohort_by_predicate_is_defined_shown_and_dropped(run, own_lake: Path) -> None:
    ended = run("cohort", "define", own_lake, "old", "--where", "age >= 55")
    assert ended.out == "Cohort old: 2 samples. Snapshot 5.\n"
    assert "age >= 55" in run("cohort", "list", own_lake).out
    shown = run("cohort", "show", own_lake, "old", "--format", "csv").out.splitlines()
    assert [line.split(",")[1] for line in shown[1:]] == ["s5", "s6"]
    assert run("frequency", own_lake, "-c", "old", "-r", "chr22:16060000", "-f", "csv").out.count(
        ",0,4,0.0,"
    )
    assert run("cohort", "drop", own_lake, "old").out == "Cohort old is dropped. Snapshot 6.\n"
    gone = run("cohort", "show", own_lake, "old")
    assert (gone.code, gone.out) == (5, "")


def test_a_cohort_by_list_comes_from_a_file_or_stdin(run, own_lake: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("# seniors\ns5\ns6\n")
    assert "2 samples" in run("cohort", "define", own_lake, "a", "--samples", names).out
    piped = run("cohort", "define", own_lake, "b", "--samples", "-", stdin="sample_id,x\ns1,1\n")
    assert "1 sample." in piped.out


def test_unknown_names_are_refused_unless_they_may_come_later(run, own_lake: Path) -> None:
    define = ("cohort", "define", own_lake, "a", "--samples", "-")
    ended = run(*define, stdin="s5\ns55\n")
    assert ended.code == 5
    assert "1 of 2 names" in ended.err
    assert "'s55' (nearest: 's5')" in ended.err
    taken = run(*define, "--allow-missing", stdin="s5\ns55\n")
    assert taken.code == 0
    assert "not in the lake yet: s55" in taken.err


def test_a_cohort_needs_one_definition(run, own_lake: Path) -> None:
    assert run("cohort", "define", own_lake, "a").code == 2
    assert run("cohort", "define", own_lake, "a", "--where", "true", "--samples", "x").code == 2
    ended = run("cohort", "define", own_lake, "a", "--where", "sample_id in (select 'x')")
    assert ended.code == 5
    assert "subquery" in ended.err
    assert run("cohort", "drop", own_lake, "all").code == 2


def test_a_cohort_by_predicate_follows_new_samples(run, own_lake: Path, tmp_path: Path) -> None:
    from .conftest import write_vcf

    people = tmp_path / "more.tsv"
    people.write_text("sample_id\tpopulation\nn1\tnorth\nn2\tsouth\n")
    assert run("samples", "import", own_lake, people).code == 0
    record = "16050075\trs1\tA\tG\t50\tPASS\t.\tGT\t0/1\t1/1"
    vcf = write_vcf(tmp_path / "more.vcf", "chr22", [record], ("n1", "n2"))
    assert run("ingest", own_lake, vcf, "--workers", "1").code == 0
    shown = run("cohort", "show", own_lake, "north", "--format", "csv").out
    assert [line.split(",")[1] for line in shown.splitlines()[1:]] == ["s1", "s2", "s6", "n1"]
