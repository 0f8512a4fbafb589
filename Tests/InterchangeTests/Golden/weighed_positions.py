"""Networks that weigh positions, branches and classes: attention pooling, logsumexp of two branches, layers for groups of features, the
expected class; each with inputs x and outputs y.

    KERAS_BACKEND=jax python3 weighed_positions.py        (keras 3.15, torch, onnx, onnxscript, numpy)
"""
import numpy as np
import onnx
import torch
from torch import nn
from torch.nn import functional as F

rng = np.random.default_rng(21)
torch.manual_seed(21)


def sequences(length, count=4):
    x = np.eye(4, dtype="f4")[rng.integers(0, 4, (count, length))]
    x[0, 5] = 0
    return x


class Positions(nn.Module):
    """Attention in three spellings, a number for each position, averages beside maxima."""

    def __init__(self):
        super().__init__()
        self.convolution, self.place = nn.Conv1d(4, 6, 5), nn.Parameter(torch.randn(26))
        self.one, self.several = nn.Linear(6, 1), nn.Linear(6, 6)
        self.head = nn.Linear(24, 3)

    def forward(self, x):
        y = torch.relu(self.convolution(x)) * self.place
        rows = y.transpose(1, 2)
        shares = torch.softmax(self.one(rows), dim=1)
        summed = (shares * rows).sum(1)
        product = torch.bmm(torch.softmax(self.one(rows), dim=1).transpose(1, 2), rows).squeeze(1)
        each = (torch.softmax(self.several(rows), dim=1) * rows).sum(1)
        ends = torch.cat([F.adaptive_avg_pool1d(y, 1), F.adaptive_max_pool1d(y, 1)], 1).flatten(1)
        return self.head(torch.cat([summed * product, each, ends], 1))


class Branches(nn.Module):
    """Two branches as one by logsumexp in both spellings, the larger one and the mean; bases turned axis by axis."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv1d(4, 3, 7), nn.Conv1d(4, 3, 7)
        self.register_buffer("other", torch.tensor([3, 2, 1, 0]))

    def forward(self, x):
        a, b = self.a(x).amax(2), self.b(x[:, self.other].flip(-1)).amax(2)
        c = self.b(x.flip(1).flip(2)).mean(2)
        stacked = torch.stack([a, b, c])
        return torch.cat([
            torch.logsumexp(stacked, 0), torch.log(torch.exp(a) + torch.exp(b)), stacked.amax(0), stacked.mean(0)], 1)


class Groups(nn.Module):
    """A layer for each of three groups of features, and the class expected of their softmax."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv1d(4, 5, 7)
        self.first, self.shift = nn.Parameter(torch.randn(3, 5, 4)), nn.Parameter(torch.randn(3, 1, 4))
        self.second = nn.Parameter(torch.randn(3, 4, 2))
        self.register_buffer("classes", torch.arange(6.0))

    def forward(self, x):
        y = self.convolution(x).amax(2).repeat(1, 3)
        y = torch.relu(torch.bmm(y.reshape(-1, 3, 5).permute(1, 0, 2), self.first) + self.shift).permute(1, 0, 2).reshape(-1, 12)
        y = torch.bmm(y.permute(1, 0).reshape(3, 4, -1).permute(0, 2, 1), self.second)
        y = y.permute(0, 2, 1).reshape(6, -1).permute(1, 0)
        return (torch.softmax(y, 1) * self.classes).sum(1)


def write(name, module, dynamo):
    x = sequences(30).transpose(0, 2, 1).copy()
    with torch.no_grad():
        y = module.eval()(torch.from_numpy(x)).numpy()
    np.savez_compressed(name + ".npz", x=x, y=y)
    for ending, dynamo in (("", False), ("_dynamo", True)) if dynamo else (("", False),):
        path = name + ending + ".onnx"
        options = {"external_data": False} if dynamo else {"input_names": ["x"], "dynamic_axes": {"x": {0: "n"}}}
        torch.onnx.export(module, (torch.from_numpy(x[:1]),), path, dynamo=dynamo, **options)
        # Without the places on this machine that the exporter notes.
        model = onnx.load(path)
        for part in [model, model.graph, *model.graph.node]:
            del part.metadata_props[:]
            part.doc_string = ""
        onnx.save(model, path)


write("positions", Positions(), True)
write("branches", Branches(), True)
write("groups_of_features", Groups(), False)

# After PyTorch's exporter, beside which JAX cannot be loaded.
import keras
from keras import layers as k

keras.utils.set_random_seed(21)
x = k.Input((30, 4))
y = k.MaxPooling1D(3)(k.Conv1D(6, 7, activation="relu")(x))
shares = k.Softmax(axis=1)(k.Dense(1, activation="tanh")(y))
pooled = k.GlobalAveragePooling1D()(k.Multiply()([y, shares]))
row = k.Flatten()(k.Dense(5, use_bias=False)(k.Reshape((1, 48))(y)))
model = keras.Model(x, k.Dense(2)(k.Concatenate()([pooled, row])))
given = sequences(30)
model.save("attention.keras")
np.savez_compressed("attention.npz", x=given, y=model.predict(given, verbose=0))
