"""Loads what `motifkit export` wrote into Keras, PyTorch and onnxruntime, and compares with `motifkit predict`.

    KERAS_BACKEND=jax python3 exported_networks.py MOTIFKIT MODEL FASTA

MOTIFKIT is the program, MODEL one of its models, FASTA sequences as long as it takes. Needs keras, torch, onnxruntime and numpy.
Status 1 if a difference is above 1e-5.
"""
import pathlib
import subprocess
import sys
import tempfile

import keras
import numpy as np
import onnxruntime
import torch

program, model, fasta = sys.argv[1:]
lines = subprocess.check_output([program, "predict", model, fasta, "--quiet"], text=True).splitlines()
columns = lines[0].split("\t")[1:]
# A model that answers yes or no has its logit beside the probability.
kept = [i for i, name in enumerate(columns) if columns != ["probability", "logit"] or name == "probability"]
expected = np.array([[float(line.split("\t")[1 + i]) for i in kept] for line in lines[1:]])
texts = "".join("\n" if line.startswith(">") else line.strip() for line in open(fasta)).split()
x = np.array([[[float(base == letter) for letter in "ACGT"] for base in text.upper()] for text in texts], "f4")


def flat(outputs):
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return np.concatenate([np.asarray(o).reshape(len(x), -1) for o in outputs], 1)


worst = 0
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)

    def export(to, name):
        subprocess.check_call([program, "export", model, "--to", to, "--out", str(folder / name), "--quiet"])
        return folder / name

    found = {}
    for name in ("m.keras", "m.h5"):
        found[name] = flat(keras.saving.load_model(export("keras", name), compile=False).predict(x, verbose=0))
    export("torch", "m.pt")
    space = {}
    exec((folder / "m.py").read_text().replace('"m.pt"', repr(str(folder / "m.pt"))), space)
    with torch.no_grad():
        found["m.pt"] = flat(space["network"](torch.from_numpy(x).permute(0, 2, 1)))
    session = onnxruntime.InferenceSession(str(export("onnx", "m.onnx")))
    found["m.onnx"] = flat(session.run(None, {session.get_inputs()[0].name: x.transpose(0, 2, 1).copy()}))
    for name, outputs in found.items():
        difference = np.abs(outputs - expected).max()
        worst = max(worst, difference)
        print(f"{name}: {difference:.2g}")
sys.exit(worst > 1e-5)
