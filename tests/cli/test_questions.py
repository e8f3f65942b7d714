"""frequency, carriers and what is written of their answers."""

import csv
import io
import json
from pathlib import Path

import pyarrow.ipc
import pyarrow.parquet
import pytest

FREQUENCY = (
    "contig,position,ref,alt,ac,an,af,end_position,homozygotes,heterozygotes,hemizygotes,"
    "half_calls,an_record,an_block,an_assumed,unknown_samples,filters,sv_length,zero_reason"
)
CARRIERS = "contig,position,ref,alt,sample_id,alt_count,called_count,participant_id"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_frequency_in_csv_has_the_promised_columns_and_every_variant(run, lake: Path) -> None:
    ended = run("frequency", lake, "--format", "csv")
    lines = ended.out.splitlines()
    assert lines[0] == FREQUENCY
    assert [line.split(",")[:7] for line in lines[1:]] == [
        ["chr22", "16050075", "A", "G", "3", "10", "0.3"],
        ["chr22", "16050115", "G", "A", "3", "11", "0.2727272727272727"],
        ["chr22", "16050115", "G", "T", "2", "11", "0.18181818181818182"],
        # Nobody carries it, and it is an answer.
        ["chr22", "16060000", "T", "C", "0", "12", "0.0"],
        ["chr22", "16070000", "C", "CA", "2", "12", "0.16666666666666666"],
        ["chrX", "5000000", "C", "T", "4", "10", "0.4"],
    ]
    assert ended.err == (
        "# allele_frequency: cohort all, policy raw, ploidy as_called, filter any, "
        "lake small.lake, snapshot 4\n"
    )


def test_the_attribute_stands_behind_alt_under_its_own_name(run, lake: Path) -> None:
    ended = run("frequency", lake, "-r", "chr22:16050075", "--by", "population", "-f", "csv")
    assert ended.out.splitlines()[0] == FREQUENCY.replace(
        "alt,", "alt,population,", 1
    ).removesuffix(",zero_reason")
    found = {row["population"]: (row["ac"], row["an"]) for row in rows(ended.out)}
    assert found == {"north": ("1", "6"), "south": ("2", "4")}
    assert "by population" in ended.err


def test_a_variant_and_an_identifier_ask_for_one_variant(run, lake: Path) -> None:
    by_key = run("frequency", lake, "--variant", "22-16050115-G-T", "--format", "csv")
    assert [row["alt"] for row in rows(by_key.out)] == ["T"]
    by_id = run("frequency", lake, "--id", "rs22", "--format", "csv")
    assert {row["position"] for row in rows(by_id.out)} == {"16050115"}
    carriers = run("carriers", lake, "--variant", "22-16050115-G-T", "-f", "csv")
    assert [row["sample_id"] for row in rows(carriers.out)] == ["s2", "s3"]


def test_a_variant_nobody_knows_is_an_error_and_not_an_empty_answer(run, lake: Path) -> None:
    for option, name in (("--variant", "22-16050115-G-C"), ("--id", "rs999")):
        ended = run("frequency", lake, option, name)
        assert (ended.code, ended.out) == (5, "")
        assert name in ended.err


def test_several_regions_and_a_bed_file_are_one_question(run, lake: Path, tmp_path: Path) -> None:
    two = run("frequency", lake, "-r", "chr22:16050075", "-r", "X", "-f", "csv")
    assert [row["contig"] for row in rows(two.out)] == ["chr22", "chrX"]
    bed = tmp_path / "a.bed"
    # BED counts from 0 and leaves the end out: base 16,050,115 is 16050114 to 16050115.
    bed.write_text("chr22\t16050114\t16050115\nchr22\t16060000\t16060001\n")
    asked = run("frequency", lake, "--bed", bed, "-f", "csv")
    assert {row["position"] for row in rows(asked.out)} == {"16050115"}
    piped = run("frequency", lake, "--bed", "-", "-f", "csv", stdin=bed.read_text())
    assert piped.out == asked.out


def test_policy_ploidy_filter_and_bounds_reach_the_question(run, lake: Path) -> None:
    adj = rows(run("frequency", lake, "--policy", "adj@1", "-f", "csv", "--id", "rs4").out)
    assert [(row["ac"], row["an"]) for row in adj] == [("1", "8")]
    by_sex = rows(run("frequency", lake, "-r", "X", "--ploidy", "by_sex", "-f", "csv").out)
    assert [(r["ac"], r["an"], r["unknown_samples"]) for r in by_sex] == [("3", "8", "1")]
    passed = rows(run("frequency", lake, "--filter", "pass", "-f", "csv").out)
    assert {row["filters"] for row in passed} == {"PASS"}
    assert len(rows(run("frequency", lake, "--min-ac", "3", "-f", "csv").out)) == 3
    assert len(rows(run("frequency", lake, "--min-an", "12", "-f", "csv").out)) == 2


def test_an_unknown_frequency_is_empty_in_csv_and_null_in_json(run, lake: Path) -> None:
    asked = ("frequency", lake, "-r", "chr22:16060000", "--policy", "adj@1")
    assert rows(run(*asked, "-f", "csv").out)[0]["af"] == ""
    assert json.loads(run(*asked, "-f", "json").out)["rows"][0]["af"] is None


def test_carriers_add_up_to_the_frequency(run, lake: Path) -> None:
    carriers = run("carriers", lake, "--format", "csv")
    assert carriers.out.splitlines()[0].startswith(CARRIERS)
    copies: dict[tuple[str, str, str], int] = {}
    for row in rows(carriers.out):
        key = (row["contig"], row["position"], row["alt"])
        copies[key] = copies.get(key, 0) + int(row["alt_count"])
    frequency = {
        (row["contig"], row["position"], row["alt"]): int(row["ac"])
        for row in rows(run("frequency", lake, "--min-ac", "1", "-f", "csv").out)
    }
    assert copies == frequency


def test_a_table_has_its_terms_above_and_says_what_it_does_not_show(run, lake: Path) -> None:
    whole = run("frequency", lake).out.splitlines()
    assert whole[0].startswith("allele_frequency: cohort all, policy raw, ")
    assert whole[1] == ""
    assert whole[2].split()[:4] == ["contig", "position", "ref", "alt"]
    assert len(whole) == 9
    cut = run("frequency", lake, "--rows", "2").out.splitlines()
    assert len(cut) == 6
    assert cut[-1].startswith("... and 4 more rows.")


def test_an_empty_answer_says_that_it_is_empty(run, lake: Path) -> None:
    ended = run("frequency", lake, "-r", "chr1")
    assert ended.code == 0
    assert "(no rows)" in ended.out
    assert run("frequency", lake, "-r", "chr1", "-f", "csv").out == FREQUENCY + "\n"


def test_json_has_the_terms_beside_the_rows(run, lake: Path) -> None:
    said = json.loads(run("frequency", lake, "-c", "north", "-f", "json").out)
    assert said["cohort"] == "north"
    assert said["policy"] == "raw"
    assert said["ploidy"] == "as_called"
    assert said["filter"] == "any"
    assert said["snapshot"] == 4
    assert len(said["rows"]) == 6


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_columnar_files_have_the_terms_in_their_metadata(
    run, lake: Path, tmp_path: Path, kind: str
) -> None:
    out = tmp_path / f"a.{kind}"
    ended = run("frequency", lake, "--output", out)
    assert ended.code == 0
    assert ended.out == ""
    if kind == "parquet":
        table = pyarrow.parquet.read_table(out)
    else:
        table = pyarrow.ipc.open_file(out).read_all()
    assert table.num_rows == 6
    assert table.schema.metadata[b"allelake.policy"] == b"raw"
    assert table.schema.metadata[b"allelake.snapshot"] == b"4"


def test_the_queries_are_listed_and_explained_as_their_files_are(run, lake: Path) -> None:
    listed = run("queries").out
    assert "allele_frequency" in listed
    assert "sample_counts" in listed
    # What is typed after all the other commands.
    assert run("queries", lake).out == listed
    help_text = run("queries", "allele_frequency").out
    root = Path(__file__).parents[2]
    header = (root / "queries" / "frequency" / "allele_frequency.sql").read_text()
    assert help_text.splitlines()[0] == header.splitlines()[0].removeprefix("-- ")
    assert "sample_number" in run("queries", "calls").out
    catalogue = json.loads(run("queries", "--format", "json").out)
    assert {"name", "summary", "arguments", "columns", "example"} <= set(catalogue["queries"][0])
    assert json.loads(run("queries", "calls", "-f", "json").out)["name"] == "calls"


def test_an_unknown_query_names_the_nearest(run) -> None:
    ended = run("queries", "alele_frequency")
    assert ended.code == 5
    assert "Did you mean 'allele_frequency'?" in ended.err


def test_files_are_those_of_the_snapshot(run, lake: Path) -> None:
    said = json.loads(run("files", lake, "--format", "json").out)
    assert said["snapshot"] == 4
    assert all((lake / file["path"]).is_file() for file in said["files"])
    listed = run("files", lake, "--table", "sites", "--format", "csv").out
    assert [row["table"] for row in rows(listed)] == ["sites", "sites"]
    unknown = run("files", lake, "--table", "site")
    assert unknown.code == 2
    assert "'sites'" in unknown.err


def test_snapshots_tell_the_history(run, lake: Path) -> None:
    said = json.loads(run("snapshots", lake, "--format", "json").out)
    assert said["current"] == 4
    assert [each["operation"] for each in said["snapshots"]] == [
        "init",
        "ingest",
        "samples import",
        "cohort define",
    ]
    assert "snapshot 4 is the current one" in run("snapshots", lake).out
