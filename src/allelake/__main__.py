"""The command `allelake`, and `python -m allelake`: its modules are imported, then it runs."""

import sys


def main() -> None:
    """Runs the command. Whoever stops it while modules are imported sees no traceback either."""
    try:
        from allelake.cli.app import main as run
    except KeyboardInterrupt:
        # As of any other command that is stopped: `cli/ending.py`, which is not there yet.
        print("allelake: stopped", file=sys.stderr)
        raise SystemExit(130) from None
    run()


if __name__ == "__main__":
    main()
