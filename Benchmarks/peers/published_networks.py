"""Runs published networks in PyTorch, apart from MotifKit's readers, and keeps inputs and outputs for
`motifkit import --check`.

    python3 published_networks.py MODELS OUT [MOTIFKIT]

MODELS holds tal1/, mmsplice/, dragonn/, explainn/, kipoi-pyt/ and deepbind/ with the authors' files; OUT gets an NPZ file for
each network, with x and y. With the program MOTIFKIT, its gradients of the TAL1 network are compared with the published ones too.
Needs numpy, h5py and torch.
"""
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import torch
import torch.nn.functional as F

models, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
program = sys.argv[3] if len(sys.argv) > 3 else None
out.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(11)


def sequences(count, length):
    x = np.eye(4, dtype="f4")[rng.integers(0, 4, (count, length))]
    x[0, 3] = 0
    return x


def t(a):
    return torch.from_numpy(np.asarray(a, dtype="f4"))


def conv(x, kernel, bias, padding=0):
    """Keras's layout: x (N, L, C), kernel (size, C, filters)."""
    k = t(kernel).permute(2, 1, 0)
    left = (kernel.shape[0] - 1) // 2 if padding == "same" else 0
    right = kernel.shape[0] - 1 - left if padding == "same" else 0
    return F.conv1d(F.pad(x.permute(0, 2, 1), (left, right)), k, t(bias)).permute(0, 2, 1)


def layer(w, name):
    return [w[name][path][:] for path in w[name].attrs["weight_names"]]


def norm(x, w, name):
    g, b, m, v = map(t, layer(w, name))
    return g * (x - m) / torch.sqrt(v + 1e-3) + b


def dense(x, w, name):
    kernel, bias = layer(w, name)
    return x @ t(kernel) + t(bias)


def tal1():
    w = h5py.File(models / "tal1/model_files__weights.hdf5")
    grads = h5py.File(models / "tal1/example_files__grads.hdf5")
    x = t(grads["inputs"][:]).requires_grad_()
    y = dense(torch.relu(conv(x, *layer(w, "conv1d_1"))).amax(1), w, "dense_1")
    y.sum().backward()
    print("tal1: largest difference of gradients from the published", np.abs(x.grad.numpy() - grads["grads"][:]).max())
    if program:
        print("tal1: the same of motifkit explain", np.abs(explained(grads["inputs"][:]) - grads["grads"][:]).max())
    return x.detach().numpy(), torch.sigmoid(y)


def explained(x):
    """Gradients by the program, (sequences, length, 4)."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        letters = np.where(x.max(2) == 1, x.argmax(2), 4)
        (folder / "x.fa").write_text("".join(f">{i}\n{''.join('ACGTN'[c] for c in row)}\n" for i, row in enumerate(letters)))
        weights, network = models / "tal1/model_files__weights.hdf5", models / "tal1/model_files__arch.json"
        model = folder / "tal1.safetensors"
        subprocess.run([program, "import", weights, "--architecture", network, "--out", model, "--quiet"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([program, "explain", model, folder / "x.fa", "--method", "gradient", "--out", folder / "g.npz", "--quiet"], check=True,
                       stdout=subprocess.DEVNULL)
        return np.load(folder / "g.npz")["attributions"].transpose(0, 2, 1)


def acceptor():
    w = h5py.File(models / "mmsplice/Acceptor.h5")["model_weights"]
    x = sequences(16, 53)
    h = norm(torch.relu(conv(t(x), *layer(w, "convSpliceSite"), padding="same")), w, "batch_normalization_1")
    h = norm(torch.relu(conv(h, *layer(w, "conv1by1"))), w, "batch_normalization_2")
    return x, torch.sigmoid(dense(h.reshape(len(x), -1), w, "denseSS"))


def intron3():
    w = h5py.File(models / "mmsplice/Intron3.h5")["model_weights"]
    x = sequences(16, 100)
    return x, dense(torch.relu(conv(t(x), *layer(w, "conv"), padding="same")).mean(1), w, "dense3")


def dragonn():
    w = h5py.File(models / "dragonn/one_filter.weights.h5")
    x = sequences(16, 1000)
    picture = t(x).permute(0, 2, 1)[:, None]
    # Theano's convolution turns the kernel by 180 degrees.
    kernel = t(w["layer_0/param_0"][:]).flip(2, 3)
    h = torch.relu(F.conv2d(picture, kernel, t(w["layer_0/param_1"][:])))
    h = F.max_pool2d(h, (1, 35), (1, 35)).flatten(1)
    return x, torch.sigmoid(h @ t(w["layer_5/param_0"][:]) + t(w["layer_5/param_1"][:]))


def explainn():
    state = torch.load(models / "explainn/model_epoch_best_4.pth", map_location="cpu")
    units = state["linears.0.weight"].shape[0]
    net = torch.nn.Sequential(
        torch.nn.Conv1d(4 * units, units, 19, groups=units), torch.nn.BatchNorm1d(units), torch.nn.Identity(),
        torch.nn.MaxPool1d(7, 7), torch.nn.Flatten(), torch.nn.Unflatten(1, (-1, 1)),
        torch.nn.Conv1d(26 * units, 100 * units, 1, groups=units), torch.nn.BatchNorm1d(100 * units), torch.nn.ReLU(),
        torch.nn.Dropout(0.3), torch.nn.Conv1d(100 * units, units, 1, groups=units), torch.nn.BatchNorm1d(units),
        torch.nn.ReLU(), torch.nn.Flatten())
    net.load_state_dict({k.removeprefix("linears."): v for k, v in state.items() if k.startswith("linears.")})
    net.eval()
    x = sequences(16, 200)
    h = t(x).permute(0, 2, 1).repeat(1, units, 1)
    for index, module in enumerate(net):
        h = torch.exp(h) if index == 2 else module(h)
    return x, h @ state["final.weight"].T + state["final.bias"]


def kipoi():
    w = torch.load(models / "kipoi-pyt/only_weights.pth")

    def network(x):
        return torch.sigmoid(torch.relu(x @ w["1.weight"].T + w["1.bias"]) @ w["3.weight"].T + w["3.bias"])

    published = h5py.File(models / "kipoi-pyt/expected.pred.h5")
    difference = network(t(published["inputs"][:]).flatten(1)).numpy() - published["preds"][:]
    print("kipoi: largest difference from the published predictions", np.abs(difference).max())
    # Their inputs are unknown bases only, as a quarter of each; here are some that say more.
    x = sequences(16, 1000)
    return x, network(t(x).flatten(1))


def deepbind(path):
    """From the description of DeepBind's own text: all windows that touch, a quarter of each base beyond the ends and for N."""
    values = dict(line.split(" = ") for line in path.read_text().splitlines() if " = " in line)
    numbers = {k: np.array([float(v) for v in text.split(",") if v.strip()], "f4") for k, text in values.items()}
    count, size, hidden = (int(numbers[k][0]) for k in ("num_detectors", "detector_len", "num_hidden"))
    filters = numbers["detectors"].reshape(size, 4, count)

    def strand(x):
        z = F.conv1d(F.pad(x, (size - 1, size - 1), value=0.25), t(filters).permute(2, 1, 0), t(numbers["thresholds"]))
        pooled = torch.relu(z).amax(2)
        if numbers["has_avg_pooling"][0]:
            pooled = torch.stack([pooled, torch.relu(z).mean(2)], 2).flatten(1)
        y = pooled @ t(numbers["weights1"].reshape(pooled.shape[1], -1)) + t(numbers["biases1"])
        return torch.relu(y) @ t(numbers["weights2"])[:, None] + t(numbers["biases2"]) if hidden else y

    x = sequences(16, size * 3 // 2)
    x[0, 3] = 0.25
    given = t(x).permute(0, 2, 1)
    y = strand(given)
    if numbers["reverse_complement"][0]:
        y = torch.maximum(y, strand(given.flip(1, 2)))
    return x, y


with torch.no_grad():
    for path in sorted((models / "deepbind").glob("*.txt")):
        x, y = deepbind(path)
        np.savez(out / f"{path.stem}.npz", x=x, y=y.numpy())
    for function in (acceptor, intron3, dragonn, explainn, kipoi):
        x, y = function()
        np.savez(out / f"{function.__name__}.npz", x=x, y=y.numpy())
x, y = tal1()
np.savez(out / "tal1.npz", x=x, y=y.detach().numpy())
