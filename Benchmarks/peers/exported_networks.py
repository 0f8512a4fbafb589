"""Loads what `motifkit export` writes into Keras, PyTorch and onnxruntime, and compares with `motifkit predict`; then imports it
again and compares once more.

    KERAS_BACKEND=jax python3 exported_networks.py MOTIFKIT [NAME…]

MOTIFKIT is the program. Networks are the presets and small ones that have every kind of layer between them, or those named; they are
trained for one epoch, so that no number is a first one. Keras runs on JAX: on PyTorch its average pooling with `same` padding repeats
the last position, where TensorFlow and JAX leave it out. Differences are relative to the largest output. Needs keras, torch,
onnxruntime and numpy. Status 1 if one is above 1e-5, or above 1e-6 after importing.
"""
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

import keras
import numpy as np
import onnxruntime
import torch

program, wanted = sys.argv[1], sys.argv[2:]


def convolution(filters, size, **rest):
    return {"type": "convolution1D", "filters": filters, "kernelSize": size, **rest}


def layer(kind, **rest):
    return {"type": kind, **rest}


PRESETS = {"v1": 100, "v2": 100, "v3": 100, "v4": 100, "v5": 100, "deepbind": 101, "deeperbind": 35, "zeng2016": 101, "basset": 600,
           "deepstarr": 249, "explainn": 200, "deepsea": 1000, "danq": 1000}
NETWORKS = {
    "normalized": [
        convolution(6, 8, stride=2, padding="same", useBias=False), layer("batchNormalization"), layer("activation", function="gelu"),
        layer("averagePooling1D", size=3, stride=2, padding="same"), layer("flatten"), layer("dense", units=7),
        layer("batchNormalization", convention="pytorch"), layer("activation", function="leakyRelu"), layer("dense", units=1)],
    "strands": [
        convolution(4, 7, padding="same", reverseComplement="maximum", activation="relu"), layer("maxPooling1D", size=4, padding="same"),
        layer("dropout", rate=0.1), convolution(4, 3, padding="full", activation="elu"), layer("globalAveragePooling1D"),
        layer("dense", units=1)],
    "both strands": [
        convolution(4, 7, padding="full", reverseComplement="concatenation", activation="softplus"), layer("globalMaxPooling1D"),
        layer("reshape", length=2), convolution(3, 1, activation="tanh"), layer("globalAveragePooling1D"), layer("dense", units=1)],
    "dilated groups, skips": [
        convolution(6, 5, activation="silu", name="a"), convolution(6, 3, dilation=2, groups=3, activation="sigmoid", name="b"),
        layer("cropping1D", left=2, right=2, inputs=["a"], name="c"), layer("addition", inputs=["b", "c"], name="d"),
        layer("concatenate", inputs=["b", "d"], name="e"), layer("zeroPadding1D", left=3, right=1), convolution(5, 4, activation="exponential"),
        layer("layerNormalization"), layer("softmax"), layer("flatten"), layer("layerNormalization"), layer("dense", units=1)],
    "recurrent": [
        convolution(6, 5, activation="relu"), layer("recurrent", cell="lstm", units=5, direction="both", returnsSequences=True),
        layer("recurrent", cell="gru", units=4, returnsSequences=True), layer("recurrent", cell="gru", units=4, direction="both"),
        layer("dense", units=1)],
    "recurrent, backward": [
        convolution(6, 5, activation="selu"), layer("recurrent", cell="gru", units=5, direction="backward"), layer("dense", units=4,
        activation="softsign"), layer("dense", units=1)],
    "excitation": [
        convolution(6, 5, activation="leakyReluKeras", name="map"), layer("globalAveragePooling1D"), layer("dense", units=3, activation="relu"),
        layer("dense", units=6, activation="hardSigmoid", name="gate"), layer("multiplication", inputs=["map", "gate"]),
        layer("transposedConvolution1D", filters=4, kernelSize=5, stride=2, activation="leakyReluTorch"),
        layer("transposedConvolution1D", filters=3, kernelSize=2, stride=3, padding="same"),
        layer("transposedConvolution1D", filters=3, kernelSize=3, stride=5), layer("flatten"), layer("dense", units=1)],
}
# Formats that have no such layer: the message is checked instead. Keras has no logsumexp, its GELU no approximation here.
REFUSED = {
    "resets before": ([
        convolution(6, 5, activation="relu"),
        layer("recurrent", cell="gru", units=5, direction="both", returnsSequences=True, resetsAfter=False, recurrentActivation="hardSigmoid"),
        layer("recurrent", cell="gru", units=4, resetsAfter=False), layer("dense", units=1)], ["torch"]),
    "logsumexp": ([convolution(6, 5, activation="geluTanh"), layer("globalLogSumExpPooling1D"), layer("dense", units=1)], ["keras"]),
    "hard gates": ([layer("recurrent", cell="lstm", units=5, recurrentActivation="hardSigmoid"), layer("dense", units=1)], ["torch"]),
}
# Profile and counts, from tensors, for which no labels are needed.
PROFILES = {
    "bpnet": [convolution(64, 25, padding="same", activation="relu", name="trunk0")]
    + [one for p in range(1, 10) for one in (
        convolution(64, 3, padding="same", dilation=2**p, activation="relu", name=f"dilated{p}"),
        layer("addition", inputs=[f"trunk{p - 1}", f"dilated{p}"], name=f"trunk{p}"))]
    + [layer("transposedConvolution1D", filters=2, kernelSize=25, padding="same", name="profile"),
       layer("globalAveragePooling1D", inputs=["trunk9"]), layer("dense", units=2, name="counts")],
    "chrombpnet": [convolution(32, 21, activation="relu", name="trunk0")]
    + [one for p in range(1, 9) for one in (
        convolution(32, 3, dilation=2**p, activation="relu", name=f"dilated{p}"),
        layer("cropping1D", left=2**p, right=2**p, inputs=[f"trunk{p - 1}"], name=f"cropped{p}"),
        layer("addition", inputs=[f"dilated{p}", f"cropped{p}"], name=f"trunk{p}"))]
    + [convolution(1, 75, name="profile"), layer("globalAveragePooling1D", inputs=["trunk8"]), layer("dense", units=1, name="counts")],
}
rng = np.random.default_rng(4)
failures = []


def run(*arguments):
    return subprocess.run([program, *map(str, arguments), "--quiet"], capture_output=True, text=True)


def table(path, length, count=8):
    letters = random.Random(3)
    rows = ["".join(letters.choices("ACGT", k=length)) for _ in range(count)]
    rows[1] = rows[1][:7] + "N" + rows[1][8:]
    path.write_text("seq\tlabel\n" + "".join(f"{row}\t{i % 2}\n" for i, row in enumerate(rows)))
    return np.array([[[float(base == letter) for letter in "ACGT"] for base in row] for row in rows], "f4")


def tensors(path, layers):
    """Random weights as PyTorch lays them out, in safetensors."""
    arrays, channels = {}, {"input": 4}
    last = "input"
    for i, one in enumerate(layers):
        name = one.get("name", f"layer{i}")
        source = one.get("inputs", [last])[0]
        size = channels[source]
        outputs = one.get("filters", one.get("units", size))
        if one["type"] == "dense":
            arrays[name + ".weight"] = (outputs, size)
        elif "filters" in one:
            shape = (size, outputs) if one["type"].startswith("transposed") else (outputs, size)
            arrays[name + ".weight"] = (*shape, one["kernelSize"])
        if name + ".weight" in arrays:
            arrays[name + ".bias"] = (outputs,)
        channels[name], last = outputs, name
    header, data = {}, b""
    for name, shape in arrays.items():
        numbers = (rng.normal(size=shape) / np.sqrt(np.prod(shape[1:]) or 1)).astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(numbers)]}
        data += numbers
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def flat(outputs, count):
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return np.concatenate([np.asarray(o).reshape(count, -1) for o in outputs], 1)


def predicted(model, path, *options):
    done = run("predict", model, path, *options)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    columns = lines[0].split("\t")[1:]
    # A model that answers yes or no has its logit beside the probability.
    kept = [i for i, name in enumerate(columns) if columns != ["probability", "logit"] or name == "probability"]
    return np.array([[float(line.split("\t")[1 + i]) for i in kept] for line in lines[1:]])


def torch_outputs(path, x):
    space = {}
    exec(path.with_suffix(".py").read_text().replace(f'"{path.name}"', repr(str(path))), space)
    with torch.no_grad():
        return space["network"](torch.from_numpy(x).permute(0, 2, 1))


def onnx_outputs(path, x):
    session = onnxruntime.InferenceSession(str(path))
    return session.run(None, {session.get_inputs()[0].name: x.transpose(0, 2, 1).copy()})


def keras_outputs(path, x):
    return keras.saving.load_model(path, compile=False).predict(x, verbose=0)


FILES = {"m.keras": ("keras", keras_outputs), "m.h5": ("keras", keras_outputs), "m.onnx": ("onnx", onnx_outputs),
         "m.pt": ("torch", torch_outputs)}


def check(name, folder, model, x, refused=(), profile=False):
    data = folder / "table.tsv"
    expected = predicted(model, data)
    architecture = folder / "own.json"
    header = model.read_bytes()
    size = struct.unpack("<Q", header[:8])[0]
    architecture.write_text(json.loads(header[8:8 + size])["__metadata__"]["architecture"])
    scale = max(1e-3, np.abs(expected).max())
    results = []
    for file, (to, load) in FILES.items():
        done = run("export", model, "--to", to, "--out", folder / file)
        if to in refused:
            if done.returncode != 2 or "cannot be written" not in done.stderr:
                failures.append(f"{name} {file}: should be refused")
            results.append("refused")
            continue
        if done.returncode:
            failures.append(f"{name} {file}: {done.stderr.strip()}")
            results.append("failed")
            continue
        # Profiles lie (channels, positions) in PyTorch and ONNX, with one track the same.
        try:
            outputs = load(folder / file, x)
        except Exception as error:
            failures.append(f"{name} {file}: {str(error).splitlines()[0]}")
            results.append("failed")
            continue
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        if profile and to != "keras":
            outputs = [np.asarray(o).transpose(0, 2, 1) if np.ndim(o) == 3 else np.asarray(o) for o in outputs]
        if profile:
            # A profile is predicted as shares of its counts.
            logits = np.asarray(outputs[0], "f8").reshape(len(x), -1)
            shares = np.exp(logits - logits.max(1, keepdims=True))
            outputs = [shares / shares.sum(1, keepdims=True), *outputs[1:]]
        there = np.abs(flat(outputs, len(x)) - expected).max() / scale
        options = ["--architecture", architecture] if to == "torch" else []
        # A state_dict has the two strands' kernels apart, where our layer has one.
        if to == "torch" and "reverseComplement" in architecture.read_text():
            results.append(f"{there:.1g}")
            back = 0
        else:
            done = run("import", folder / file, "--out", folder / "back.safetensors", *options)
            if done.returncode:
                failures.append(f"{name} {file}: {done.stderr.strip()}")
                continue
            again = predicted(folder / "back.safetensors", data)
            if to == "torch" and again.shape != expected.shape or options and not profile:
                # The tensors do not say that a sigmoid follows.
                again = 1 / (1 + np.exp(-again))
            back = np.abs(again.reshape(expected.shape) - expected).max() / scale
            results.append(f"{there:.1g} / {back:.1g}")
        if not there <= 1e-5 or not back <= 1e-6:
            failures.append(f"{name} {file}: {there:.2g}, after importing {back:.2g}")
    print(f"{name:24}" + "".join(f"{result:20}" for result in results), flush=True)


print(f"{'':24}" + "".join(f"{file:20}" for file in FILES))
with tempfile.TemporaryDirectory() as temporary:
    folder = pathlib.Path(temporary)
    trained = {name: (name, length, ()) for name, length in PRESETS.items()}
    for name, layers in NETWORKS.items():
        trained[name] = (layers, 60, ())
    for name, (layers, refused) in REFUSED.items():
        trained[name] = (layers, 60, refused)
    for name, (network, length, refused) in trained.items():
        if wanted and name not in wanted:
            continue
        x = table(folder / "table.tsv", length)
        if isinstance(network, list):
            (folder / "network.json").write_text(json.dumps({"input": {"length": length}, "layers": network}))
            network = folder / "network.json"
        model = folder / "model.safetensors"
        done = run("train", "--network", network, "--train", folder / "table.tsv", "--out", model, "--epochs", 1, "--batch-size", 4)
        assert done.returncode == 0, done.stderr
        check(name, folder, model, x, refused)
    for name, layers in PROFILES.items():
        if wanted and name not in wanted:
            continue
        x = table(folder / "table.tsv", 2114, 3)
        (folder / "network.json").write_text(
            json.dumps({"input": {"length": 2114}, "layers": layers, "outputs": ["profile", "counts"]}))
        tensors(folder / "tensors.safetensors", layers)
        model = folder / "model.safetensors"
        done = run("import", folder / "tensors.safetensors", "--architecture", folder / "network.json", "--out", model)
        assert done.returncode == 0, done.stderr
        check(name, folder, model, x, profile=True)
for failure in failures:
    print(failure, file=sys.stderr)
sys.exit(bool(failures))
