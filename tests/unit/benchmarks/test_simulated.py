"""The simulated records are what callers write."""

import cyvcf2
import numpy as np
import simulate_fields
from simulate_cohort import Genotypes, Site, header, lines, names
from simulate_lake import among, haploid, moved

COPIES = np.array([0, 0, 0, 1, 1, 0, 2, 1], np.int8)
SITE = Site(20_000_100, "rs1", ("A", "G", "T"), COPIES)


def records(path, text, declared=""):
    path.write_bytes(header(names(4), more=declared) + b"".join(text))
    return list(cyvcf2.VCF(str(path)))


def test_phased_genotypes_are_written_as_they_are(tmp_path):
    (record,) = records(tmp_path / "a.vcf", lines(iter([SITE]), 4, phased=True))
    assert [[*pair] for pair in record.genotypes] == [
        [0, 0, True],
        [0, 1, True],
        [1, 0, True],
        [2, 1, True],
    ]
    assert (record.POS, record.ID, record.ALT) == (20_000_100, "rs1", ["G", "T"])


def test_unphased_genotypes_have_the_lower_allele_first():
    assert Genotypes(4, phased=False).columns(COPIES) == b"0/0\t0/1\t0/1\t1/2\n"


def test_fields_agree_with_each_other(tmp_path):
    people = 400
    copies = np.tile(COPIES, people // 4)
    site = Site(5, "rs1", ("A", "G", "T"), copies)
    path = tmp_path / "a.vcf"
    text = simulate_fields.lines(iter([site] * 10))
    path.write_bytes(header(names(people), more=simulate_fields.DECLARATIONS) + b"".join(text))
    depth, quality, called, fails = [], [], [], 0
    for record in cyvcf2.VCF(str(path)):
        reads = record.format("AD")
        assert (reads.sum(axis=1) == record.format("DP")[:, 0]).all()
        is_called = np.array([pair[0] >= 0 for pair in record.genotypes])
        likelihoods = record.format("PL")[is_called]
        assert likelihoods.shape[1] == 6 and (likelihoods.min(axis=1) == 0).all()
        depth += record.format("DP")[is_called, 0].tolist()
        quality += record.format("GQ")[is_called, 0].tolist()
        called += is_called.tolist()
        fails += int((record.format("DP")[is_called, 0] < 10).sum())
    assert 25 < np.mean(depth) < 36 and max(quality) == 99 and min(quality) < 20
    assert fails > 0 and 0.98 < np.mean(called) < 1


def test_the_same_seed_writes_the_same_text():
    both = [b"".join(simulate_fields.lines(iter([SITE] * 3))) for _ in range(2)]
    assert both[0] == both[1]


def test_a_small_batch_has_the_records_that_its_people_carry():
    nobody = Site(20_000_200, "rs2", ("C", "T"), np.array([1, 0, 0, 0, 0, 0, 0, 0], np.int8))
    kept = list(among(moved([SITE, nobody], "chr7"), 1, 2))
    assert [(site.position, site.copies.tolist()) for site in kept] == [(10_000_000, [0, 1, 1, 0])]


def test_places_do_not_depend_on_where_a_piece_begins():
    whole = [site.position for site in moved([SITE] * 4, "chr7")]
    assert [site.position for site in moved([SITE] * 2, "chr7", 2)] == whole[2:]


def test_haploid_contigs_have_one_allele():
    (line,) = haploid(lines(iter([SITE]), 4, phased=True, contig="chrY"))
    assert line.endswith(b"GT\t0\t0\t1\t2\n")
