"""Withdrawals from lakes of gVCFs, exomes and joint call sets: as one ingested without them."""

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from lakes import CohortOrder, asking, mixed_lake_of
from properties.every_macro import answer_to, every_call
from properties.test_withdrawal import cut
from random_per_sample import Ingest, MixedCohort, mixed_cohort

SOME = [CohortOrder("some", "sex = 'XX'", ())]
# Numbers of samples and batches are others where fewer came.
NUMBERS = re.compile(r"\('(?:sample_number|batch|samples_in_batch)', [^)]*\)(?:, )?")
# Facts of a site are of its first record, and sums over all of a batch.
OF_RECORDS = ("batch_summary", "variants_in", "lake_summary", "explain_an", "site_")
# The file of one person is taken as asked alone: F needs others, its further ALTs are nobody's, and
# it keeps dp and gq of a reference genotype.
OF_KIND = ("inferred_sex", "sample_quality", "common_snvs", "explain_samples")
# A batch declares its fields also when all its people have left.
NO_FIELDS = "policy adj@1 needs GQ, DP and AD"


def without(cohort: MixedCohort, gone: set[str]) -> MixedCohort:
    """The cohort of which nobody of `gone` was ingested; joint sites stay."""

    def ingest(of: Ingest) -> Ingest | None:
        if of.is_joint:
            texts = tuple(cut(text, sorted(gone)) for text in of.texts)
        else:
            texts = tuple(text for text in of.texts if not gone & set(columns_of(text)))
        kept = tuple(name for name in of.samples if name not in gone)
        return replace(of, texts=texts, samples=kept) if kept else None

    left = tuple(each for each in map(ingest, cohort.batches) if each is not None)
    return replace(cohort, batches=left)


def columns_of(text: str) -> list[str]:
    return next(x for x in text.splitlines() if x.startswith("#CHROM")).split("\t")[9:]


def who_leaves(cohort: MixedCohort, seed: int) -> set[str]:
    """All samples of some people, in combined gVCFs together with whom they share the file."""
    chance = random.Random(seed)
    everyone = [name for of in cohort.batches for name in of.samples]
    person = {name: cohort.participants.get(name, name) for name in everyone}
    joint = [name for of in cohort.batches if of.is_joint for name in of.samples]
    gone = {chance.choice(everyone), chance.choice(joint)}
    together = [
        set(columns_of(text)) for of in cohort.batches if not of.is_joint for text in of.texts
    ]
    while True:
        people = {person[name] for name in gone}
        grown = {name for name in everyone if person[name] in people}
        for names in together:
            grown |= names if names & grown else set()
        if grown == gone:
            return gone
        gone = grown


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(11, 20))
def test_every_question_is_answered_as_if_they_had_not_been_ingested(
    tmp_path: Path, seed: int
) -> None:
    cohort = mixed_cohort(seed)
    gone = who_leaves(cohort, seed)
    left = without(cohort, gone)
    if not any(of.is_joint for of in left.batches) or not left.batches:
        pytest.skip("nobody is left of the joint call set")
    is_one_left = any(of.is_joint and len(of.samples) == 1 for of in left.batches)
    if is_one_left and any(len(of.texts) > 1 for of in left.batches if of.is_joint):
        pytest.skip("files of one person cannot share a contig, pieces of a call set can")
    for folder in ("whole", "left"):
        (tmp_path / folder).mkdir()
    lake = mixed_lake_of(tmp_path / "whole", cohort, SOME)
    expected = mixed_lake_of(tmp_path / "left", left, SOME)
    ask = asking(expected)
    unlike = OF_RECORDS + OF_KIND * is_one_left
    calls = [asked for asked in every_call(ask) if not any(word in asked for word in unlike)]
    answers = {asked: told(answer_to(ask, asked)) for asked in calls}
    answers = {asked: answer for asked, answer in answers.items() if NO_FIELDS not in answer}
    people = {cohort.participants.get(name, name) for name in gone}
    lake.withdraw(sorted(people), reason="asked to")
    for step in ("withdrawn", "purged"):
        if step == "purged":
            lake.purge()
        again = asking(lake)
        for asked, answer in answers.items():
            assert told(answer_to(again, asked)) == answer, (step, asked)
        assert lake.check() == []


def told(answer: object) -> object:
    if not isinstance(answer, list):
        return answer
    return sorted(NUMBERS.sub("", row) for row in answer)
