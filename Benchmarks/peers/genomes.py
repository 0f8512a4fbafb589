"""Compares what motifkit reads out of genomes, tracks and variant files with the programs that a lab uses, and its speed.

    python3 genomes.py MOTIFKIT GENOME.fa [COUNT] [WIDTH]

GENOME is plain FASTA. COUNT (100,000) windows of WIDTH (1,000) bases at random places are cut by motifkit, bedtools getfasta,
pyfaidx and tangermeme; the fastest of three rounds counts. Into memory, as pyfaidx and tangermeme read them, by the
library: WINDOW_BENCHMARK names the program of that name, built in Benchmarks. Into a FASTA file, as bedtools and pyfaidx
write it, by the program, from its start. A random track is summed over the windows and compared with pyBigWig, random variants with bcftools
(which are read), pysam (their reference) and tangermeme (their effects, through the exported network). Needs what requirements.txt names, and
bedtools and bcftools. Status 1 if anything differs.
"""
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np
import pyBigWig
import pyfaidx
import pysam
import tangermeme.io
import torch
from tangermeme.utils import one_hot_encode
from tangermeme.variant_effect import substitution_effect

motifkit, path = sys.argv[1:3]
count, width = (int(x) for x in (sys.argv[3:5] + ["100000", "1000"][len(sys.argv[3:5]):]))
folder = tempfile.mkdtemp()
genome = pyfaidx.Fasta(path, as_raw=True, sequence_always_upper=True)
lengths = {name: len(genome[name]) for name in genome.keys() if len(genome[name]) > 2 * width}
rng = random.Random(0)
names = rng.choices(list(lengths), list(lengths.values()), k=count)
places = [(name, rng.randrange(width, lengths[name] - width)) for name in names]
half = width // 2
failed = False


def file(name):
    return os.path.join(folder, name)


def run(*arguments):
    subprocess.run([motifkit, *map(str, arguments), "-q"], check=True)


def seconds(body, rounds=3):
    best, result = float("inf"), None
    for _ in range(rounds):
        start = time.perf_counter()
        result = body()
        best = min(best, time.perf_counter() - start)
    return best, result


def check(what, holds, detail=""):
    global failed
    failed |= not holds
    print(f"{what}: {'agrees' if holds else 'DIFFERS'} {detail}")


def fasta(name):
    with open(file(name)) as lines:
        return [line.strip().upper() for line in lines if line[0] != ">"]


# Windows.
with open(file("places.bed"), "w") as bed, open(file("windows.bed"), "w") as windows:
    bed.writelines(f"{name}\t{start}\t{start + 10}\n" for name, start in places)
    windows.writelines(f"{name}\t{start + 5 - half}\t{start + 5 - half + width}\n" for name, start in places)


def by_bedtools():
    with open(file("bedtools.fa"), "w") as out:
        subprocess.run(["bedtools", "getfasta", "-fi", path, "-bed", file("windows.bed")], stdout=out, check=True)


def by_pyfaidx():
    with open(file("pyfaidx.fa"), "w") as out:
        for n, s in places:
            start = s + 5 - half
            out.write(f">{n}:{start}-{start + width}\n{genome[n][start:start + width]}\n")


ours, _ = seconds(lambda: run("extract", file("places.bed"), "--genome", path, "--window", width, "--max-n", 1, "--out",
                              file("motifkit.fa")))
found = fasta("motifkit.fa")
theirs, expected = seconds(lambda: [genome[n][s + 5 - half:s + 5 - half + width] for n, s in places])
check("windows with pyfaidx", found == expected, f"{count} x {width}")
written, _ = seconds(by_pyfaidx)
check("FASTA of pyfaidx", found == fasta("pyfaidx.fa"), f"{ours:.2f} s, pyfaidx {written:.2f} s ({written / ours:.1f}x)")
memory = None
if program := os.environ.get("WINDOW_BENCHMARK"):
    memory = float(subprocess.run([program, path, file("places.bed"), str(width)], check=True, capture_output=True).stdout)
    print(f"into memory: {memory:.3f} s, pyfaidx {theirs:.3f} s ({theirs / memory:.1f}x)")
theirs, X = seconds(lambda: tangermeme.io.extract_loci(file("places.bed"), path, in_window=width, ignore=list("NRYSWKMBDHV")))
codes = np.frombuffer("".join(found).encode(), np.uint8).reshape(count, width)
hot = np.stack([codes == ord(base) for base in "ACGT"], 1)
check("windows with tangermeme", X.shape == hot.shape and bool((X.numpy() == hot).all()))
if memory:
    print(f"into memory: tangermeme {theirs:.3f} s ({theirs / memory:.1f}x)")
del X, hot
if shutil.which("bedtools"):
    theirs, _ = seconds(by_bedtools)
    check("windows with bedtools getfasta", found == fasta("bedtools.fa"), f"{ours:.2f} s, bedtools {theirs:.2f} s ({theirs / ours:.1f}x)")
del found, expected, codes

# Signal.
noise = np.random.default_rng(0)
with pyBigWig.open(file("track.bw"), "w") as track:
    track.addHeader(sorted(lengths.items()))
    for name, length in sorted(lengths.items()):
        starts = np.arange(0, length - 20, 20)
        values = noise.integers(0, 50, len(starts)).astype(float)
        track.addEntries([name] * len(starts), starts.tolist(), ends=(starts + 15).tolist(), values=values.tolist())
with open(file("few.bed"), "w") as bed:
    bed.writelines(f"{name}\t{start}\t{start + 10}\n" for name, start in places[:2000])
run("extract", file("few.bed"), "--genome", path, "--window", width, "--max-n", 1, "--signal", file("track.bw"), "--out",
    file("signal.tsv"))
with open(file("signal.tsv")) as table:
    found = [float(line.split("\t")[-1]) for line in list(table)[1:]]
with pyBigWig.open(file("track.bw")) as track:
    expected = [np.nansum(track.values(n, s + 5 - half, s + 5 - half + width, numpy=True).astype(float)) for n, s in places[:2000]]
check("sums of a bigWig with pyBigWig", np.array_equal(found, expected), f"{len(found)} windows")

# Variants: of a network that nobody trained, whose effects are as good as any.
reference = pysam.FastaFile(path)
with open(file("in.vcf"), "w") as vcf:
    vcf.write("##fileformat=VCFv4.2\n" + "".join(f"##contig=<ID={n},length={l}>\n" for n, l in lengths.items()))
    vcf.write("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
    for number, (name, start) in enumerate(sorted(places[:5000])):
        ref = reference.fetch(name, start, start + 1).upper()
        vcf.write(f"{name}\t{start + 1}\tv{number}\t{ref}\t{','.join(b for b in 'ACGT' if b != ref)}\t.\t.\t.\n")
run("simulate", "--out", file("data"), "--count", 200)
run("train", "--network", "v2", "--train", file("data/FOXO1_train.csv"), "--epochs", 2, "--out", file("m.safetensors"))
run("export", file("m.safetensors"), "--to", "torch", "--out", file("m.pt"))
run("variants", file("m.safetensors"), file("in.vcf"), "--genome", path, "--effect", "probability", "--single-strand", "--out",
    file("effects.tsv"))
with open(file("effects.tsv")) as table:
    rows = [line.rstrip("\n").split("\t") for line in list(table)[1:]]
queried = subprocess.check_output(["bcftools", "query", "-f", "%CHROM\t%POS\t%ID\t%REF\t%ALT\n", file("in.vcf")], text=True)
alleles = [(c, p, i, r, a) for c, p, i, r, alts in (l.split("\t") for l in queried.splitlines()) for a in alts.split(",")]
check("variants with bcftools query", [tuple(row[:5]) for row in rows] == alleles, f"{len(rows)} alleles")
space = {}
with open(file("m.py")) as program:
    exec(program.read().replace('"m.pt"', repr(file("m.pt"))), space)
length = 100
windows = [reference.fetch(r[0], int(r[1]) - 1 - length // 2, int(r[1]) - 1 + length // 2).upper() for r in rows]
X = torch.stack([one_hot_encode(window) for window in windows]).float()
changes = torch.tensor([[i, length // 2, "ACGT".index(row[4])] for i, row in enumerate(rows)])
before, after = substitution_effect(space["network"].eval(), X, changes, device="cpu")[:2]
expected = (after - before).detach().numpy().ravel()
difference = np.abs(np.array([float(row[8]) for row in rows]) - expected).max()
check("effects with tangermeme", difference < 1e-5, f"largest difference {difference:.1e}, largest effect {np.abs(expected).max():.2g}")
shutil.rmtree(folder)
sys.exit(failed)
