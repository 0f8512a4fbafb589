"""Cuts windows out of a genome with motifkit, pyfaidx and tangermeme, checks that they agree, and prints seconds.

usage: genomes.py MOTIFKIT GENOME.fa [COUNT] [WIDTH]

    pip install pyfaidx==0.9.2.2 tangermeme==1.6.0

COUNT (100,000) windows of WIDTH (1,000) bases at random places. The fastest of three rounds counts; motifkit's time holds
the start of the program and the writing of FASTA, the others' only the reading.
"""
import os
import random
import subprocess
import sys
import tempfile
import time

import pyfaidx
import tangermeme.io

motifkit, path = sys.argv[1:3]
count, width = (int(x) for x in (sys.argv[3:5] + ["100000", "1000"][len(sys.argv[3:5]):]))
genome = pyfaidx.Fasta(path, as_raw=True, sequence_always_upper=True)
lengths = {name: len(genome[name]) for name in genome.keys() if len(genome[name]) > 2 * width}
rng = random.Random(0)
names = rng.choices(list(lengths), list(lengths.values()), k=count)
places = [(name, rng.randrange(width, lengths[name] - width)) for name in names]
folder = tempfile.mkdtemp()
bed, out = os.path.join(folder, "places.bed"), os.path.join(folder, "windows.fa")
with open(bed, "w") as f:
    f.writelines(f"{name}\t{start}\t{start + 10}\n" for name, start in places)
half = width // 2


def by_motifkit():
    subprocess.run([motifkit, "extract", bed, "--genome", path, "--window", str(width), "--max-n", "2", "--out", out, "-q"],
                   check=True)


def by_pyfaidx():
    return [genome[name][start + 5 - half:start + 5 - half + width] for name, start in places]


def by_tangermeme():
    return tangermeme.io.extract_loci(bed, path, in_window=width, ignore=list("NRYSWKMBDHV"))


def seconds(body):
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        result = body()
        best = min(best, time.perf_counter() - start)
    return best, result


ours, _ = seconds(by_motifkit)
theirs, windows = seconds(by_pyfaidx)
with open(out) as f:
    assert [line.strip() for line in f if line[0] != ">"] == windows, "windows differ"
third, X = seconds(by_tangermeme)
assert X.shape == (count, 4, width)
print(f"{count} windows of {width} bases: motifkit {ours:.2f} s, pyfaidx {theirs:.2f} s ({theirs / ours:.1f}x), "
      f"tangermeme {third:.2f} s ({third / ours:.1f}x)")
