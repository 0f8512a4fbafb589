"""Time and memory of `motifkit discover` on many seqlets: python many_seqlets.py MOTIFKIT [SEQLETS]

Makes sequences of 200 random bases with two sites each of eight motifs, whose bases have attributions beside noise, as many as to give
SEQLETS seqlets (100,000), and clusters all of them. Prints seqlets, patterns, seconds and the largest resident memory.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

MOTIFS = ["TGTTTACATA", "CACGTGGCAG", "GGGCGGAGTC", "TGACTCATCC", "ATTTGCATAT", "CCGGAAGTAC", "AGGTCAAAGG", "TTCCGGAATT"]
LENGTH = 200


def main():
    motifkit = sys.argv[1]
    count = (int(sys.argv[2]) if len(sys.argv) > 2 else 100_000) // 2
    draw = np.random.default_rng(1)
    codes = draw.integers(0, 4, (count, LENGTH))
    values = (draw.random((count, 4, LENGTH), dtype=np.float32) - 0.5) * 0.04
    words = [np.array(["ACGT".index(letter) for letter in word]) for word in MOTIFS]
    for index in range(count):
        for place in (30, 120):
            word = words[draw.integers(len(words))]
            start = place + draw.integers(30)
            forward = draw.integers(2)
            word = word if forward else 3 - word[::-1]
            positions = np.arange(start, start + len(word))
            values[index][:, positions] -= 0.2
            values[index, word, positions] = 0.4 + 0.2 * draw.random(len(word))
            # Every twentieth base is another one.
            codes[index, positions] = np.where(draw.random(len(word)) < 0.05, draw.integers(0, 4, len(word)), word)
    one_hot = np.zeros((count, 4, LENGTH), np.uint8)
    np.put_along_axis(one_hot, codes[:, None, :], 1, axis=1)
    folder = Path(tempfile.mkdtemp())
    np.savez(folder / "sequences.npz", one_hot)
    np.savez(folder / "attributions.npz", values)
    start = time.perf_counter()
    result = subprocess.run(
        [motifkit, "discover", "--sequences", folder / "sequences.npz", "--attributions", folder / "attributions.npz",
         "--max-seqlets", "200000", "--out", folder / "out"], check=True, text=True, stderr=subprocess.PIPE,
        stdout=subprocess.PIPE)
    seconds = time.perf_counter() - start
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(result.stderr.splitlines()[0])
    print(result.stdout)
    print(f"{seconds:.0f} s, {usage.ru_utime + usage.ru_stime:.0f} s of processors, {usage.ru_maxrss / 2**20:.2f} GB")


if __name__ == "__main__":
    main()
