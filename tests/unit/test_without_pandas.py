"""Commands do without pandas, which pyarrow would import for nothing."""

import subprocess
import sys
from pathlib import Path

WATCH = """
import sys
from allelake.cli.app import main
sys.argv = ["allelake", "init", sys.argv[1], "--assembly", "GRCh38"]
try:
    main()
finally:
    print("pandas" in sys.modules, "pyarrow" in sys.modules)
"""
OTHERS = """
import sys
import pyarrow
from allelake.without_pandas import hide_pandas
hide_pandas()
import pandas
print(pandas.__name__)
"""


def test_a_command_imports_no_pandas(tmp_path: Path) -> None:
    called = [sys.executable, "-c", WATCH, str(tmp_path / "a.lake")]
    told = subprocess.run(called, capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[-1] == "False True"


def test_pandas_stays_where_somebody_else_s_code_runs() -> None:
    called = [sys.executable, "-c", OTHERS]
    told = subprocess.run(called, capture_output=True, text=True, check=True).stdout
    assert told == "pandas\n"
