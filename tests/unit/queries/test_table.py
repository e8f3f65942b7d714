"""Tables of plain text, for people."""

from allelake.queries.table import lay_out

NAMES = ["contig", "ac", "af", "note"]
TYPES = ["VARCHAR", "BIGINT", "DOUBLE", "VARCHAR"]


def test_numbers_stand_to_the_right_and_null_is_empty() -> None:
    rows = [("chr1", 5, 0.123456789, None), ("chrX", 12345, None, "b")]
    layout = lay_out(NAMES, TYPES, rows)
    assert [layout.header(), *layout.lines(rows)] == [
        "contig     ac        af  note",
        "chr1        5  0.123457",
        "chrX    12345            b",
    ]


def test_columns_that_say_nothing_go_first_where_there_is_no_room() -> None:
    rows = [("chr1", 0, 0.5, "x")]
    layout = lay_out(NAMES, TYPES, rows, width=17)
    assert layout.left_out == ["ac"]
    assert layout.header() == "contig   af  note"
    assert lay_out(NAMES, TYPES, rows, width=1).left_out == ["ac", "af", "note"]


def test_with_room_nothing_is_left_out() -> None:
    assert lay_out(NAMES, TYPES, [("chr1", 0, 0.0, "")], width=80).left_out == []


def test_a_long_allele_is_cut_and_a_control_character_does_not_reach_the_terminal() -> None:
    rows = [("A" * 30, 1, 1.0, "red\x1b[31m")]
    line = lay_out(NAMES, TYPES, rows).lines(rows)[0]
    assert line == "A" * 23 + "…   1   1  red?[31m"


def test_a_table_without_rows_has_its_header() -> None:
    assert lay_out(NAMES, TYPES, []).header() == "contig  ac  af  note"
