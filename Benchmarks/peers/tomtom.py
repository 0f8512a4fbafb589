"""Compares two MEME files with memelite's tomtom and prints how many pairs have p at most 0.05.

usage: tomtom.py QUERY TARGET THREADS
"""
import os
import sys

query, target, threads = sys.argv[1:4]
os.environ["NUMBA_NUM_THREADS"] = threads

from memelite import tomtom  # noqa: E402
from memelite.io import read_meme  # noqa: E402

queries, targets = (list(read_meme(path).values()) for path in (query, target))
p_values = tomtom(queries, targets)[0]
print((p_values <= 0.05).sum())
