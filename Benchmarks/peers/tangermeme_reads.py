"""Whether tangermeme reads what MotifKit writes: python tangermeme_reads.py MOTIFKIT MODEL SEQUENCES

Needs tangermeme 1.6. `motifkit explain --hypothetical` and `motifkit discover` explain the sequences; tangermeme checks that the one-hot
sequences are such and the attributions fit them, finds seqlets in both, and turns the sequences back into the letters of the file.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from tangermeme.seqlet import recursive_seqlets, tfmodisco_seqlets
from tangermeme.utils import _validate_input, characters


def check(name, sequences, attributions):
    X = torch.from_numpy(sequences)
    values = torch.from_numpy(attributions)
    _validate_input(X, "X", shape=(-1, 4, -1), ohe=True, allow_N=True)
    _validate_input(values, "attributions", shape=tuple(X.shape))
    actual = (X * values).sum(1)
    assert torch.isfinite(actual).all() and actual.abs().max() > 0
    recursive = recursive_seqlets(actual)
    windows = tfmodisco_seqlets(actual)
    found = [len(w) for w in windows] if isinstance(windows, tuple) else len(windows)
    print(f"{name}: {tuple(X.shape)}, {len(recursive)} recursive seqlets, {found} of windows")
    return X


def main():
    motifkit, model, file = sys.argv[1:4]
    folder = Path(tempfile.mkdtemp())
    explain = ["explain", model, file, "--method", "deepshap", "--hypothetical", "--out", folder / "explained.npz"]
    subprocess.run([str(word) for word in [motifkit, *explain]], check=True, stdout=subprocess.DEVNULL)
    explained = np.load(folder / "explained.npz")
    X = check("explain", explained["sequences"], explained["attributions"])
    print("first sequence:", characters(X[0].float(), allow_N=True)[:60])
    subprocess.run(
        [motifkit, "discover", model, file, "--out", str(folder / "found"), "--quiet"], check=True,
        stdout=subprocess.DEVNULL)
    arrays = [np.load(folder / "found" / f"{name}.npz")["arr_0"] for name in ("sequences", "attributions")]
    check("discover", *arrays)
    assert (arrays[0] == explained["sequences"]).all()


if __name__ == "__main__":
    main()
