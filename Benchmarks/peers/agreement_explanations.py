"""Compares `motifkit explain` with PyTorch, captum, tangermeme and brute force, on the same networks and sequences.

    python3 agreement_explanations.py MOTIFKIT DEEPBIND…

MOTIFKIT is the program, DEEPBIND… are parameter files that DeepBind's authors published. The other networks, v1 to v5, DeepSTARR's
shape and a residual dilated one, are trained here for two epochs. The peers build them with PyTorch's modules in double precision and take the
exported weights. Among the sequences are repeats, homopolymers and unknown bases. References of DeepLIFT are unknown bases only, random bases
and the sequence's own bases in another order; every pair of a sequence and a reference is compared, for all four bases.

A number is the largest difference relative to the largest attribution. captum's and tangermeme's DeepLIFT are compared where their own sum is
complete to 1e-6; how many pairs are not, and by how much at most, stands in brackets. Where a ReLU or a maximum
turns close to one of the 50 points of integrated gradients, single precision may take the other side; sequences that differ by more than 1e-4 are
counted in brackets, with the largest of their differences. Status 1 if they are more than a third or differ by more than 5e-3, if any other
difference is above 1e-4, of mutagenesis 1e-5, or if a sum of MotifKit's DeepLIFT is not complete to 1e-5. Needs torch, captum, tangermeme and numpy.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import captum.attr
import numpy as np
import torch
from tangermeme.deep_lift_shap import deep_lift_shap
from torch import nn

import networks
import torch_peer

warnings.simplefilter("ignore")
program, published = sys.argv[1], sys.argv[2:]
folder = pathlib.Path(tempfile.mkdtemp())
rng = np.random.default_rng(2)
failures = []
PEERS = ["PyTorch, gradient", "captum, integrated gradients", "captum, DeepLIFT", "tangermeme, DeepLIFT", "brute force, mutagenesis"]
DILATED = [2, 4, 8]


# ----------------------------------------------------------------------------------------------------------- the peers

class Steady(nn.Conv1d):
    """Windows that are equal have equal results at every place, so the first maximum is the same for all; how a library adds up depends on
    the place, by 1e-16."""

    def forward(self, x):
        y = super().forward(x)
        return y + ((y * 2**32).round() / 2**32 - y).detach()


class Apart(nn.Module):
    """A tensor of its own. captum hangs what belongs to a ReLU and to the maximum after it on the one tensor between them, where the ReLU
    then sees the gradient before the maximum's rule."""

    def forward(self, x):
        return x.clone()


def maximum(size):
    return nn.Sequential(Apart(), nn.MaxPool1d(size))


def steady(module):
    for one in module.modules():
        if type(one) is nn.Conv1d:
            one.__class__ = Steady
        elif isinstance(one, nn.BatchNorm1d):
            one.eps = 0.001
    return module.double().eval()


class Exercise(nn.Sequential):
    """The peers' network, with the maximum over all positions as a module, for which DeepLIFT has a rule, and with `normalized`
    batch normalizations after the hidden dense layers, as the preset has them."""

    def __init__(self, name, normalized=False):
        stack = networks.STACKS[name]
        layers, length = list(torch_peer._network(stack)), stack.length
        for index, layer in enumerate(layers):
            if isinstance(layer, nn.Conv1d) and layer.padding != "same":
                length -= layer.kernel_size[0] - 1
            elif isinstance(layer, nn.MaxPool1d):
                length //= layer.kernel_size
                layers[index] = maximum(layer.kernel_size)
            elif isinstance(layer, torch_peer._GlobalMax):
                layers[index] = nn.Sequential(maximum(length), nn.Flatten())
            elif normalized and isinstance(layer, nn.Linear) and index + 1 < len(layers):
                layers[index] = nn.Sequential(layer, nn.BatchNorm1d(layer.out_features))
        super().__init__(*layers)


class Residual(nn.Module):
    """A convolution and dilated ones that are added to what they take."""

    def __init__(self, length):
        super().__init__()
        self.first = nn.Conv1d(4, 16, 11, padding="same")
        self.dilated = nn.ModuleList(nn.Conv1d(16, 16, 3, padding="same", dilation=d) for d in DILATED)
        self.dense = nn.Linear(16, 1)
        # A module of its own for each place: hooks know them by it.
        self.relus = nn.ModuleList(nn.ReLU() for _ in range(1 + len(DILATED)))
        self.maximum = maximum(length)

    def forward(self, x):
        x = self.relus[0](self.first(x))
        for layer, relu in zip(self.dilated, self.relus[1:]):
            x = x + relu(layer(x))
        return self.dense(self.maximum(x).flatten(1))


class Strand(nn.Module):
    def __init__(self, kernel, bias, length, averaged, dense):
        super().__init__()
        filters, _, size = kernel.shape
        self.detectors, self.relu = nn.Conv1d(4, filters, size, padding=size - 1), nn.ReLU()
        self.maximum, self.averaged = maximum(length + size - 1), averaged
        self.dense = nn.ModuleList(nn.Linear(weight.shape[1], weight.shape[0]) for weight, _ in dense)
        self.hidden = nn.ModuleList(nn.ReLU() for _ in dense[1:])
        for layer, values in zip([self.detectors, *self.dense], [(kernel, bias), *dense]):
            layer.weight.data, layer.bias.data = (value.clone() for value in values)

    def forward(self, x):
        y = self.relu(self.detectors(x))
        features = self.maximum(y).flatten(1)
        if self.averaged:
            features = torch.stack([features, y.mean(2)], 2).flatten(1)
        features = self.dense[0](features)
        for relu, layer in zip(self.hidden, self.dense[1:]):
            features = layer(relu(features))
        return features


class DeepBind(nn.Module):
    """From the authors' own text: all windows that touch; a quarter of each base for what is unknown, which is what a kernel without its mean
    over the bases makes of zeros; the better strand's output."""

    def __init__(self, path, length):
        super().__init__()
        values = dict(line.split(" = ") for line in pathlib.Path(path).read_text().splitlines() if " = " in line)
        numbers = {k: torch.tensor([float(v) for v in text.split(",") if v.strip()], dtype=torch.float64) for k, text in values.items()}
        count, size, units = (int(numbers[k][0]) for k in ("num_detectors", "detector_len", "num_hidden"))
        kernel = numbers["detectors"].reshape(size, 4, count).permute(2, 1, 0)
        mean = kernel.mean(1, keepdim=True)
        bias = numbers["thresholds"] + mean.sum((1, 2))
        averaged = bool(numbers["has_avg_pooling"][0])
        dense = [(numbers["weights1"].reshape(count * (1 + averaged), -1).T, numbers["biases1"])]
        if units:
            dense.append((numbers["weights2"][None], numbers["biases2"]))
        # The other strand by its own kernel, so that of equal windows both take the first along the sequence.
        kernels = [kernel - mean, (kernel - mean).flip(1, 2)]
        self.strands = nn.ModuleList(
            Strand(one, bias, length, averaged, dense) for one in kernels[:1 + int(numbers["reverse_complement"][0])])
        self.better = maximum(len(self.strands))

    def forward(self, x):
        return self.better(torch.stack([strand(x) for strand in self.strands], 2)).flatten(1)


def take(module, state):
    """The exported weights, in the order of their layers."""
    own = {key: value for key, value in module.state_dict().items() if "num_batches" not in key}
    exported = [value for key, value in state.items() if "num_batches" not in key]
    assert [v.shape for v in own.values()] == [v.shape for v in exported], (list(own), list(state))
    module.load_state_dict(dict(zip(own, exported)), strict=False)


# ------------------------------------------------------------------------------------------------------ networks and data

def run(*arguments):
    done = subprocess.run([program, *map(str, arguments), "--quiet"], capture_output=True, text=True)
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout


def letters(codes):
    return "".join("ACGTN"[c] for c in codes)


def trained(network, length, outputs=1):
    """A model after two epochs on random sequences, half of which hold a site."""
    table, model = folder / "train.tsv", folder / "model.safetensors"
    codes = rng.integers(0, 4, (2000, length))
    labels = rng.integers(0, 2, (2000, outputs))
    for row, label in zip(codes, labels):
        if label[0]:
            start = rng.integers(0, length - 7)
            row[start:start + 7] = [3, 2, 3, 3, 3, 0, 1]
    names = [f"y{i}" for i in range(outputs)]
    table.write_text("\t".join(["seq", *names]) + "\n" + "".join(
        "\t".join([letters(row), *map(str, label)]) + "\n" for row, label in zip(codes, labels)))
    run("train", "--network", network, "--train", table, "--labels", ",".join(names), "--epochs", 2, "--batch-size", 16, "--out", model)
    run("export", model, "--to", "torch", "--out", folder / "model.pt")
    return model, torch.load(folder / "model.pt")


def sequences(length):
    """Codes, 4 for an unknown base."""
    rows = [*rng.integers(0, 4, (4, length))]
    rows += [np.resize(unit, length) for unit in ([0, 1], [2, 0, 0], [1, 0, 2], [3, 2, 3, 3, 3, 0, 1])]
    rows += [np.full(length, base) for base in range(4)]
    for first, last in ((10, 11), (0, length // 3), (length // 2, length)):
        row = rng.integers(0, 4, length)
        row[first:last] = 4
        rows.append(row)
    return np.array(rows)


def one_hot(codes):
    return torch.from_numpy(np.eye(5)[codes][:, :, :4].transpose(0, 2, 1).copy())


def fasta(name, codes):
    path = folder / name
    path.write_text("".join(f">{i}\n{letters(row)}\n" for i, row in enumerate(codes)))
    return path


# ------------------------------------------------------------------------------------------------------------- agreement

def explained(model, method, codes, *options):
    run("explain", model, fasta("sequences.fa", codes), "--method", method, "--out", folder / "out.npz", *options,
        *([] if method == "gradient" else ["--hypothetical"]))
    return np.load(folder / "out.npz")["attributions"].astype("f8")


def gradient(module, x):
    x = x.clone().requires_grad_(True)
    module(x)[:, 0].sum().backward()
    return x.grad.numpy()


def mutants(module, codes):
    """Outputs with each base at each position, less their mean over the bases."""
    with torch.no_grad():
        result = []
        for row in codes:
            changed = np.repeat(row[None], 4 * len(row), 0)
            changed[np.arange(4 * len(row)), np.repeat(np.arange(len(row)), 4)] = np.tile(np.arange(4), len(row))
            result.append(module(one_hot(changed))[:, 0].reshape(len(row), 4).numpy().T)
    result = np.array(result)
    return result - result.mean(1, keepdims=True)


def hypothetical(multipliers, references):
    """Of multipliers: what each base would have in place of the reference."""
    return multipliers - (multipliers * references).sum(1, keepdims=True)


def difference(ours, theirs):
    return np.abs(ours - theirs).max() / np.abs(theirs).max()


def integrals(module, x):
    return captum.attr.IntegratedGradients(module, multiply_by_inputs=False).attribute(
        x, target=0, n_steps=50, method="riemann_middle").numpy()


def compare_integrals(ours, theirs):
    """The largest difference of the sequences that agree, what stands in brackets, and whether the others are few and near."""
    apart = np.abs(ours - theirs).max((1, 2)) / np.abs(theirs).max()
    others = apart > 1e-4
    note = f" ({others.sum()} of {len(apart)}: {apart.max():.0e})" if others.any() else ""
    return apart[~others].max(initial=0), note, others.mean() <= 1 / 3 and apart.max() <= 5e-3


def compare(name, model, module, length):
    codes = sequences(length)
    x = one_hot(codes)
    cells, bounds = [], [1e-4, 1e-4, 1e-4, 1e-4, 1e-5]
    cells.append((difference(explained(model, "gradient", codes), gradient(module, x)), ""))
    value, note, is_near = compare_integrals(explained(model, "integrated-gradients", codes), integrals(module, x))
    cells.append((value, note))
    if not is_near:
        failures.append(f"{name}: integrated gradients differ in too many sequences or by too much{note}")

    # Pairs: each sequence with each of its references.
    kinds = [np.full_like(codes, 4), rng.integers(0, 4, codes.shape), rng.permuted(codes, axis=1)]
    pairs, references = np.concatenate([codes] * len(kinds)), np.concatenate(kinds)
    ours = explained(model, "deepshap", pairs, "--references", fasta("references.fa", references))
    x, r = one_hot(pairs), one_hot(references)
    with torch.no_grad():
        change = (module(x) - module(r))[:, 0].numpy()
    multipliers = captum.attr.DeepLift(module, multiply_by_inputs=False).attribute(x, r, target=0).detach().numpy()
    theirs = {"captum": multipliers}
    theirs["tangermeme"] = deep_lift_shap(
        module, x, target=0, references=r[:, None], raw_outputs=True, device="cpu", warning_threshold=1e9,
        only_warn=True).numpy().reshape(x.shape)
    known = (pairs < 4).all(1)
    for peer, values in theirs.items():
        missing = np.abs((values * (x - r).numpy()).sum((1, 2)) - change) / np.abs(change).max()
        complete = missing < 1e-6
        values, own = hypothetical(values, r.numpy()), ours
        if peer == "captum":
            # Its rule for a maximum has no multipliers of its own where the input does not change: values of the bases that are there.
            values, own = values * x.numpy(), ours * x.numpy()
        cells.append((difference(own[complete], values[complete]),
                      "" if complete.all() else f" ({(~complete).sum()} of {len(x)}: {missing.max():.0e})"))
    # Where every base is known, the values of those that are there are the sum.
    missing = np.abs((ours * x.numpy()).sum((1, 2)) - change)[known].max() / np.abs(change).max()
    if not missing <= 1e-5:
        failures.append(f"{name}: MotifKit's DeepLIFT misses {missing:.1e} of its sum")
    cells.append((difference(explained(model, "mutagenesis", codes), mutants(module, codes)), ""))
    for peer, (value, _), bound in zip(PEERS, cells, bounds):
        if not value <= bound:
            failures.append(f"{name}, {peer}: {value:.1e}, more than {bound:.0e}")
    print("| " + " | ".join([name, *(f"{value:.0e}{note}" for value, note in cells), f"{missing:.0e}"]) + " |", flush=True)


print("| network | " + " | ".join(PEERS) + " | MotifKit's DeepLIFT misses |")
print("| --- " * (len(PEERS) + 2) + "|")
for name in ("v1", "v2", "v3", "v4", "v5", "deepstarr"):
    length = networks.STACKS[name].length
    model, state = trained(name, length, networks.STACKS[name].outputs)
    module = Exercise(name, normalized=name == "deepstarr")
    take(module, state)
    compare(f"`{name}`", model, steady(module), length)
for path in published:
    model, length = folder / "deepbind.safetensors", 60
    run("import", path, "--length", length, "--out", model)
    compare(f"DeepBind, {pathlib.Path(path).stem}", model, steady(DeepBind(path, length)), length)
layers = [{"type": "convolution1D", "filters": 16, "kernelSize": 11, "padding": "same", "activation": "relu"}]
for rate in DILATED:
    layers += [{"type": "convolution1D", "filters": 16, "kernelSize": 3, "padding": "same", "dilation": rate, "activation": "relu"},
               {"type": "addition", "layers": 1}]
layers += [{"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]
(folder / "residual.json").write_text(json.dumps({"input": {"length": 100}, "layers": layers}))
model, state = trained(folder / "residual.json", 100)
module = Residual(100)
take(module, state)
compare("residual, dilated", model, steady(module), 100)
for failure in failures:
    print(failure, file=sys.stderr)
sys.exit(bool(failures))
