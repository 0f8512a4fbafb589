"""Networks of two inputs for both strands, powers, padding below zero, normalization of channels in steps, each with inputs x and outputs y.

    KERAS_BACKEND=jax python3 strands_and_powers.py        (keras 3.15, torch 2.15, onnx, onnxruntime, numpy)
"""
import io
import os
from contextlib import redirect_stderr, redirect_stdout

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
import onnx
import onnxruntime
import torch
from keras import layers as L
from onnx import TensorProto, helper, numpy_helper
from torch import nn

rng = np.random.default_rng(37)
keras.utils.set_random_seed(37)
torch.manual_seed(37)
x = np.eye(4, dtype="f4")[rng.integers(0, 4, (5, 40))]
other = x[:, ::-1, ::-1].copy()
bases, other_bases = (torch.from_numpy(one).permute(0, 2, 1).contiguous() for one in (x, other))


def keep(name, y):
    several = [np.asarray(one.detach() if hasattr(one, "detach") else one) for one in (y if isinstance(y, tuple) else [y])]
    np.savez_compressed(name + ".npz", x=x, **{"y" if len(several) == 1 else f"y{i}": one for i, one in enumerate(several)})


def export(module, given, path):
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        torch.onnx.export(module, given, path, dynamo=False, opset_version=13)
    # Without the places of the files that it was exported from.
    model = onnx.load(path)
    for node in model.graph.node:
        node.doc_string = ""
    onnx.save(model, path)


# DeepMEL: the same layers on the sequence and on its reverse complement, of whose outputs the larger is taken.
def deepmel(merge):
    strands = [L.Input((40, 4)), L.Input((40, 4))]
    layers = [
        L.Conv1D(6, 9, activation="relu"), L.MaxPooling1D(4), L.TimeDistributed(L.Dense(5, activation="relu")),
        L.Bidirectional(L.LSTM(4, return_sequences=True)), L.Flatten(), L.Dense(6, activation="relu"), L.Dense(2, activation="sigmoid")]
    outputs = []
    for y in strands:
        for layer in layers:
            y = layer(y)
        outputs.append(y)
    return keras.Model(strands, merge(outputs))


model = deepmel(L.Maximum())
model.save("both_inputs.keras")
with redirect_stderr(io.StringIO()):
    model.save("both_inputs.h5")
keep("both_inputs", model.predict([x, other], verbose=0))
# Which of the inputs is which matters here, and nothing says so.
deepmel(L.Concatenate()).save("both_inputs_joined.keras")


class Mean(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv1d(4, 6, 9), nn.ReLU(), nn.MaxPool1d(4), nn.Flatten(), nn.Linear(48, 2))

    def forward(self, a, b):
        return (self.net(a) + self.net(b)) / 2


model = Mean()
keep("both_inputs_mean", model(bases, other_bases))
export(model, (bases[:1], other_bases[:1]), "both_inputs_mean.onnx")


class Profiles(nn.Module):
    """Two channels, one for each strand, whose mean over the sequence and its reverse complement is taken, as ProCapNet's is."""

    def __init__(self):
        super().__init__()
        self.trunk, self.profile, self.counts = nn.Conv1d(4, 6, 9, padding=4), nn.Conv1d(6, 2, 11), nn.Linear(6, 1)

    def one(self, x):
        y = torch.relu(self.trunk(x))
        return self.profile(y), self.counts(y.mean(2))

    def forward(self, x):
        (profile, counts), (turned, others) = self.one(x), self.one(x.flip([1, 2]))
        return (profile + turned.flip([1, 2])) / 2, (counts + others) / 2


model = Profiles()
keep("profiles", model(bases))
export(model, bases[:1], "profiles.onnx")


# Normalization of each position's channels as ConvNeXt writes it, powers, padding below zero.
class Steps(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.spread = nn.Conv1d(4, 6, 7), nn.Conv1d(6, 5, 3), nn.ConvTranspose1d(5, 3, 4, 3, 1, 2)
        self.scale, self.shift = nn.Parameter(torch.rand(6) / 2 + 0.2), nn.Parameter(torch.randn(6) / 3)

    def forward(self, x):
        y = self.first(x)
        mean = y.mean(1, keepdim=True)
        variance = (y - mean).pow(2).mean(1, keepdim=True)
        y = self.scale[:, None] * ((y - mean) / torch.sqrt(variance + 1e-3)) + self.shift[:, None]
        y = self.second(nn.functional.pad(y.pow(3) - y.pow(4) / 4, (-2, 3)))
        return self.spread(nn.functional.pad(y, (-4, -1))).flatten(1)


model = Steps()
keep("steps", model(bases))
export(model, bases[:1], "steps.onnx")
model = nn.Sequential(
    nn.Conv1d(4, 5, 7), nn.ConstantPad1d((-2, 3), 0.25), nn.ConvTranspose1d(5, 3, 4, 3, 1, 2), nn.ZeroPad1d((-1, -2)), nn.Flatten())
keep("padded_below_zero", model(bases))
torch.save(model, "padded_below_zero.pt")
given = L.Input((40, 4))
y = L.PReLU(shared_axes=[1, 2], alpha_initializer="uniform")(L.Conv1D(5, 7)(given))
y = L.PReLU(shared_axes=[2], alpha_initializer="uniform")(y)
y = y**3 + y**4
gate = L.Dense(5, activation="sigmoid")(keras.ops.expm1(keras.ops.min(y, axis=1)))
y = y * gate[:, None, :] * keras.ops.mean(y, axis=-1, keepdims=True)
model = keras.Model(given, L.Dense(2)(L.GlobalAveragePooling1D()(y)))
model.save("powers.keras")
keep("powers", model.predict(x, verbose=0))


# Attention between positions, and what else is missing after it.
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.attention = nn.Conv1d(4, 6, 7), nn.MultiheadAttention(6, 2, batch_first=True)

    def forward(self, x):
        y = self.first(x).transpose(1, 2)
        return torch.log(self.attention(y, y, y)[0].abs()).mean(1)


export(Attention().eval(), bases[:1], "attention_steps.onnx")


# Copies of positions whose places are rounded in another way than all copies are.
def resized(path, places, rounding):
    nodes = [
        helper.make_node("Conv", ["x", "k"], ["c"]),
        helper.make_node("Resize", ["c", "", "scales"], ["y"], mode="nearest", coordinate_transformation_mode=places, nearest_mode=rounding)]
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in (("x", ["batch", 4, 40]), ("y", None))]
    graph = helper.make_graph(nodes, "resized", ends[:1], ends[1:], [
        numpy_helper.from_array(kernel, "k"), numpy_helper.from_array(np.array([1, 1, 3], "f4"), "scales")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7), path)
    return onnxruntime.InferenceSession(path).run(None, {"x": bases.numpy()})[0]


kernel = rng.normal(0, 0.4, (3, 4, 5)).astype("f4")
keep("copied", resized("copied.onnx", "half_pixel", "round_prefer_floor"))
for name, places, rounding in (("rounded", "asymmetric", "round_prefer_floor"), ("shifted", "half_pixel", "floor")):
    assert not np.allclose(resized(name + ".onnx", places, rounding), np.load("copied.npz")["y"])
