"""Compiled functions: the same answers, kept for the next process where that can be."""

import os
import subprocess
import sys
import types
from pathlib import Path

import numpy as np

from allelake.ingest.compiled import compiled


def double_each(values):
    for place in range(values.size):
        values[place] *= 2
    return values.size


def test_a_compiled_function_does_what_the_plain_one_does():
    plain, fast = np.arange(5), np.arange(5)
    assert compiled(double_each)(fast) == double_each(plain) == 5
    assert fast.tolist() == plain.tolist() == [0, 2, 4, 6, 8]


def test_a_compiled_function_is_kept_for_the_next_process():
    fast = compiled(double_each)
    fast(np.arange(3))
    again = compiled(double_each)
    again(np.arange(3))
    hits = again.stats.cache_hits
    assert sum(hits.values()) == 1


def test_a_function_is_compiled_by_one_of_the_processes_that_need_it(tmp_path: Path):
    """The others wait, and load what it made; also where one compiled function calls another."""
    module = tmp_path / "slow_to_compile.py"
    module.write_text(
        "from allelake.compiled import compiled\n"
        "@compiled\n"
        "def inner(value):\n"
        "    return value + 1\n"
        "@compiled\n"
        "def outer(value):\n"
        "    return inner(value) * 2\n"
        "assert outer(20) == 42\n"
        "print(sum(outer.stats.cache_misses.values()))\n"
    )
    search = os.pathsep.join(sys.path)
    environment = {**os.environ, "PYTHONPATH": search, "NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    processes = [
        subprocess.Popen(
            [sys.executable, str(module)], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    misses = [int(process.communicate()[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(misses) == [0, 0, 1]


def test_a_function_of_which_nothing_can_be_kept_is_compiled_all_the_same():
    made: dict[str, types.FunctionType] = {}
    # No file has this source, so there is no folder beside it either.
    exec(compile("def triple(value):\n    return value * 3\n", "<nowhere>", "exec"), made)
    assert compiled(made["triple"])(14) == 42


def test_a_function_is_compiled_also_where_numba_is_told_not_to():
    code = (
        "from allelake.ingest.compiled import compiled\n"
        "assert hasattr(compiled(lambda value: value), 'signatures')"
    )
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0


def test_neither_the_help_nor_a_query_imports_the_compiler():
    code = (
        "import sys, allelake, allelake.cli.app, allelake.ingest.part; "
        "sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
