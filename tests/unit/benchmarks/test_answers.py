"""Answers are compared before times are: one other count and a peer is not timed."""

import subprocess

import polars as pl
import pytest
from answers import agreement, counts_in, difference, plink_counts
from contest import Contestant, hold, process, question
from measure import ProcessFailed, Run

OURS = [(5, "A", "G", 1, 10), (5, "A", "T", 2, 10), (9, "C", "T", 0, 8)]


def counts(rows):
    return pl.DataFrame(rows, schema=["position", "ref", "alt", "ac", "an"], orient="row")


def test_alternate_alleles_of_one_line_are_split(tmp_path):
    told = tmp_path / "counts.tsv"
    told.write_text("5\tA\tG,T\t1,2\t10\n9\tC\tT\t0\t8\n12\tC\t.\t.\t8\n")
    assert counts_in(told).rows() == OURS
    assert difference(counts(OURS), counts_in(told)) is None


def test_counts_of_plink_are_the_same_rows(tmp_path):
    told = tmp_path / "x.acount"
    header = "#CHROM\tPOS\tID\tREF\tALT\tALT_CTS\tOBS_CT\n"
    told.write_text(header + "22\t5\trs1\tA\tG,T\t1,2\t10\n22\t9\t.\tC\tT\t0\t8\n")
    assert plink_counts(told).rows() == OURS


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ([*OURS[:2], (9, "C", "T", 1, 8)], "1 variants with other counts, the first 9-C-T"),
        ([*OURS[:2], (9, "C", "T", 0, 10)], "1 variants with other counts, the first 9-C-T"),
        (OURS[:2], "1 variants that only we have, the first at 9"),
        ([*OURS, (7, "A", "C", 0, 10)], "1 variants that we do not have, the first at 7"),
        ([*OURS, OURS[0]], "a variant is twice in theirs"),
        ([], "the peer told no variants"),
    ],
)
def test_each_difference_is_said(theirs, said):
    table = counts(theirs) if theirs else counts(OURS).clear()
    assert difference(counts(OURS), table) == said


def test_a_variant_that_only_another_batch_has_is_no_difference():
    further = [*OURS, (11, "A", "G", 0, 0)]
    assert difference(counts(further), counts(OURS)) is None
    assert agreement(counts(OURS)) == "3 rows alike, each with its counts"


def contestant(name, answer=None, error=None):
    def run(with_memory):
        if error:
            raise error
        return Run(2.0, 1.0, 50.0 if with_memory else None)

    return Contestant(name, "does it", run, (lambda: counts(answer)) if answer else None)


def test_a_peer_that_answers_otherwise_is_not_timed(capsys):
    wrong = [*OURS[:2], (9, "C", "T", 3, 8)]
    ours, alike, other = hold(
        [contestant("allelake", OURS), contestant("a", OURS), contestant("b", wrong)], 3
    )
    assert ours.wall_seconds == alike.wall_seconds == [2.0] * 3 and alike.missing is None
    assert ours.peak_mib == 50
    assert other.wall_seconds == [] and "3" not in alike.how
    assert other.missing == "answers otherwise: 1 variants with other counts, the first 9-C-T"
    assert "b is left out" in capsys.readouterr().err


def test_a_peer_that_fails_does_not_stop_the_others(capsys):
    failing = contestant("b", error=ProcessFailed("b ended with 1: /a/place/x.vcf: no memory"))
    _, alike, failed = hold([contestant("allelake"), contestant("a"), failing], 2)
    assert alike.wall_seconds == [2.0, 2.0]
    # The page does not tell how folders of this machine are named.
    assert failed.missing == "failed: b ended with 1: .../x.vcf: no memory"
    assert "left out" in capsys.readouterr().err


def test_a_peer_that_fails_while_it_is_timed_keeps_what_it_took_before(capsys):
    left = iter([Run(1.0, 1.0), Run(1.0, 1.0)])

    def run(with_memory):
        try:
            return next(left)
        except StopIteration:
            raise ProcessFailed("ended with -9") from None

    ours, failing = hold([contestant("allelake"), Contestant("b", "", run)], 3)
    assert (len(ours.wall_seconds), failing.wall_seconds) == (3, [1.0])
    assert failing.missing == "failed: ended with -9"
    assert capsys.readouterr().err.count("left out") == 1


def test_our_own_failure_stops_the_row():
    with pytest.raises(ProcessFailed):
        hold([contestant("allelake", error=ProcessFailed("x"))], 1)


def test_programs_take_turns_and_slow_ones_run_less_often():
    order = []

    def taking_part(name, most_runs=None):
        def run(with_memory):
            if not with_memory:
                order.append(name)
            return Run(1.0, 1.0)

        return Contestant(name, "", run, most_runs=most_runs)

    hold([taking_part("allelake"), taking_part("quick"), taking_part("slow", 2)], 3)
    assert order == ["allelake", "quick", "slow", "allelake", "quick", "slow", "allelake", "quick"]


def test_a_program_that_runs_once_is_timed_in_its_first_run():
    once = contestant("slow", OURS)
    once.most_runs = 1
    ours, slow = hold([contestant("allelake", OURS), once], 3)
    assert (len(ours.wall_seconds), len(slow.wall_seconds), slow.peak_mib) == (3, 1, 50)


def test_what_an_earlier_run_left_is_taken_away_before_the_clock(tmp_path):
    out = tmp_path / "out"
    made = process(
        "a",
        "mkdir",
        ["mkdir", out],
        tmp_path,
        prepare=lambda: subprocess.run(["rm", "-rf", out], check=True),
    )
    assert len([made.run(False) for _ in range(2)]) == 2


def test_a_question_is_timed_in_this_process():
    run = question("allelake", "", lambda: sum(range(200_000))).run(False)
    assert run.cpu_seconds > 0 and 0 < run.wall_seconds < 5
