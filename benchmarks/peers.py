"""Which peers are installed, their versions, and the commands that do what allelake does."""

import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from make_peers import REQUIREMENTS, python_of

PROGRAMS = Path(__file__).parent / "peer_programs"
Command = list[str | Path]
PEERS = ("plink2", "bcftools", *REQUIREMENTS)


def allelake(*arguments: str | Path) -> Command:
    """The command line of this Python's allelake."""
    return [Path(sys.executable).with_name("allelake"), *arguments]


def program(environment: str, name: str, *arguments: str | Path) -> Command:
    """A program of ours in a peer's environment."""
    return [python_of(environment), PROGRAMS / name, *arguments]


def tool(environment: str, name: str) -> Path:
    """A command that a peer's package installs."""
    return python_of(environment).with_name(name)


def shell(*commands: Command) -> Command:
    """A pipe that fails where any of its commands does."""
    quoted = [" ".join("'" + str(word).replace("'", "'\\''") + "'" for word in c) for c in commands]
    return ["bash", "-c", "set -e -o pipefail; " + " | ".join(quoted)]


# Peers that a run leaves out although they are installed.
left_out: set[str] = set()


def is_installed(name: str) -> bool:
    if name in left_out:
        return False
    if name in REQUIREMENTS:
        return python_of(name).exists() and (name != "hail" or shutil.which("java") is not None)
    return shutil.which(name) is not None


def first_line(*command: str | Path) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().partition("\n")[0]


def package_version(environment: str, package: str) -> str:
    code = f"from importlib.metadata import version; print(version({package!r}))"
    return first_line(python_of(environment), "-c", code)


def versions() -> dict[str, str]:
    """Of allelake, what it is built on, and each peer that is installed."""
    told = {name: version(name) for name in ("allelake", "duckdb", "pyarrow", "numba", "cyvcf2")}
    told["Python"] = platform.python_version()
    for name in ("plink2", "bcftools"):
        if is_installed(name):
            told[name] = first_line(name, "--version").removeprefix(name).strip()
    packages = {"vcf-zarr": ["bio2zarr", "vcztools", "zarr"], "hail": ["hail"]}
    packages["polars-bio"] = ["polars-bio"]
    for environment, names in packages.items():
        if is_installed(environment):
            told |= {name: package_version(environment, name) for name in names}
    if is_installed("hail"):
        told["Java"] = first_line("java", "-version")
    return {name: found or "unknown" for name, found in told.items()}


def machine() -> dict[str, str]:
    """Processor, memory, system, and the load before anything was run."""
    told = {"processors": str(processors()), "system": platform.platform()}
    try:
        cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
        memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
        load = Path("/proc/loadavg").read_text().split()[0]
    except OSError:
        return told
    if cpu:
        told["processor"] = cpu[1]
    if memory:
        told["memory"] = f"{int(memory[1]) / 1024 / 1024:.0f} GiB"
    told["load at the start"] = load
    return told


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
