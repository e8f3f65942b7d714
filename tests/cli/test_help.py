"""Every command explains itself, and the command line starts at once."""

import resource
import subprocess
import sys
from collections.abc import Iterator

import pytest
import typer

from allelake.cli.app import ORDER, app

PROGRAM = "import sys; from allelake.cli.app import main; sys.argv[0] = 'allelake'; main()"


def commands() -> Iterator[tuple[str, ...]]:
    """Every command and subcommand, as typed."""
    found = typer.main.get_command(app)
    for name, command in found.commands.items():
        if hasattr(command, "commands"):
            yield from ((name, each) for each in command.commands)
        else:
            yield (name,)


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_a_command_has_one_sentence_and_an_example(run, command: tuple[str, ...]) -> None:
    ended = run(*command, "--help")
    assert ended.code == 0
    text = ended.out.split("\n\n")
    # Usage, the sentence, perhaps more, the example, the options.
    assert text[1].strip().endswith(".")
    examples = [part for part in text if part.strip().startswith("Example:")]
    assert len(examples) == 1
    words = " ".join(examples[0].split())
    assert words.startswith(f"Example: allelake {' '.join(command)}")


def test_commands_stand_in_the_order_of_use(run) -> None:
    listed = run("--help").out.split("Commands:")[1].split("Exit codes")[0]
    shown = [line.split()[0] for line in listed.splitlines() if line.strip()]
    assert tuple(shown) == ORDER
    assert set(ORDER) == set(typer.main.get_command(app).commands)


def test_the_first_sentence_of_a_command_is_not_cut_in_the_list(run) -> None:
    assert "..." not in run("--help").out.split("Commands:")[1]


def test_exit_codes_are_told(run) -> None:
    told = " ".join(run("--help").out.split())
    for code in ("2 an argument", "3 the lake", "4 a file", "5 a question", "6 check", "130"):
        assert code in told


def test_the_version_is_printed(run) -> None:
    import allelake

    assert run("--version").out == f"allelake {allelake.__version__}\n"


def test_an_unknown_command_or_option_leaves_with_2(run) -> None:
    assert run("frequncy").code == 2
    assert run("frequency", "--polcy", "raw").code == 2


def test_python_dash_m_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "allelake", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("allelake ")


@pytest.mark.parametrize("module", ["allelake", "allelake.cli.app"])
def test_importing_the_package_or_the_commands_imports_nothing_heavy(module: str) -> None:
    """`allelake --help` within 0.3 s: DuckDB alone takes a third of that."""
    code = f"import sys, {module}; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"duckdb", "pyarrow", "polars", "pandas", "numpy", "cyvcf2", "rich"}
    assert heavy & set(done.stdout.split()) == set()


def test_help_comes_within_300_ms() -> None:
    """Counted in processor seconds: other work on the machine must not fail this."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", PROGRAM, "--help"], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.3


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_commands(shell: str) -> None:
    import os

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "_ALLELAKE_COMPLETE": f"complete_{shell}",
            "COMP_WORDS": "allelake fre",
            "COMP_CWORD": "1",
            "_TYPER_COMPLETE_ARGS": "allelake fre",
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        },
    )
    assert "frequency" in done.stdout
