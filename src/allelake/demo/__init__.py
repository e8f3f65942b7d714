"""A simulated cohort to try allelake on: no person, no real genome, the same files every time."""

from allelake.demo.run import run_demo
from allelake.demo.simulate import DemoFiles, make_demo

__all__ = ["DemoFiles", "make_demo", "run_demo"]
