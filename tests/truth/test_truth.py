"""Lakes of the real files have no difference from the published truth: AC, AN, genotype counts."""

from pathlib import Path

import pytest

import allelake
from lakes import asking
from truth.datasets import (
    ALL_CHR_1126,
    BATCHES,
    CHR1_3202,
    CHR22_2504,
    CHR22_FILTERED,
    MALE_PROBAND,
    SMALL,
    SUPER_POPULATIONS,
    Dataset,
)
from truth.real_lakes import RealLakes, frequency_table, lake_table
from truth.truth_tables import (
    Key,
    Table,
    after_duplicates_rule,
    differences,
    read_hardy_weinberg,
    read_truth,
    read_truth_rows,
)


def truth_of(data: Path, name: str) -> Table:
    return read_truth(data / "truth" / f"{name}.tsv.gz")


def names_in(data: Path, name: str) -> list[str]:
    return (data / "truth/samples" / f"{name}.txt").read_text().split()


FILTERED = pytest.param(CHR22_FILTERED, marks=pytest.mark.slow)


# Half a dozen others have their kinds of records.
LONG = ("opencga_4samples", "pgx_100samples", "1000g_phase1_chr22_5samples")


@pytest.mark.parametrize(
    "dataset",
    [*(pytest.param(d, marks=[pytest.mark.slow] * (d.name in LONG)) for d in SMALL), FILTERED],
    ids=lambda d: d.name,
)
def test_a_whole_call_set_has_no_difference(
    shared_data: Path, real_lakes: RealLakes, dataset: Dataset
) -> None:
    lake = real_lakes.of(dataset)
    assert differences(truth_of(shared_data, dataset.truth), frequency_table(lake)) == []
    assert lake.check() == []


@pytest.mark.parametrize("dataset", [CHR22_2504, CHR1_3202, ALL_CHR_1126], ids=lambda d: d.name)
def test_a_large_cohort_has_no_difference(
    shared_data: Path, real_lakes: RealLakes, dataset: Dataset
) -> None:
    """2,504 people on chr22, 3,202 at 30x, 1,126 on all chromosomes."""
    lake = real_lakes.with_people(dataset)
    truth = truth_of(shared_data, dataset.truth)
    assert differences(truth, frequency_table(lake)) == []
    assert lake.check() == []


@pytest.mark.parametrize("dataset", [CHR22_2504, CHR1_3202, ALL_CHR_1126], ids=lambda d: d.name)
def test_a_large_cohort_by_population_has_no_difference(
    shared_data: Path, real_lakes: RealLakes, dataset: Dataset
) -> None:
    """Each super-population of the sample sheet, all five from one question."""
    lake = real_lakes.with_people(dataset)
    regions = "['1', '22', 'X']" if dataset is ALL_CHR_1126 else "NULL"
    rows = asking(lake)(
        f"FROM allele_frequency_by('all', 'super_population', in_region := {regions})"
    )
    stem = dataset.truth.removesuffix("ALL") + ("chr1_22_X." if dataset is ALL_CHR_1126 else "")
    for stratum in SUPER_POPULATIONS:
        found = lake_table(row for row in rows if row["attribute_value"] == stratum)
        assert differences(truth_of(shared_data, stem + stratum), found) == [], stratum


@pytest.mark.parametrize("dataset", [CHR22_2504, CHR1_3202], ids=lambda d: d.name)
def test_a_cohort_by_predicate_has_no_difference(
    shared_data: Path, real_lakes: RealLakes, dataset: Dataset
) -> None:
    lake = real_lakes.with_people(dataset)
    lake.define_cohort("CHS", where="population = 'CHS'", replace=True)
    truth = truth_of(shared_data, dataset.truth.removesuffix("ALL") + "CHS")
    assert differences(truth, frequency_table(lake, "'CHS'")) == []


@pytest.mark.parametrize("stratum", ["EAS", "CHS"])
def test_a_cohort_by_list_has_no_difference(
    shared_data: Path, real_lakes: RealLakes, stratum: str
) -> None:
    lake = real_lakes.with_people(CHR22_2504)
    lake.define_cohort(
        "listed", samples=names_in(shared_data, f"1000g_2504.{stratum}"), replace=True
    )
    truth = truth_of(shared_data, f"1000g_chr22_2504.{stratum}")
    assert differences(truth, frequency_table(lake, "'listed'")) == []


@pytest.mark.parametrize("stratum", ["ALL", "CHS"])
def test_hardy_weinberg_of_2504_people_has_no_difference(
    shared_data: Path, real_lakes: RealLakes, stratum: str
) -> None:
    lake = real_lakes.with_people(CHR22_2504)
    lake.define_cohort("CHS", where="population = 'CHS'", replace=True)
    cohort = "all" if stratum == "ALL" else stratum
    assert_hardy_weinberg(lake, cohort, shared_data, f"1000g_chr22_2504.{stratum}")


def assert_hardy_weinberg(lake: allelake.Lake, cohort: str, data: Path, truth: str) -> None:
    """p_exact is the p of bcftools' exact test."""
    rows = asking(lake)(f"FROM hardy_weinberg('{cohort}')")
    found = {(r["contig"], r["position"], r["ref"], r["alt"]): r["p_exact"] for r in rows}
    expected = read_hardy_weinberg(data / f"truth/{truth}.tsv.gz")
    assert len(expected) > 9_000
    assert expected == pytest.approx({key: found[key] for key in expected}, rel=2e-5)


@pytest.mark.parametrize("sex", ["male", "female"])
def test_1126_people_on_x_by_sex_have_no_difference(
    shared_data: Path, real_lakes: RealLakes, sex: str
) -> None:
    """XY people outside PAR are written with one allele: both ploidy rules give the truth."""
    lake = real_lakes.with_people(ALL_CHR_1126)
    lake.define_cohort(sex, samples=names_in(shared_data, f"1000g_all_chr_1126.{sex}"))
    truth = truth_of(shared_data, f"1000g_all_chr.chrX.{sex}")
    for ploidy in ("as_called", "by_sex"):
        asked = f"'{sex}', in_region := 'X', in_ploidy := '{ploidy}'"
        assert differences(truth, frequency_table(lake, asked)) == []


def test_repeated_variants_are_refused_and_equal_the_truth_after_a_stated_rule(
    shared_data: Path, real_lakes: RealLakes
) -> None:
    """Eight variants are there more than once, three of them with unlike genotypes."""
    with pytest.raises(allelake.InputError, match="3 variants have several records") as refused:
        real_lakes.of(MALE_PROBAND)
    for place in ("chrX:2861289", "chrX:2861529", "chrY:56888000", "--duplicates"):
        assert place in str(refused.value)
    rows = read_truth_rows(shared_data / "truth" / f"{MALE_PROBAND.truth}.tsv.gz")
    for rule in ("first", "most_alt"):
        found = frequency_table(real_lakes.of(MALE_PROBAND, rule))
        assert differences(after_duplicates_rule(rows, rule), found) == []


def test_bcf_equals_vcf(shared_data: Path, real_lakes: RealLakes) -> None:
    answers = []
    for name in ("1000g_all_chr/chr1.vcf.gz", "1000g_chr1_subset.bcf"):
        lake = real_lakes.of(Dataset(Path(name).name, (f"cohort/{name}",), "GRCh37", ""))
        ask = asking(lake)
        frequencies = ask("FROM allele_frequency('all') ORDER BY ALL")
        answers.append((frequencies, ask("FROM carriers() ORDER BY ALL")))
    assert answers[0] == answers[1]
    whole = truth_of(shared_data, ALL_CHR_1126.truth)
    assert len(answers[0][0]) == sum(contig == "1" for contig, *_ in whole)


def test_regions_of_one_call_set_in_three_files_equal_the_whole(
    shared_data: Path, real_lakes: RealLakes
) -> None:
    files = tuple(f"cohort/by_region/samplepart{part}.vcf.gz" for part in (1, 2, 3))
    lake = real_lakes.of(Dataset("by_region", files, "GRCh37", "1000g_chr20_100samples"))
    truth = truth_of(shared_data, "1000g_chr20_100samples")
    assert differences(truth, frequency_table(lake)) == []


# --- batches of different people ------------------------------------------------------------------


# ALTs of multi-allelic records that a cumulative truth lists and no batch so far wrote: AC 0.
UNWRITTEN = {
    1: {(16062095, "G", "T"), (16459639, "A", "G"), (16616084, "G", "A"), (16637481, "A", "T")},
    2: {(16062095, "G", "T"), (16459639, "A", "G"), (16527964, "T", "A")},
    3: {
        (16062095, "G", "T"),
        (16459639, "A", "G"),
        (16497396, "T", "C"),
        (16527964, "T", "A"),
    },
    4: {(16459639, "A", "G")},
    5: set(),
}


def test_five_batches_one_after_the_other_absent_meaning_reference(
    shared_data: Path, real_lakes: RealLakes
) -> None:
    """Each batch lists only the sites at which its own 500 people vary."""
    lake = real_lakes.empty("batches.reference", "GRCh37")
    known: set[Key] = set()
    for number, name in enumerate(BATCHES, 1):
        options = allelake.IngestOptions(absent="reference", workers=2)
        lake.ingest([shared_data / f"cohort/batches/{name}.vcf.gz"], options)
        known |= truth_of(shared_data, name).keys()
        truth = truth_of(shared_data, f"1000g_chr22_batches_1to{number}.absent_is_ref")
        unwritten = truth.keys() - known
        assert {key[1:] for key in unwritten} == UNWRITTEN[number]
        assert all(counts.ac == 0 for key in unwritten for counts in truth[key])
        written = {key: rows for key, rows in truth.items() if key in known}
        assert differences(written, frequency_table(lake)) == []
    assert_parts_of_an(lake, shared_data, "reference")
    assert_hardy_weinberg(lake, "all", shared_data, "1000g_chr22_batches_1to5.absent_is_ref")
    assert lake.check() == []


@pytest.mark.slow
@pytest.mark.parametrize("absent", ["reference", "unknown"])
@pytest.mark.parametrize("order", [(4, 3, 2, 1, 0), (2, 0, 4, 1, 3)], ids=str)
def test_five_batches_in_any_order_come_to_the_same(
    shared_data: Path, real_lakes: RealLakes, absent: str, order: tuple[int, ...]
) -> None:
    """And so they do after `compact`."""
    in_words = "-".join(map(str, order))
    lake = real_lakes.empty(f"batches.{absent}.{in_words}", "GRCh37")
    for number in order:
        options = allelake.IngestOptions(absent=absent, workers=2)  # type: ignore[arg-type]
        lake.ingest([shared_data / f"cohort/batches/{BATCHES[number]}.vcf.gz"], options)
    meaning = "absent_is_ref" if absent == "reference" else "absent_is_missing"
    truth = truth_of(shared_data, f"1000g_chr22_batches_1to5.{meaning}")
    assert differences(truth, frequency_table(lake)) == []
    assert_parts_of_an(lake, shared_data, absent)
    lake.compact()
    assert differences(truth, frequency_table(lake)) == []
    assert lake.check() == []


@pytest.mark.slow
def test_five_batches_one_after_the_other_absent_being_unknown(
    shared_data: Path, real_lakes: RealLakes
) -> None:
    lake = real_lakes.empty("batches.unknown", "GRCh37")
    for name in BATCHES:
        options = allelake.IngestOptions(absent="unknown", workers=2)
        lake.ingest([shared_data / f"cohort/batches/{name}.vcf.gz"], options)
    assert_batches_alone(shared_data, lake)
    truth = truth_of(shared_data, "1000g_chr22_batches_1to5.absent_is_missing")
    assert differences(truth, frequency_table(lake)) == []
    assert_parts_of_an(lake, shared_data, "unknown")
    assert lake.check() == []


def assert_batches_alone(data: Path, lake: allelake.Lake) -> None:
    """The people of each batch, at the variants that batch has a record of."""
    rows = asking(lake)("FROM allele_frequency_by('all', 'batch') WHERE unknown_samples = 0")
    for number, name in enumerate(BATCHES, 1):
        found = lake_table(row for row in rows if row["attribute_value"] == str(number))
        assert differences(truth_of(data, name), found) == [], name


def assert_parts_of_an(lake: allelake.Lake, data: Path, absent: str) -> None:
    """an = an_record + an_assumed; what is not assumed is unknown, two alleles a person."""
    recorded = truth_of(data, "1000g_chr22_batches_1to5.absent_is_missing")
    for row in asking(lake)("FROM allele_frequency('all')"):
        key = (row["contig"], row["position"], row["ref"], row["alt"])
        (truth,) = recorded[key]  # type: ignore[index]
        assert row["an_record"] == truth.an
        assert row["an"] == row["an_record"] + row["an_assumed"]  # type: ignore[operator]
        missing = 5_008 - truth.an
        if absent == "reference":
            assert (row["an_assumed"], row["unknown_samples"]) == (missing, 0)
        else:
            assert (row["an_assumed"], row["unknown_samples"]) == (0, missing // 2)
