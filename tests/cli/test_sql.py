"""`allelake sql`: a query, a file of one, a prompt."""

import json
import sys
from pathlib import Path

import pytest

import allelake
from allelake.cli.prompt import run_prompt


def test_a_query_over_tables_and_macros_is_answered(run, lake: Path) -> None:
    query = "SELECT population, count(*) AS n FROM samples GROUP BY ALL ORDER BY ALL"
    assert run("sql", lake, query, "-f", "csv").out == "population,n\nnorth,3\nsouth,3\n"
    macro = "SELECT max(ac) AS most FROM allele_frequency('north')"
    assert json.loads(run("sql", lake, macro, "-f", "json").out)["rows"] == [{"most": 3}]


def test_a_query_is_read_from_stdin(run, lake: Path) -> None:
    for arguments in (("sql", lake, "-", "-f", "csv"), ("sql", lake, "-f", "csv")):
        assert run(*arguments, stdin="SELECT 1 AS x;\n").out == "x\n1\n"


@pytest.mark.parametrize(
    "query",
    [
        "COPY samples TO 'out.csv'",
        "WITH x AS (COPY (SELECT 1) TO 'out.csv') SELECT * FROM x",
        "EXPORT DATABASE 'out'",
        "ATTACH 'other.duckdb'",
        "FROM read_csv('/etc/passwd')",
        "FROM '/etc/passwd'",
        "SET memory_limit = '1TB'",
        "SELECT 1; SELECT 2",
        "CREATE TABLE t AS SELECT 1",
        "DROP VIEW sites",
    ],
)
def test_what_is_no_query_is_refused(
    run, lake: Path, query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run("sql", lake, query)
    assert (ended.code, ended.out) == (5, "")
    assert list(tmp_path.iterdir()) == []


def test_a_query_that_takes_too_long_is_stopped(run, lake: Path) -> None:
    query = (
        "SELECT count(*) FROM range(100000) a, range(100000) b WHERE (a.range * b.range) % 7 = 9"
    )
    ended = run("sql", lake, query, "--timeout", "0.1")
    assert ended.code == 5
    assert "--timeout" in ended.err


def test_a_query_spills_within_its_memory_and_leaves_nothing(run, lake: Path) -> None:
    query = "SELECT max(x) AS x FROM (SELECT DISTINCT hash(range)::VARCHAR AS x FROM range(400000))"
    assert run("sql", lake, query, "--memory", "60MB", "--threads", "1").code == 0
    ended = run("sql", lake, "SELECT 1", "--memory", "much")
    assert ended.code == 5


class Typed:
    """What a person types at the prompt, and then ctrl-d."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)

    def __call__(self, prompt: str) -> str:
        if not self.lines:
            raise EOFError
        return self.lines.pop(0)


def prompted(
    lake: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *lines: str
) -> tuple[str, str]:
    monkeypatch.setattr("builtins.input", Typed(*lines))
    monkeypatch.setattr("allelake.cli.prompt._remember", lambda: None)
    with allelake.open(lake) as opened:
        run_prompt(opened, rows=10)
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_the_prompt_takes_statements_of_several_lines(
    lake: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = prompted(lake, monkeypatch, capsys, "SELECT 40", "", "  + 2 AS answer;", "")
    assert "answer" in out
    assert "42" in out
    assert err == ""


def test_the_prompt_tells_an_error_and_goes_on(
    lake: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = prompted(lake, monkeypatch, capsys, "FROM sitez;", "SELECT 7 AS seven;")
    assert "Did you mean 'sites'?" in err
    assert "seven" in out


def test_the_prompt_shows_tables_columns_and_questions(
    lake: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = prompted(
        lake,
        monkeypatch,
        capsys,
        ".tables",
        "\\d samples",
        ".queries",
        ".help carriers",
        ".help",
        ".quit",
        "SELECT 'after';",
    )
    assert err == ""
    assert "cohort_members" in out
    assert "participant_id" in out
    assert "allele_frequency" in out
    assert "carriers: who carries" in out
    assert "A SELECT ends with ;" in out
    assert "after" not in out


def test_without_a_terminal_and_without_a_query_stdin_is_the_query(run, lake: Path) -> None:
    assert not sys.stdin.isatty() or True
    assert run("sql", lake, stdin="").code == 5
