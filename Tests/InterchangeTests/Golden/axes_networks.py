"""Networks on pictures of sequences, with layers over positions and channels before positions, each with inputs x and outputs y.

    KERAS_BACKEND=jax python3 axes_networks.py        (keras 3.15, torch 2.15, onnxscript, numpy)

The ChromBPNet is written down from its description (bias and accessibility, each a BPNet of github.com/jmschrei/bpnet-lite): profiles
added up, counts as the logarithm of their sum.
"""
import io
import json
import os
from contextlib import redirect_stderr, redirect_stdout

os.environ.setdefault("KERAS_BACKEND", "jax")
try:
    # torch.compile and PyTorch's newer exporter load it, which fails once JAX has brought another LLVM.
    import triton._C.libtriton  # noqa: F401
except ImportError:
    pass
import keras
import numpy as np
import onnx
import torch
from keras import layers as L
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.optim.swa_utils import AveragedModel

rng = np.random.default_rng(31)
keras.utils.set_random_seed(31)
torch.manual_seed(31)


def one_hot(count, length):
    return np.eye(4, dtype="f4")[rng.integers(0, 4, (count, length))]


def randomized(module):
    for one in module.modules():
        if isinstance(one, nn.modules.batchnorm._BatchNorm):
            one.running_mean.normal_(0, 0.3)
            one.running_var.uniform_(0.5, 2)
        if isinstance(one, nn.RMSNorm):
            nn.init.uniform_(one.weight, 0.5, 1.5)
    return module.eval()


def keep(name, x, y):
    y = list(y) if isinstance(y, (list, tuple)) else [y]
    y = [np.asarray(value.detach() if hasattr(value, "detach") else value) for value in y]
    np.savez_compressed(name + ".npz", x=x, **({"y": y[0]} if len(y) == 1 else {f"y{i}": value for i, value in enumerate(y)}))


def export(module, x, path, **rest):
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        torch.onnx.export(module, x, path, **rest)
    # Without the places of the files that it was exported from.
    model = onnx.load(path)
    for part in [model.graph, *model.graph.node, *model.graph.input, *model.graph.output, *model.graph.value_info]:
        del part.metadata_props[:]
        part.doc_string = ""
    del model.metadata_props[:]
    onnx.save(model, path)


# Bases as rows of a picture, zeros beside the positions, one axis taken away on the way.
x = one_hot(4, 48)
rows = torch.from_numpy(x).permute(0, 2, 1).unsqueeze(1)
model = randomized(nn.Sequential(
    nn.Conv2d(1, 6, (4, 9), padding=(0, 4)), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d((1, 4)),
    nn.Conv2d(6, 5, (1, 3), stride=(1, 2), dilation=(1, 2)), nn.ELU(), nn.Flatten(1, 2), nn.Conv1d(5, 5, 2), nn.SiLU(),
    nn.AdaptiveAvgPool1d(1), nn.Conv1d(5, 3, 1), nn.Flatten()))
keep("rows_of_bases", x, model(rows))
torch.save(model, "rows_of_bases.pt")
torch.save(model.state_dict(), "rows_of_bases.pth")
export(model, rows, "rows_of_bases.onnx", dynamo=False, opset_version=17)
json.dump({"input": {"length": 48}, "layers": [
    {"type": "convolution1D", "filters": 6, "kernelSize": 9, "padding": "same"}, {"type": "batchNormalization", "convention": "pytorch"},
    {"type": "activation", "function": "relu"}, {"type": "maxPooling1D", "size": 4},
    {"type": "convolution1D", "filters": 5, "kernelSize": 3, "stride": 2, "dilation": 2}, {"type": "activation", "function": "elu"},
    {"type": "convolution1D", "filters": 5, "kernelSize": 2}, {"type": "activation", "function": "silu"},
    {"type": "globalAveragePooling1D"}, {"type": "dense", "units": 3}]}, open("rows_of_bases.json", "w"))

# Columns, and a state_dict of that shape.
columns = rows.transpose(2, 3).contiguous()
model = randomized(nn.Sequential(
    nn.Conv2d(1, 6, (9, 4)), nn.ReLU(), nn.MaxPool2d((4, 1)), nn.Conv2d(6, 5, (5, 1)), nn.ReLU(), nn.Flatten(), nn.Linear(30, 2)))
keep("columns_of_bases", x, model(columns))
torch.save(model.state_dict(), "columns_of_bases.pth")
export(model, columns, "columns_of_bases.onnx", dynamo=False, opset_version=13)
json.dump({"input": {"length": 48}, "layers": [
    {"type": "convolution1D", "filters": 6, "kernelSize": 9, "activation": "relu"}, {"type": "maxPooling1D", "size": 4},
    {"type": "convolution1D", "filters": 5, "kernelSize": 5, "activation": "relu"}, {"type": "flatten"}, {"type": "dense", "units": 2}]},
    open("columns_of_bases.json", "w"))

# Dense layers over positions, as many as there are channels; compiled, and as the mean of weights.
x = one_hot(4, 20)
bases = torch.from_numpy(x).permute(0, 2, 1)
model = randomized(nn.Sequential(
    nn.Conv1d(4, 12, 9), nn.ReLU(), nn.Linear(12, 12), nn.GELU(), nn.Linear(12, 5), nn.Flatten(), nn.Linear(60, 12), nn.Unflatten(1, (2, 6)),
    nn.Conv1d(2, 4, 3), nn.Linear(4, 1), nn.Flatten(), nn.RMSNorm(4), nn.Linear(4, 2), nn.Softmax(dim=-1)))
keep("mixed_positions", x, model(bases))
torch.save(model, "mixed_positions.pt")
torch.save(torch.compile(model), "mixed_positions_compiled.pt")
torch.save(AveragedModel(model), "mixed_positions_averaged.pt")
export(model, bases, "mixed_positions.onnx", dynamo=True, external_data=False)

# What has no layer here, or says not which axis is which.
torch.save(nn.Sequential(nn.Conv1d(4, 6, 3), nn.Softmax(dim=-1), nn.GLU(dim=2), nn.Softmin(dim=2), nn.LogSoftmax()), "over_positions.pt")
torch.save(nn.Sequential(nn.Conv2d(1, 4, (4, 5)), nn.Conv2d(4, 4, (3, 1), padding=(1, 0))), "idle_axis.pt")
torch.save(nn.Sequential(nn.Conv2d(1, 4, (4, 4)), nn.Flatten()), "square.pt")
torch.save(nn.Sequential(nn.Conv2d(1, 4, (4, 5), padding="same"), nn.Flatten()), "beside_bases.pt")
short = one_hot(3, 16)
model = nn.Sequential(nn.Conv2d(1, 3, (4, 5)), nn.AvgPool2d((1, 4), padding=(0, 1), divisor_override=3), nn.Flatten())
keep("divisor", short, model(torch.from_numpy(short).permute(0, 2, 1).unsqueeze(1)))
torch.save(model, "divisor.pt")
nodes = [helper.make_node("Conv", ["x", "k"], ["c"]), helper.make_node("Softmax", ["c"], ["y"], axis=1)]
types = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4, 16]), helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3, 12])]
kernel = numpy_helper.from_array(rng.normal(0, 0.4, (3, 4, 5)).astype("f4"), "k")
graph = helper.make_graph(nodes, "softmax", types[:1], types[1:], [kernel])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=7), "several_axes.onnx")


# Bias and sigmoid whose inputs are used again, numbers for each place, tables of channels, products from the left and by letters.
class Uses(nn.Module):
    def __init__(self):
        super().__init__()
        self.filters, self.dense = nn.Conv1d(4, 6, 9), nn.Linear(6, 6, bias=False)
        self.bias, self.places = nn.Parameter(torch.randn(6)), nn.Parameter(torch.randn(1, 12, 6))
        self.left, self.letters = nn.Parameter(torch.randn(7, 12)), nn.Parameter(torch.randn(7, 4))
        self.norm, self.ends = nn.RMSNorm(6), nn.Linear(3, 2)

    def forward(self, x):
        y = self.filters(x)
        gate = torch.sigmoid(y)
        z = self.norm((self.dense((y * gate).transpose(1, 2)) + self.places))
        h = self.dense(z)
        z = torch.relu(h + self.bias) + 0.5 * h
        z = torch.einsum("nkc,kj->njc", self.left @ z, self.letters).transpose(1, 2)
        z = z.reshape(z.shape[0], 3, 2, 4).amax(2).mean(2)
        first, second = torch.chunk(gate, 2, dim=1)
        return self.ends(z + first.mean(2)), torch.max(first, second).mean(2)


model = randomized(Uses())
keep("used_again", x, model(bases))
export(model, bases, "used_again.onnx", dynamo=True, external_data=False)


# ChromBPNet.
class BPNet(nn.Module):
    def __init__(self, filters, layers):
        super().__init__()
        self.iconv = nn.Conv1d(4, filters, 21, padding=10)
        self.rconvs = nn.ModuleList([nn.Conv1d(filters, filters, 3, padding=2**i, dilation=2**i) for i in range(1, layers + 1)])
        self.fconv = nn.Conv1d(filters, 1, 75, padding=37)
        self.linear = nn.Linear(filters, 1)

    def forward(self, x):
        x = torch.relu(self.iconv(x))
        for layer in self.rconvs:
            x = x + torch.relu(layer(x))
        first, last = 557, x.shape[2] - 557
        return self.fconv(x)[:, :, first:last], self.linear(x[:, :, first - 37:last + 37].mean(2))


class ChromBPNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.bias, self.accessibility = BPNet(2, 1), BPNet(3, 2)

    def forward(self, x):
        (profile, count), (bias_profile, bias_count) = self.accessibility(x), self.bias(x)
        return profile + bias_profile, torch.logsumexp(torch.stack([count, bias_count]), dim=0)


x = one_hot(2, 1250)
model = ChromBPNet().eval()
keep("chrombpnet", x, model(torch.from_numpy(x).permute(0, 2, 1)))
torch.save(model.state_dict(), "chrombpnet.pth")


# Keras.
def save(name, length, body, channels_first=False):
    x = one_hot(4, length)
    given = L.Input((4, length) if channels_first else (length, 4))
    model = keras.Model(given, body(given))
    for layer in model.layers:
        if isinstance(layer, L.BatchNormalization):
            layer.moving_mean.assign(rng.normal(0, 0.3, layer.moving_mean.shape))
            layer.moving_variance.assign(rng.uniform(0.5, 2, layer.moving_variance.shape))
    keep(name, x, model(x.transpose(0, 2, 1) if channels_first else x))
    model.save(name + ".keras")
    return model


FIRST = {"data_format": "channels_first"}


def first(x):
    y = L.MaxPooling1D(3, **FIRST)(L.Activation("relu")(L.BatchNormalization(axis=1)(L.Conv1D(6, 7, **FIRST)(x))))
    y = L.Add()([y, L.LeakyReLU()(L.Conv1D(6, 3, padding="same", **FIRST)(y))])
    y = L.Concatenate(axis=1)([y, L.Conv1D(2, 5, padding="same", activation="gelu", **FIRST)(y)])
    parts = [L.Flatten(**FIRST)(y), L.Flatten()(y), L.GlobalAveragePooling1D(**FIRST)(y), L.Flatten()(L.Dense(2)(y))]
    return [L.Dense(2)(L.Concatenate()(parts)), L.Conv1D(2, 4, **FIRST)(y)]


def options(x):
    y = L.Conv1D(6, 7, activation=L.ReLU(max_value=0.3))(x)
    y = L.Conv1D(6, 3, activation=L.ReLU(negative_slope=0.2))(y)
    y = L.Conv1D(6, 3, activation=L.ELU(alpha=0.5))(y)
    y = L.Add()([y, L.Permute((2, 1))(L.Dense(10, activation="tanh")(L.Dense(7)(L.Permute((2, 1))(y))))])
    y = L.Add()([y, L.Reshape((1, 6))(L.GlobalMaxPooling1D()(y))])
    y = L.RMSNormalization()(L.EinsumDense("abc,cd->abd", output_shape=(10, 5), bias_axes="d", activation="silu")(y))
    return L.Dense(3, activation=L.Softmax())(L.Flatten(**FIRST)(y))


save("channels_first", 24, first, channels_first=True)
save("options", 20, options)
save("offsets", 12, lambda x: L.Rescaling(2.0, offset=[0.1, 0.2])(L.GlobalMaxPooling1D()(L.Conv1D(2, 3)(x))))
model = save("quantized", 12, lambda x: L.Dense(2)(L.Dense(3)(L.GlobalMaxPooling1D()(L.Conv1D(2, 3)(x)))))
model.quantize("int8")
model.save("quantized.keras")
os.remove("offsets.npz")
os.remove("quantized.npz")


class GELU(nn.Module):
    """By a logistic function, as some write it (Hendrycks & Gimpel 2016)."""

    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


torch.save(nn.Sequential(nn.Conv1d(4, 3, 3), GELU(), nn.Softplus(threshold=2)), "own_class.pt")
