"""`python -m allelake` is the command `allelake`."""

from allelake.cli.app import main

main()
