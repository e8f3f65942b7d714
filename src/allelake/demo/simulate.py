"""Simulates the demo's cohort and writes its VCFs and people file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from allelake.demo.bgzf import BgzfWriter
from allelake.demo.haplotypes import (
    draw_haplotypes,
    is_outside_par,
    pass_on_to_children,
    star_out_deleted,
)
from allelake.demo.people import Person, make_people, write_people
from allelake.demo.reads import sequence_site
from allelake.demo.sites import WINDOWS, Window, draw_sites
from allelake.demo.vcf import write_header, write_record

# A variant at least this common in the cohort gets an identifier, as known variants have an rsID.
NAMED_FROM_FREQUENCY = 0.01


@dataclass(frozen=True)
class DemoFiles:
    """What was written: one VCF per chromosome, and the people."""

    vcfs: tuple[Path, ...]
    people: Path
    samples: int
    records: int


def make_demo(folder: Path, people: int = 1000, seed: int = 1, variants: int = 12_000) -> DemoFiles:
    """Writes chr21, chr22 and chrX of a simulated cohort, and its people, into `folder`.

    The same arguments give the same text; compressed it may differ between processors.
    There are `variants` records or a few less.
    """
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    persons = make_people(people, rng)
    people_file = folder / "people.tsv"
    write_people(persons, people_file)
    samples = [person.sample_id for person in persons if person.is_sequenced]
    vcfs, records = [], 0
    for contig, windows in groupby(WINDOWS, key=lambda window: window.contig):
        path = folder / f"{contig}.vcf.gz"
        with BgzfWriter(path) as vcf:
            vcf.write(write_header(samples))
            for window in windows:
                for record in simulate_window(window, round(variants * window.share), persons, rng):
                    vcf.write(record)
                    records += 1
        vcfs.append(path)
    return DemoFiles(tuple(vcfs), people_file, len(samples), records)


def simulate_window(
    window: Window, count: int, people: Sequence[Person], rng: np.random.Generator
) -> Iterator[bytes]:
    """The records of one window, in order. Sites at which nobody carries an ALT are left out."""
    # Nearly half of the drawn sites are too rare to be seen in the cohort.
    sites = draw_sites(window, count * 2, len(people), rng)
    haplotypes = draw_haplotypes(sites, people, rng)
    positions = np.array([site.position for site in sites])
    is_x = window.contig == "chrX"
    pass_on_to_children(haplotypes, positions, people, is_x, rng)
    star_out_deleted(sites, haplotypes)
    is_xy = np.array([person.sex == "XY" for person in people])
    haploid = (is_outside_par(positions) & is_x)[:, None] & is_xy[None, :]
    haplotypes[haploid, 1] = haplotypes[haploid, 0]
    sequenced = np.array([person.is_sequenced for person in people])
    haplotypes, haploid = haplotypes[:, sequenced], haploid[:, sequenced]
    seen = np.flatnonzero(haplotypes.any(axis=(1, 2)))
    chosen = set(rng.permutation(seen)[:count].tolist())
    chosen |= {number for number, site in enumerate(sites) if site.id != "."}
    sample_depth = rng.normal(1, 0.12, size=int(sequenced.sum())).clip(0.6, 1.5)
    for number in sorted(chosen):
        site = sites[number]
        if site.id == "." and (haplotypes[number] == 1).mean() >= NAMED_FROM_FREQUENCY:
            site.id = f"sim{window.contig[3:]}_{site.position}"
        reads = sequence_site(haplotypes[number], haploid[number], sample_depth, rng)
        yield write_record(window.contig, site, reads, haploid[number])
