"""An inspection is fast enough to be always done, and needs little memory for any file."""

import os
import sys
from pathlib import Path

INSPECT = """
import sys
from pathlib import Path
from allelake.ingest.inspect import inspect_file
assert inspect_file(Path(sys.argv[1])).records == 9750
"""
# 98 MB of text in 0.4 s is the aim on a machine of its own; tests share theirs.
MOST_SECONDS = 1.2
MOST_MEGABYTES = 64


def test_a_cohorts_text_is_read_within_bounds(shared_data: Path) -> None:
    path = shared_data / "cohort" / "1000g_chr22_2504.vcf.gz"
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", INSPECT, str(path)], os.environ)
    _, status, used = os.wait4(child, 0)
    assert status == 0
    assert used.ru_utime + used.ru_stime < MOST_SECONDS
    # Linux counts in KiB, macOS in bytes.
    unit = 1024 if sys.platform == "linux" else 1
    assert used.ru_maxrss * unit < MOST_MEGABYTES * 10**6
