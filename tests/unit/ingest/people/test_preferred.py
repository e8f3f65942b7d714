"""A participant with several samples: who they belong to, and which of them counts."""

from pathlib import Path

import pytest

from allelake.errors import InputError
from unit.ingest.people.test_people_merge import imported, rows

TWICE = "sample_id\tparticipant_id\tpreferred\tage\ns1\tp1\tfalse\t41\ns2\tp1\ttrue\t41\n"
ASKED = "SELECT sample_id, participant_id, preferred, age FROM samples ORDER BY 1"


def test_two_samples_of_a_participant_differ_in_which_one_counts(lake: Path) -> None:
    report = imported(lake, TWICE)
    assert set(report.added_columns) == {"preferred", "age"}
    assert rows(lake, ASKED) == [
        ("s1", "p1", False, 41),
        ("s2", "p1", True, 41),
        ("s3", "s3", None, None),
    ]
    assert rows(lake, "SELECT * EXCLUDE (family_id, father_id, mother_id, sex) FROM pedigree") == [
        ("p1", 41)
    ]


def test_a_later_import_without_the_column_leaves_it(lake: Path) -> None:
    imported(lake, TWICE)
    report = imported(lake, "sample_id\tsite\ns1\tHK\ns3\tHK\n")
    assert report.added_columns == ("site",)
    assert [row[:3] for row in rows(lake, ASKED)] == [
        ("s1", "p1", False),
        ("s2", "p1", True),
        ("s3", "s3", None),
    ]
    report = imported(lake, "sample_id\tpreferred\ns1\ttrue\ns2\t\n")
    assert report.added_columns == ()
    assert [row[2] for row in rows(lake, ASKED)] == [True, True, None]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sample_id\tpreferred\ns1\t1\n", "true or false for each sample; it is BIGINT"),
        ("participant_id\tpreferred\ns1\ttrue\n", "the file names participants, not samples"),
    ],
)
def test_which_sample_counts_is_said_of_samples_as_true_or_false(
    lake: Path, text: str, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        imported(lake, text)


def test_a_sample_that_is_not_there_yet_is_told_to_be_imported_again(lake: Path) -> None:
    report = imported(lake, "sample_id\tpreferred\ns1\ttrue\nzz\ttrue\n")
    assert any("1 sample is not in the lake yet" in note for note in report.notes)
