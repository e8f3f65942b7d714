"""The Python interface: a lake opened, asked and changed."""

from allelake.lake.lake import Lake

__all__ = ["Lake"]
