"""`python -m allelake.demo FOLDER`: what `make demo` runs."""

import argparse
import sys
from pathlib import Path

from allelake.demo.run import run_demo
from allelake.errors import AllelakeError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m allelake.demo", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rebuild", action="store_true", help="make it again if it is there")
    asked = parser.parse_args()
    try:
        run_demo(asked.folder, people=asked.people, rebuild=asked.rebuild)
    except AllelakeError as error:
        print(f"Error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
