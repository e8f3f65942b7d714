"""Makes an environment for each peer that Python installs, so that none disturbs allelake's own.

    python benchmarks/make_peers.py [vcf-zarr] [hail] [polars-bio]

Each lies in benchmarks/data/peers/NAME. What cannot be installed is told and left out: the
benchmark then does without it. plink2 and bcftools come from the system's packages. Hail needs
Java 11 or newer.
"""

import argparse
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE / "data" / "peers"
# Lower bounds: what the programs in peer_programs/ were written for.
REQUIREMENTS = {
    "vcf-zarr": ["bio2zarr[vcf]>=0.1.6", "vcztools>=0.1.0"],
    "hail": ["hail>=0.2.134"],
    "polars-bio": ["polars-bio>=0.18"],
}
IMPORTED = {"vcf-zarr": "bio2zarr", "hail": "hail", "polars-bio": "polars_bio"}


def python_of(name: str) -> Path:
    """The Python of a peer's environment."""
    return FOLDER / name / "bin" / "python"


def make(name: str) -> str | None:
    """Makes one environment, unless it is there; what went wrong, where something did."""
    if python_of(name).exists() and works(name):
        return None
    shutil.rmtree(FOLDER / name, ignore_errors=True)
    venv.create(FOLDER / name, with_pip=True)
    command = [str(python_of(name)), "-m", "pip", "install", "--quiet", *REQUIREMENTS[name]]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0 and works(name):
        return None
    shutil.rmtree(FOLDER / name)
    return done.stderr.strip().rpartition("\n")[2] or "it was installed but cannot be imported"


def works(name: str) -> bool:
    command = [str(python_of(name)), "-c", f"import {IMPORTED[name]}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("peers", nargs="*", metavar="PEER", help=", ".join(REQUIREMENTS))
    asked = parser.parse_args().peers or list(REQUIREMENTS)
    for name in asked:
        if name not in REQUIREMENTS:
            parser.error(f"no peer {name!r}; known are {', '.join(REQUIREMENTS)}")
    for name in asked:
        wrong = make(name)
        print(f"{name}: {'ready' if wrong is None else f'not installed: {wrong}'}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
