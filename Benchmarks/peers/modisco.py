"""Motif discovery beside modisco-lite: python modisco.py MOTIFKIT SEQUENCES.npz ATTRIBUTIONS.npz [MOTIFS.meme]

Needs modisco-lite 3.0. Runs both programs on one input (arr_0, (N, 4, L)), each as a whole process, modisco's kernels compiled
before; prints seconds, patterns and seqlets, and which patterns correlate. Then modisco and tangermeme read what motifkit
writes: `modisco report` its patterns.h5, `modisco meme` too, and numpy its NPZ files.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np


def timed(*command):
    start = time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def patterns(path):
    found = []
    with h5py.File(path) as file:
        for group in ("pos_patterns", "neg_patterns"):
            for name, pattern in sorted(file.get(group, {}).items()):
                found.append((f"{group}.{name}", int(pattern["seqlets/n_seqlets"][0]), pattern["contrib_scores"][:]))
    return found


def correlation(a, b):
    """Best cosine over offsets and strands that leave 70 % of b on a."""
    pad = int(np.ceil(0.3 * len(b)))
    padded, best = np.pad(a, ((pad, pad), (0, 0))), -1
    for turned in (b, b[::-1, ::-1]):
        for offset in range(len(padded) - len(b) + 1):
            window = padded[offset : offset + len(b)]
            norm = np.linalg.norm(window) * np.linalg.norm(turned)
            best = max(best, (window * turned).sum() / norm if norm > 0 else -1)
    return best


def main():
    motifkit, sequences, attributions = sys.argv[1:4]
    # Modisco takes an even window, about the middle.
    length = np.load(sequences)["arr_0"].shape[2] & ~1
    folder = Path(tempfile.mkdtemp())
    modisco = ["modisco", "motifs", "-s", sequences, "-a", attributions, "-n", 20000, "-w", length, "-o", folder / "peer.h5"]
    timed(*modisco)
    peer = timed(*modisco)
    ours = timed(motifkit, "discover", "--sequences", sequences, "--attributions", attributions, "--out", folder / "ours")
    print(f"modisco-lite {peer:.2f} s, motifkit {ours:.2f} s, {peer / ours:.1f} times")
    mine = patterns(folder / "ours/patterns.h5")
    for name, count, values in patterns(folder / "peer.h5"):
        best = max(((correlation(values, v), n, c) for n, c, v in mine), default=(-1, "nothing", 0))
        print(f"{name}: {count} seqlets; {best[1]}: {best[2]} seqlets, correlation {best[0]:.3f}")
    report = ["modisco", "report", "-i", folder / "ours/patterns.h5", "-o", folder / "report", "-s", folder / "report"]
    timed(*report, *(["-m", sys.argv[4]] if len(sys.argv) > 4 else []))
    timed("modisco", "meme", "-i", folder / "ours/patterns.h5", "-o", folder / "peer.meme", "-t", "PFM")
    print("modisco report and modisco meme read patterns.h5")


if __name__ == "__main__":
    main()
