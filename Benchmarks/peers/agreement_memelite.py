"""Compares `motifkit compare --mode lite` with memelite's tomtom over all pairs of two MEME files.

usage: agreement_memelite.py MOTIFKIT QUERY TARGET

Prints how far p-values, offsets, overlaps and strands agree. memelite's offset counts from the query's first column.
"""
import subprocess
import sys

import numpy as np
from memelite import tomtom
from memelite.io import read_meme

program, query, target = sys.argv[1:4]
queries, targets = read_meme(query), read_meme(target)
query_names, target_names = ([name.split()[0] for name in motifs] for motifs in (queries, targets))
p, _, offset, overlap, strand = tomtom(list(queries.values()), list(targets.values()))

command = [program, "compare", query, target, "--mode", "lite", "--p-value", "1"]
lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
query_at, target_at = ({name: i for i, name in enumerate(names)} for names in (query_names, target_names))
ours_p = np.full(p.shape, np.nan)
ours = np.zeros(p.shape + (3,), dtype=int)
for line in lines[1:]:
    fields = line.split("\t")
    if len(fields) < 10:
        continue
    place = query_at[fields[0]], target_at[fields[1]]
    ours_p[place] = float(fields[3])
    ours[place] = int(fields[2]), int(fields[6]), fields[9] == "-"

missing = np.isnan(ours_p).sum()
difference = np.abs(np.log10(ours_p) - np.log10(p))
print(f"{p.size} pairs, {missing} missing")
print(f"|difference of log10 p|: median {np.nanmedian(difference):.2g}, largest {np.nanmax(difference):.2g}")
theirs = np.stack([offset, overlap, strand], axis=-1).astype(int)
sign = 1 if (theirs[..., 0] == ours[..., 0]).mean() >= (theirs[..., 0] == -ours[..., 0]).mean() else -1
equal = theirs * [sign, 1, 1] == ours
for name, column in zip(("offset", "overlap", "strand"), range(3)):
    print(f"{name} equal in {100 * equal[..., column].mean():.4f} %")
both = equal[..., 0] & equal[..., 2]
print(f"offset and strand equal in {100 * both.mean():.4f} % ({(~both).sum()} differ; their smallest p {p[~both].min() if (~both).any() else 1:.3g})")
