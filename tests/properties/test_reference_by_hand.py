"""The plain reference itself against counts made by hand: all else is compared with it."""

import pytest

import reference as ref
from make_vcf import vcf
from reference import Batch, Lake, Rules, Variant

ADJ = Rules(policy="adj@1")
BY_SEX = Rules(ploidy="by_sex")


def lake_of(*texts: str, sexes: dict[str, ref.Sex] | None = None, absent: str = "unknown") -> Lake:
    """A GRCh38 lake of one batch per text."""
    batches = tuple(Batch((text,), absent=absent) for text in texts)  # type: ignore[arg-type]
    return Lake(batches, sexes=sexes or {})


def only(rows: dict[Variant, ref.Frequency]) -> ref.Frequency:
    (row,) = rows.values()
    return row


def people(count: int) -> list[str]:
    return [f"p{n}" for n in range(count)]


def frequency_of(*genotypes: str, at: str = "chr1 100 A G . GT", **kwargs: object) -> ref.Frequency:
    names = people(len(genotypes))
    text = vcf(names, f"{at} {' '.join(genotypes)}")
    return only(ref.allele_frequency(lake_of(text), **kwargs))  # type: ignore[arg-type]


def test_a_no_call_shrinks_the_denominator() -> None:
    row = frequency_of("0/1", "./.")
    assert (row.ac, row.an, row.af) == (1, 2, 0.5)


def test_a_half_call_adds_one_allele_and_is_no_hemizygote() -> None:
    # ./1 adds 1 of 1, 0/. adds 0 of 1
    row = frequency_of("./1", "0/.")
    assert (row.ac, row.an, row.half_calls, row.hemizygotes) == (1, 2, 1, 0)


def test_a_haploid_call_is_a_hemizygote() -> None:
    row = frequency_of("1", "0", ".")
    assert (row.ac, row.an, row.half_calls, row.hemizygotes) == (1, 2, 0, 1)


def test_nobody_called_has_no_frequency() -> None:
    row = frequency_of("./.", ".")
    assert (row.ac, row.an, row.af, row.unknown_samples) == (0, 0, None, 0)


def test_one_two_is_one_copy_of_each_and_two_called_alleles_at_both() -> None:
    text = vcf(["a", "b"], "chr1 100 A G,T . GT 1/2 0/2")
    rows = ref.allele_frequency(lake_of(text))
    g = rows[Variant("chr1", 100, "A", "G", 100, None)]
    t = rows[Variant("chr1", 100, "A", "T", 100, None)]
    assert (g.ac, g.an, g.heterozygotes, g.homozygotes) == (1, 4, 1, 0)
    assert (t.ac, t.an, t.heterozygotes, t.homozygotes) == (2, 4, 2, 0)


def test_star_is_called_but_is_no_variant() -> None:
    text = vcf(["a", "b", "c"], "chr1 100 A *,G . GT 0/1 1/1 1/2")
    rows = ref.allele_frequency(lake_of(text))
    assert [v.alt for v in rows] == ["G"]
    assert (only(rows).ac, only(rows).an) == (1, 6)


@pytest.mark.parametrize("unnamed", ["<NON_REF>", "<*>"])
def test_an_unnamed_allele_is_no_variant_and_no_call(unnamed: str) -> None:
    text = vcf(["a", "b", "c"], f"chr1 100 A G,{unnamed} . GT 0/1 0/2 2/2")
    rows = ref.allele_frequency(lake_of(text))
    assert [v.alt for v in rows] == ["G"]
    # 0/1 has 2 called alleles, 0/2 has 1, 2/2 none
    assert (only(rows).ac, only(rows).an) == (1, 3)


def test_a_record_without_alt_is_no_variant() -> None:
    assert ref.allele_frequency(lake_of(vcf(["a"], "chr1 100 A . . GT 0/0"))) == {}


def test_a_record_without_gt_leaves_everyone_unknown() -> None:
    text = vcf(["a", "b"], "chr1 100 A G . DP 3 4", fields=["GT", "DP"])
    row = only(ref.allele_frequency(lake_of(text)))
    assert (row.ac, row.an, row.af, row.unknown_samples) == (0, 0, None, 2)


def test_a_sites_only_batch_adds_variants_and_no_people() -> None:
    sites, calls = vcf([], "chr1 100 A G PASS"), vcf(["a"], "chr1 200 C T . GT 0/1")
    rows = ref.allele_frequency(lake_of(sites, calls))
    seen = rows[Variant("chr1", 100, "A", "G", 100, None)]
    assert (seen.an, seen.af, seen.unknown_samples, seen.filters) == (0, None, 1, "PASS")


def test_ploidy_above_two_is_refused() -> None:
    with pytest.raises(ValueError, match="ploidy 3"):
        frequency_of("0/0/1")


def test_shared_bases_are_cut_suffix_first() -> None:
    assert ref.minimal_alleles(10, "CTCC", "CCC") == (10, "CT", "C")
    assert ref.minimal_alleles(10, "TCTC", "TCTCTC") == (10, "T", "TCT")
    assert ref.minimal_alleles(10, "GAT", "CAT") == (10, "G", "C")
    assert ref.minimal_alleles(10, "AGAT", "ACAT") == (11, "G", "C")


def test_symbolic_alleles_are_told_apart_by_end_and_length() -> None:
    text = vcf(
        ["a"],
        "chr1 100/END=300;SVLEN=-200 N <DEL> . GT 0/1",
        "chr1 100/END=400;SVLEN=-300 N <DEL> . GT 0/0",
        "chr1 100/SVLEN=50 N <INS> . GT 0/0",
        "chr1 100/SVLEN=-70 N <DEL:ME:ALU> . GT 0/0",
    )
    assert {(v.alt, v.end_position, v.sv_length) for v in ref.allele_frequency(lake_of(text))} == {
        ("<DEL>", 300, -200),
        ("<DEL>", 400, -300),
        ("<INS>", 100, 50),
        ("<DEL:ME:ALU>", 170, -70),
    }


def test_sv_length_is_taken_per_alt() -> None:
    text = vcf(["a"], "chr1 100/SVLEN=-20,30 N <DEL>,<DUP> . GT 1/2")
    assert {(v.alt, v.end_position, v.sv_length) for v in ref.allele_frequency(lake_of(text))} == {
        ("<DEL>", 120, -20),
        ("<DUP>", 130, 30),
    }


def test_breakends_are_variants_as_written() -> None:
    text = vcf(["a"], "chr1 100 G G]chr2:200],.G . GT 1/2")
    rows = ref.allele_frequency(lake_of(text))
    assert {(v.position, v.ref, v.alt, v.sv_length) for v in rows} == {
        (100, "G", "G]chr2:200]", None),
        (100, "G", ".G", None),
    }
    assert {ref.kind_of(v) for v in rows} == {"breakend"}


def test_a_batch_without_the_record_is_unknown_there() -> None:
    one, two = vcf(["a"], "chr1 100 A G . GT 0/1"), vcf(["b"], "chr1 200 A G . GT 0/1")
    row = ref.allele_frequency(lake_of(one, two))[Variant("chr1", 100, "A", "G", 100, None)]
    assert (row.ac, row.an, row.an_record, row.an_assumed, row.unknown_samples) == (1, 2, 2, 0, 1)


def test_absent_reference_adds_assumed_alleles_on_contigs_the_batch_has() -> None:
    one = vcf(["a"], "chr1 100 A G . GT 0/1", "chr2 100 A G . GT 0/1")
    two = vcf(["b"], "chr1 200 A G . GT 0/1")
    rows = ref.allele_frequency(lake_of(one, two, absent="reference"))
    first = rows[Variant("chr1", 100, "A", "G", 100, None)]
    second = rows[Variant("chr2", 100, "A", "G", 100, None)]
    assert (first.an, first.an_record, first.an_assumed, first.unknown_samples) == (4, 2, 2, 0)
    assert (second.an, second.an_assumed, second.unknown_samples) == (2, 0, 1)


def test_assumed_alleles_follow_sex_outside_par() -> None:
    # XX 2 and XY 1 on X; XX 0 and XY 1 on Y; unknown sex is unknown on both; one copy of MT each
    names = ["xx", "xy", "na"]
    rows = (f"{contig} 50000000 A G . GT 0/1" for contig in ("chrX", "chrY"))
    one = vcf(["z"], *rows, "chrM 100 A G . GT 1")
    blank = " ".join(["0/0"] * 3)
    two = vcf(
        names,
        f"chrX 40000000 A G . GT {blank}",
        f"chrY 40000000 A G . GT {blank}",
        f"chrM 50 A G . GT {blank}",
    )
    lake = lake_of(one, two, absent="reference", sexes={"xx": "XX", "xy": "XY"})
    found = {
        v.contig: row
        for v, row in ref.allele_frequency(lake, cohort=names).items()
        if row.an_assumed
    }
    x, y, mt = found["chrX"], found["chrY"], found["chrM"]
    assert (x.an_assumed, x.unknown_samples) == (3, 1)
    assert (y.an_assumed, y.unknown_samples) == (1, 1)
    assert (mt.an_assumed, mt.unknown_samples) == (3, 0)


def test_a_failed_record_is_unknown_under_pass_and_goes_when_none_is_left() -> None:
    one = vcf(
        ["a"], "chr1 100 A G q10;s50 GT 0/1", "chr1 200 A G q10 GT 0/1", filters=["q10", "s50"]
    )
    two = vcf(["b"], "chr1 100 A G PASS GT 0/1", "chr1 300 A G . GT 0/1")
    lake = lake_of(one, two)
    any_rows = ref.allele_frequency(lake)
    assert any_rows[Variant("chr1", 100, "A", "G", 100, None)].filters == "PASS|q10;s50"
    passing = ref.allele_frequency(lake, rules=Rules(filter="pass"))
    assert {v.position for v in passing} == {100, 300}
    row = passing[Variant("chr1", 100, "A", "G", 100, None)]
    assert (row.ac, row.an, row.unknown_samples, row.filters) == (1, 2, 1, "PASS|q10;s50")


def test_a_region_holds_the_variants_whose_position_is_in_it() -> None:
    text = vcf(
        ["a"],
        *(f"chr1 {p} {r} G . GT 0/1" for p, r in ((99, "ACC"), (100, "A"), (110, "A"), (111, "A"))),
    )
    rows = ref.allele_frequency(lake_of(text), regions=[("chr1", 100, 110), ("chr1", 105, 110)])
    assert [v.position for v in rows] == [100, 110]


ADJ_FIELDS = ["GT", "GQ", "DP", "AD"]


def adj_row(*columns: str, at: str = "chr1 100 A G . GT:GQ:DP:AD") -> ref.Frequency:
    text = vcf(people(len(columns)), f"{at} {' '.join(columns)}", fields=ADJ_FIELDS)
    return only(ref.allele_frequency(lake_of(text), rules=ADJ))


@pytest.mark.parametrize(
    ("column", "counts"),
    [
        ("0/1:20:10:8,2", (1, 2)),
        ("0/1:19:10:8,2", (0, 0)),
        ("0/1:20:9:6,3", (0, 0)),
        ("0/1:20:11:9,2", (0, 0)),  # 2 / 11 is under a fifth
        ("1/1:20:10:10,0", (2, 2)),  # no balance is asked of a homozygote
        ("0/0:20:10:10,0", (0, 2)),
        ("0/0:20:9:9,0", (0, 0)),
        ("0/0:.:10:10,0", (0, 0)),
        ("0/0:20:10:10", (0, 0)),  # AD of the alternate allele is missing
        ("0/0:20:10:.", (0, 0)),
        ("0/0", (0, 0)),
        ("1:20:5:0,5", (1, 1)),  # haploid: five reads suffice
        ("1:20:4:0,4", (0, 0)),
        ("./1:20:9:4,5", (0, 0)),  # a half-call has room for two alleles: ten reads
        ("./1:20:10:10,0", (1, 1)),
        ("./.:99:99:99,99", (0, 0)),
    ],
)
def test_adj_thresholds(column: str, counts: tuple[int, int]) -> None:
    row = adj_row(column)
    assert (row.ac, row.an) == counts
    assert row.unknown_samples == 0


def test_adj_balance_of_one_two_is_judged_for_each_alt_alone() -> None:
    text = vcf(["a"], "chr1 100 A G,T . GT:GQ:DP:AD 1/2:30:10:0,9,1", fields=ADJ_FIELDS)
    rows = ref.allele_frequency(lake_of(text), rules=ADJ)
    assert {v.alt: (row.ac, row.an) for v, row in rows.items()} == {"G": (1, 2), "T": (0, 0)}


def test_adj_is_unknown_in_a_batch_without_the_fields_and_an_error_if_none_has_them() -> None:
    with_fields = vcf(["a"], "chr1 100 A G . GT:GQ:DP:AD 0/0:30:30:30,0", fields=ADJ_FIELDS)
    without = vcf(["b"], "chr1 100 A G . GT 0/1")
    row = only(ref.allele_frequency(lake_of(with_fields, without), rules=ADJ))
    assert (row.ac, row.an, row.unknown_samples) == (0, 2, 1)
    with pytest.raises(ref.AdjError):
        ref.allele_frequency(lake_of(without), rules=ADJ)


def test_adj_assumes_nothing() -> None:
    one = vcf(["a"], "chr1 100 A G . GT:GQ:DP:AD 0/1:30:30:15,15", fields=ADJ_FIELDS)
    two = vcf(["b"], "chr1 200 A G . GT:GQ:DP:AD 0/1:30:30:15,15", fields=ADJ_FIELDS)
    rows = ref.allele_frequency(lake_of(one, two, absent="reference"), rules=ADJ)
    assert {(row.an, row.an_assumed, row.unknown_samples) for row in rows.values()} == {(2, 0, 1)}


X, Y = "chrX 50000000 A G . GT", "chrY 20000000 A G . GT"
X_PAR, Y_PAR = "chrX 2781479 A G . GT", "chrY 2781479 A G . GT"


@pytest.mark.parametrize(
    ("at", "genotype", "sex", "counts"),
    [
        (X, "0/1", "XY", (0, 0)),  # het cannot be
        (X, "1/1", "XY", (1, 1)),
        (X, "0/0", "XY", (0, 1)),
        (X, "./1", "XY", (1, 1)),
        (X, "1", "XY", (1, 1)),
        (X, "0", "XY", (0, 1)),
        (X, "./.", "XY", (0, 0)),
        (X, "0/1", "XX", (1, 2)),
        (X, "1", "XX", (1, 1)),
        (Y, "1/1", "XY", (1, 1)),
        (Y, "0/1", "XY", (0, 0)),
        (Y, "1/1", "XX", (0, 0)),
        (X_PAR, "0/1", "XY", (1, 2)),
        ("chrX 2781480 A G . GT", "0/1", "XY", (0, 0)),  # one base past PAR1
        (Y_PAR, "0/1", "XY", (1, 2)),
        (Y_PAR, "0/1", "XX", (0, 0)),
        ("chrM 100 A G . GT", "0/1", "XY", (1, 2)),
        ("chr1 100 A G . GT", "0/1", None, (1, 2)),
        (X_PAR, "0/1", None, (1, 2)),
    ],
)
def test_ploidy_by_sex(at: str, genotype: str, sex: ref.Sex, counts: tuple[int, int]) -> None:
    lake = lake_of(vcf(["a"], f"{at} {genotype}"), sexes={"a": sex})
    row = only(ref.allele_frequency(lake, rules=BY_SEX))
    assert (row.ac, row.an, row.unknown_samples) == (*counts, 0)


@pytest.mark.parametrize("at", [X, Y, Y_PAR])
def test_by_sex_an_unknown_sex_is_an_unknown_sample(at: str) -> None:
    row = only(ref.allele_frequency(lake_of(vcf(["a"], f"{at} 1/1")), rules=BY_SEX))
    assert (row.ac, row.an, row.unknown_samples) == (0, 0, 1)


def test_by_sex_one_allele_with_alt_is_a_hemizygote() -> None:
    lake = lake_of(vcf(["a", "b"], f"{X} 1/1 ./1"), sexes={"a": "XY", "b": "XY"})
    row = only(ref.allele_frequency(lake, rules=BY_SEX))
    assert (row.hemizygotes, row.homozygotes, row.half_calls) == (2, 0, 0)


def test_by_sex_adj_asks_five_reads_of_an_xy_person_outside_par() -> None:
    text = vcf(
        ["a", "b"], "chrX 50000000 A G . GT:GQ:DP:AD 1/1:20:5:0,5 1/1:20:5:0,5", fields=ADJ_FIELDS
    )
    lake = lake_of(text, sexes={"a": "XY", "b": "XX"})
    row = only(ref.allele_frequency(lake, rules=Rules("adj@1", "by_sex")))
    assert (row.ac, row.an) == (1, 1)


def test_alike_records_of_one_variant_are_one_and_unlike_ones_need_a_rule() -> None:
    alike = vcf(["a"], "chr1 100 AT GT PASS GT 0/1", "chr1 100 A G . GT 0/1")
    row = only(ref.allele_frequency(lake_of(alike)))
    assert (row.ac, row.an, row.filters) == (1, 2, "PASS")
    unlike = vcf(["a", "b"], "chr1 100 A G . GT 0/1 0/0", "chr1 100 A G . GT 1/1 0/0")
    with pytest.raises(ref.DuplicatesError):
        ref.allele_frequency(lake_of(unlike))
    for rule, ac in (("first", 1), ("most_alt", 2)):
        lake = Lake((Batch((unlike,), duplicates=rule),))  # type: ignore[arg-type]
        assert only(ref.allele_frequency(lake)).ac == ac


def test_samples_are_matched_by_name_over_the_files_of_a_batch() -> None:
    one = vcf(["a", "b"], "chr1 100 A G . GT 0/1 0/0")
    two = vcf(["b", "a"], "chr2 100 A G . GT 0/0 1/1")
    lake = Lake((Batch((one, two)),))
    assert [row.ac for row in ref.allele_frequency(lake, cohort=["a"]).values()] == [1, 2]


def test_counts_by_attribute_are_those_of_its_parts() -> None:
    text = vcf(["a", "b", "c"], "chr1 100 A G . GT 0/1 1/1 ./.")
    lake = Lake((Batch((text,)),), attributes={"population": {"a": "CHS", "b": "GBR"}})
    rows = {value: row for (_, value), row in ref.allele_frequency_by(lake, "population").items()}
    assert {value: (row.ac, row.an) for value, row in rows.items()} == {
        "CHS": (1, 2),
        "GBR": (2, 2),
        None: (0, 0),
    }


def test_genotype_counts_add_up_to_the_cohort() -> None:
    genotypes = ["0/0", "0/1", "1/1", "1", "./1", "0", "0/.", "./."]
    text = vcf(people(8), f"chr1 100 A G . GT {' '.join(genotypes)}")
    (row,) = ref.genotype_counts(lake_of(text)).values()
    assert row == ref.GenotypeCounts(1, 1, 1, 1, 1, 2, 1, 0)


def test_carriers_know_their_haplotype_and_phase_set() -> None:
    columns = "1|0:7 0|1:7 1|2:7 0/1:. 1|1:7 1:. 0|0:7"
    text = vcf(people(7), f"chr1 100 A G,T . GT:PS {columns}", fields=["GT", "PS"])
    found = {
        name: (c.alt_count, c.called_count, c.haplotype, c.phase_set)
        for (variant, name), c in ref.carriers(lake_of(text)).items()
        if variant.alt == "G"
    }
    assert found == {
        "p0": (1, 2, 1, 7),
        "p1": (1, 2, 2, 7),
        "p2": (1, 2, 1, 7),
        "p3": (1, 2, None, None),
        "p4": (2, 2, None, 7),
        "p5": (1, 1, None, None),
    }


def test_private_variants_are_carried_inside_and_nowhere_else() -> None:
    text = vcf(
        ["a", "b"],
        *(f"chr1 {p} A G . GT {g}" for p, g in ((1, "0/1 0/0"), (2, "0/1 0/1"), (3, "0/0 0/1"))),
    )
    found = ref.private_variants(lake_of(text), ["a"])
    assert {v.position: tuple(row) for v, row in found.items()} == {1: (1, 2, 0.5, 2, 0, 1, 0, 0)}


def test_call_rate_is_that_of_fully_called_people_among_those_asked() -> None:
    text = vcf(people(6), "chr1 100 A G . GT 0/0 ./1 ./. . 1 0/.")
    lake = lake_of(text, vcf(["other"], "chr1 200 A G . GT 0/1"))
    row = ref.call_rate(lake)[Variant("chr1", 100, "A", "G", 100, None)]
    assert row == ref.CallRate(6, 2, 2, 2, 1, 2 / 6)


def test_cohorts_overlap_in_the_samples_of_both() -> None:
    assert ref.cohort_overlap("abc", "bcd") == ref.Overlap(3, 3, 2, 2, False, 0.5)
    assert ref.cohort_overlap("", "") == ref.Overlap(0, 0, 0, 0, True, None)


@pytest.mark.parametrize(
    ("table", "exact", "mid"),
    [  # the last two are the vectors of Hail's documentation
        ((1, 0, 0), 1.0, 0.5),
        ((0, 0, 3), 1.0, 0.5),
        # 2 of 4 alleles: 1 het x 2 arrangements... P(2 het) = 2/3, P(0 het) = 1/3
        ((1, 0, 1), 1 / 3, 1 / 6),
        ((0, 2, 0), 1.0, 2 / 3),
        ((250, 500, 250), 1.0, 0.9747844394217698),
        ((37, 200, 85), 1.45958e-6, 1.13372e-6),
    ],
)
def test_hardy_weinberg_vectors(table: tuple[int, int, int], exact: float, mid: float) -> None:
    got_exact, got_mid = ref.hardy_weinberg_p(*table)
    assert float(got_exact) == pytest.approx(exact, rel=1e-5)
    assert float(got_mid) == pytest.approx(mid, rel=1e-5)


def test_expected_heterozygotes() -> None:
    # 3 people, 2 of 6 alleles: 2 x 4 / 5
    assert ref.expected_heterozygotes(2, 0, 1) == 1.6
    assert ref.expected_heterozygotes(0, 0, 0) is None


def test_hardy_weinberg_takes_diploid_calls_and_on_x_only_xx() -> None:
    text = vcf(["a", "b", "c"], f"{X} 0/1 0/1 1", "chrY 20000000 A G . GT 1/1 0/0 1")
    lake = lake_of(text, sexes={"a": "XX", "b": "XY", "c": "XX"})
    x, y = ref.hardy_weinberg(lake).values()
    assert (x.homozygous_reference, x.heterozygotes, x.homozygotes) == (0, 1, 0)
    assert y.p_exact is None
    as_called, _ = ref.hardy_weinberg(lake, rules=ref.RAW).values()
    assert as_called.heterozygotes == 2


def test_a_person_is_summed_over_variants() -> None:
    text = vcf(
        ["a", "b"],
        "chr1 1 A G . GT 0/1 0/0",  # transition, singleton
        "chr1 2 A C . GT 1/1 0/1",  # transversion
        "chr1 3 AT A . GT 0/1 ./.",  # deletion, singleton
        "chr1 4 C T . GT ./. 0/0",
    )
    a = ref.sample_summary(lake_of(text))["a"]
    assert a == ref.SampleSummary(
        variants=3,
        heterozygotes=2,
        homozygotes=1,
        hemizygotes=0,
        half_calls=0,
        singletons=2,
        transitions=1,
        transversions=1,
        titv=1.0,
        het_hom=2.0,
        genotypes=4,
        missing=1,
        call_rate=0.75,
    )


@pytest.mark.parametrize(
    ("ac", "an", "expected"),
    [
        (0, 0, "not called"),
        (0, 10, "monomorphic"),
        (1, 10, "singleton"),
        (2, 201, "rare"),
        (2, 200, "low"),
        (10, 201, "low"),
        (10, 200, "common"),
    ],
)
def test_frequency_classes_begin_at_one_and_at_five_in_a_hundred(
    ac: int, an: int, expected: str
) -> None:
    row = ref.Frequency(ac, an, ac / an if an else None, 0, 0, 0, 0, an, 0, 0, 0, ".", None)
    assert ref.frequency_class(row) == expected


def test_bounds_hold_together_and_include_themselves() -> None:
    text = vcf(["a", "b"], "chr1 1 A G . GT 0/1 ./.", "chr1 2 A G . GT 1/1 0/0")
    lake = lake_of(text)
    assert len(ref.allele_frequency(lake, min_ac=1, min_an=2)) == 2
    assert len(ref.allele_frequency(lake, min_ac=1, min_an=3)) == 1
    assert len(ref.allele_frequency(lake, min_ac=2, min_an=2)) == 1


def test_assumed_alleles_in_par_of_y_are_those_of_two_copies_in_xy() -> None:
    one = vcf(["z"], f"{Y_PAR} 0/1")
    two = vcf(["xx", "xy", "na"], "chrY 20000 A G . GT ./. 0/0 0/0")
    lake = lake_of(one, two, absent="reference", sexes={"xx": "XX", "xy": "XY"})
    rows = ref.allele_frequency(
        lake, cohort=["xx", "xy", "na"], regions=[("chrY", 2781479, 2781479)]
    )
    assert (only(rows).an_assumed, only(rows).unknown_samples) == (2, 1)


def test_hardy_weinberg_is_not_told_in_par_of_y() -> None:
    (row,) = ref.hardy_weinberg(lake_of(vcf(["a"], f"{Y_PAR} 0/1"))).values()
    assert row.p_exact is None


def test_a_cohort_at_a_glance() -> None:
    text = vcf(
        ["a", "b"],
        "chr1 1 A G . GT 0/1 0/0",
        "chr1 2 A C . GT 1/1 0/1",
        "chr1 3 AT A . GT 0/0 ./.",
        "chr1 4 C T . GT ./. ./.",
    )
    figures = ref.cohort_summary(lake_of(text, sexes={"a": "XX"}))
    assert figures["people", "XX"] == figures["people", "sex unknown"] == 1
    assert figures["variants", "known"] == 4
    assert figures["variants", "seen"] == figures["kind", "snv"] == 2
    assert figures["frequency", "monomorphic"] == figures["frequency", "not called"] == 1
    assert figures["frequency", "singleton"] == figures["frequency", "common"] == 1
    assert figures["substitutions", "titv"] == 1
    assert figures["genotypes", "call_rate"] == 5 / 8
    assert figures["per_person", "heterozygotes"] == 1
    # a has 1 transition to 1 transversion, b none to 1
    assert figures["per_person", "titv"] == 0.5


def test_what_batches_say_of_a_variant() -> None:
    one = vcf(["a"], "chr1 1 A G q10 GT 0/1", filters=["q10"]).replace("\t1\t.\t", "\t1\trs2;rs1\t")
    two = vcf(["b"], "chr1 1 A G PASS GT 0/1").replace("\t1\t.\t", "\t1\trs1\t")
    assert list(ref.variants_in(lake_of(one, two)).values()) == [
        ref.Known("snv", "rs1;rs2", "PASS|q10", 2)
    ]
