"""Questions about a contig read its files alone, and answer as if they read all of them."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

import allelake
from allelake.model.zone import Zone
from allelake.warehouse.assembly import Assembly, Contig
from allelake.warehouse.catalog.asked_region import region_macros
from allelake.warehouse.catalog.asked_rows import ASKED_VIEWS, asked_source, whole_macros
from allelake.warehouse.info import LakeInfo
from allelake.warehouse.lake import create_lake
from allelake.warehouse.snapshots import StoredFile

# Names that are awkward in SQL, in lists, in patterns and in the text that holds the paths.
CONTIGS = (
    Contig("chr1", 900_000, ("1", "NC_1.1"), "autosome"),
    Contig("chr2", 900_000, ("2",), "autosome"),
    # A bar, a percent sign, a quote: as databases write names, and people.
    Contig("gi|50%", 40_000, ("it's",), "other"),
    Contig("HLA-A*01:01:01:01", 3_000, (), "other"),
    # Its name is how a position on another contig would be written.
    Contig("HLA-A*01", 3_000, (), "other"),
    Contig("HLA-A*01:01", 3_000, (), "other"),
    Contig("chrX", 900_000, ("X",), "x"),
    # Without a record.
    Contig("chr3", 900_000, ("3",), "autosome"),
)
ZONES = (Zone("chrX", 1, 100_000, "x_par"), Zone("chrX", 100_001, 900_000, "x"))
PLACED = CONTIGS[:-1]
# The place of the column `contig` where it is not the first.
CONTIG_PLACE = {"rare_calls": 1, "detailed_calls": 1, "stored_calls": 1}


def write_vcf(path: Path, samples: range, contigs: tuple[Contig, ...], seed: int) -> Path:
    drawn = random.Random(seed)
    names = [f"S{number}" for number in samples]
    lines = ["##fileformat=VCFv4.2", '##FORMAT=<ID=GT,Number=1,Type=String,Description="g">']
    lines += ['##FILTER=<ID=low,Description="l">']
    lines += [f"##contig=<ID={contig.name},length={contig.length_bp}>" for contig in contigs]
    fixed = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT"]
    lines.append("\t".join(fixed + names))
    for contig in contigs:
        # The same places in each file; a third of them in all.
        places = sorted({10, *(1 + k * 700 for k in range(1, 12) if k * 700 < contig.length_bp)})
        for place in places:
            haploid = contig.name == "chrX" and place > 100_000
            genotypes = [
                drawn.choice(["0", "1"] if haploid and n % 2 else ["0/0", "0/1", "1/1", "./."])
                for n in samples
            ]
            alt, name = drawn.choice("CG"), f"rs{contig.name[-3:]}{place}"
            row = [contig.name, str(place), name, "A", alt, ".", drawn.choice(["PASS", "low"])]
            lines.append("\t".join([*row, ".", "GT", *genotypes]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three batches: two joint ones, of which one lacks chr2, and people who were asked alone."""
    folder = tmp_path_factory.mktemp("asked")
    create_lake(folder / "a.lake", Assembly("awkward", CONTIGS, ZONES))
    with allelake.open(folder / "a.lake") as lake:
        lake.ingest([write_vcf(folder / "1.vcf", range(6), PLACED, 1)])
        fewer = tuple(contig for contig in PLACED if contig.name != "chr2")
        lake.ingest([write_vcf(folder / "2.vcf", range(6, 9), fewer, 2)])
        alone = [write_vcf(folder / f"{n}.vcf", range(n, n + 1), PLACED[:2], n) for n in (9, 10)]
        lake.ingest(alone)
    return folder / "a.lake"


@pytest.fixture(scope="module")
def whole(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same lake with macros that read every file, and cut every region."""
    from allelake.warehouse.catalog.views import catalog_parts
    from allelake.warehouse.info import read_lake_info
    from allelake.warehouse.snapshots import current_snapshot, live_files

    info, snapshot = read_lake_info(path), current_snapshot(path)
    with duckdb.connect(config={"file_search_path": str(path), "threads": 1}) as connection:
        for statement in catalog_parts(info, snapshot, live_files(path, snapshot)).statements():
            connection.execute(statement)
        for statement in whole_macros():
            connection.execute(statement)
        yield connection


REGIONS = (
    *("'chr1'", "'NC_1.1:700-1,500'", "['1:701', '2:10-5_000']", "'X:701'", "'gi|50%'"),
    *("'HLA-A*01:01:01:01'", "'HLA-A*01:01'", "'HLA-A*01:701'", "'chr2:10'", "NULL"),
)
MORE_REGIONS = (
    *("'1:10'", "['X', 'X:701']", "'chrX:90000-'", "'it''s:701-9000'", "'HLA-A*01:01:01:01:10'"),
    *("'HLA-A*01'", "'HLA-A*01:01:10'", "'chr3'", "'3:10'", "['3', '1:10']", "['1:10']"),
)
NO_REGIONS = (
    *("'no'", "'1:0'", "'1:9-8'", "'1:900001'", "'1:1-900001'", "'1:x'", "['no', '1']", "[]"),
    *("[NULL]", "'no:5'", "''", "'chr1:'", "':5'", "10", "'CHR1'"),
)
QUESTIONS = {
    "variants_in({})": (*REGIONS, *MORE_REGIONS, *NO_REGIONS),
    "carriers({}, in_ploidy := 'by_sex')": (*REGIONS, *MORE_REGIONS, "'1:0'", "'no:5'"),
    "allele_frequency('all', in_region := {})": (*REGIONS, "'chr1:'"),
    "allele_frequency_by('all', 'batch', in_region := {}, in_filter := 'pass')": REGIONS[1:5],
    "sample_variants('S3', in_region := {})": REGIONS[1:5],
    "sample_variants('S10', in_region := {})": REGIONS[:1],
}


def asked(connection: duckdb.DuckDBPyConnection, question: str) -> object:
    """The rows in order, or the error."""
    try:
        return connection.execute(f"FROM {question} ORDER BY ALL").fetchall()
    except duckdb.Error as error:
        return str(error).splitlines()[0]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_files_of_a_contig_answer_as_all_files_do(
    path: Path, whole: duckdb.DuckDBPyConnection, question: str
) -> None:
    regions = QUESTIONS[question]
    with allelake.open(path) as lake, lake.connect() as connection:
        answers = [asked(connection, question.format(region)) for region in regions]
    assert answers == [asked(whole, question.format(region)) for region in regions]
    are_errors = [isinstance(answer, str) for answer in answers]
    wrong = (*NO_REGIONS, "['no', '1']")
    assert are_errors == [region in wrong for region in regions]
    assert all(answers[n] for n, region in enumerate(regions) if region in REGIONS)


def test_a_parameter_and_a_variable_name_the_contig_too(path: Path) -> None:
    with allelake.open(path) as lake, lake.connect() as connection:
        wanted = asked(connection, "carriers('HLA-A*01:01')")
        assert wanted
        told = connection.execute("FROM carriers(?) ORDER BY ALL", ["HLA-A*01:01"]).fetchall()
        assert told == wanted
        connection.execute("SET VARIABLE place = ['HLA-A*01:01:1-3000']")
        assert asked(connection, "carriers(getvariable('place'))") == wanted
        connection.execute("PREPARE p AS FROM carriers($1) ORDER BY ALL")
        for region in ("HLA-A*01:01", "chr1", "HLA-A*01:01"):
            rows = connection.execute(f"EXECUTE p('{region}')").fetchall()
            assert {row[0] for row in rows} == {region}


def test_a_subquery_as_region_is_refused_with_the_way_out(path: Path) -> None:
    with allelake.open(path) as lake:
        with pytest.raises(allelake.QueryError) as error:
            lake.sql("FROM carriers((SELECT 'chr1'))")
        assert "SET VARIABLE" in str(error.value)
        assert "getvariable(" in str(error.value)


def test_a_macro_gives_the_rows_of_its_view(path: Path) -> None:
    with allelake.open(path) as lake, lake.connect() as connection:
        for view in ASKED_VIEWS:
            asked_for = {contig.name: [] for contig in CONTIGS}
            for row in connection.execute(f"FROM {view} ORDER BY ALL").fetchall():
                asked_for[row[CONTIG_PLACE.get(view, 0)]].append(row)
            for contig, rows in asked_for.items():
                sql = f"FROM asked_{view}(?) WHERE contig = ? ORDER BY ALL"
                assert connection.execute(sql, [contig, contig]).fetchall() == rows
            every = connection.execute(f"FROM asked_{view}(NULL) ORDER BY ALL").fetchall()
            assert len(every) == sum(map(len, asked_for.values()))


def test_other_contigs_files_are_not_opened(path: Path) -> None:
    with allelake.open(path) as lake, lake.connect() as connection:
        for alias in ("chr1", "1:10-20", "NC_1.1"):
            read = connection.execute(
                f"SELECT list(DISTINCT contig) FROM asked_sites('{alias}')"
            ).fetchone()
            assert read == (["chr1"],)


@pytest.fixture
def changed(path: Path, tmp_path: Path) -> Callable[[], allelake.Lake]:
    import shutil

    shutil.copytree(path, tmp_path / "copy.lake")
    return lambda: allelake.open(tmp_path / "copy.lake")


@pytest.mark.slow
def test_after_withdrawal_compaction_purge_and_of_the_past_it_answers_alike(
    changed: Callable[[], allelake.Lake],
) -> None:
    def told(lake: allelake.Lake, region: str | None) -> list[tuple[object, ...]]:
        rows = lake.allele_frequency(region=region).to_arrow().to_pylist()
        return [tuple(map(str, row.values())) for row in rows if row["contig"] == "chr1"]

    with changed() as lake:
        first = lake.snapshot
        before = told(lake, "1")
        assert before == told(lake, None)
        for change in (
            lambda: lake.withdraw(["S3", "S9"], reason="asked to"),
            lake.compact,
            lake.purge,
        ):
            change()
            assert told(lake, "chr1") == told(lake, None) != before
            for name in ("S3", "S9"):
                assert name not in lake.carriers(region="chr1").to_arrow()["sample_id"].to_pylist()
        with allelake.open(lake.path, as_of=first) as past:
            assert told(past, "chr1") == told(past, None) == told(lake, "1")


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("1:100", "a"),
        ("chr1:100-249", "ab"),
        ("1:1-", "abcd"),
        ("1:1_001-", "d"),
        ("NC_1.1:300-1,000", "d"),
        ("1:250-300", "bcd"),
        ("1", "abcd"),
        ("['1:100']", "abcd"),
        ("1:100-99999999999999999999", "abcd"),
        ("no:100", "z"),
        ("1:5", "z"),
        ("2:100", "z"),
    ],
)
def test_of_one_region_only_files_with_rows_between_its_ends(region: str, expected: str) -> None:
    info = LakeInfo(Path("lake"), 1, "awkward", CONTIGS[:2], ())
    ends = {"a": (10, 100), "b": (101, 250), "c": (260, 299), "d": (250, 2_000)}
    files = [
        StoredFile("sites", "chr1", None, name, 10, 1, "", first, last)
        for name, (first, last) in ends.items()
    ]
    files.append(StoredFile("sites", "chr2", None, "z", 1, 1, "", 5, 5))
    # `z` has the fewest rows: it stands in where nothing is left.
    source = asked_source(info, files, "", is_placed=True)
    listed = source.removeprefix("read_parquet(").removesuffix(")")
    with duckdb.connect() as connection:
        for statement in region_macros(info, files):
            connection.execute(statement)
        connection.execute(f"CREATE MACRO found(in_region) AS ({listed})")
        found = connection.execute("SELECT found(?)", [region]).fetchall()[0][0]
        everything = connection.execute("SELECT found(NULL)").fetchall()[0][0]
    assert "".join(sorted(found)) == expected
    assert "".join(sorted(everything)) == "abcdz"
