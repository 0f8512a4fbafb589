"""Builds networks with layers and options that are less common than those of `foreign_networks.py`, and imports each with `--check`.

    KERAS_BACKEND=jax python3 unusual_networks.py MOTIFKIT [NAME…]

MOTIFKIT is the program. Keras networks are written as `.keras`, `.h5` and weights with JSON, PyTorch's as whole modules where they are
sequential and as ONNX by both exporters, ONNX ones node by node. A line is the largest difference, or the message of a refusal; for
networks called `refused …` and those in REFUSALS, which says why, only a message is right. Status 1 if anything else is above 1e-5 or refused. Needs keras, torch, onnx,
onnxruntime, onnxscript and numpy.
"""
import copy
import io
import warnings
from contextlib import redirect_stderr, redirect_stdout

try:
    # PyTorch's newer exporter loads it, which fails once JAX has brought another LLVM.
    import triton._C.libtriton  # noqa: F401
except ImportError:
    pass
import keras
import numpy as np
import onnx
import onnx.version_converter
import onnxruntime
import torch
from keras import layers as k
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from import_check import ImportCheck
from torch_function import Function

warnings.simplefilter("ignore")
# Right refusals: network, why, and the files in which it is refused where others are read.
REFUSALS = {
    "recurrent by its cell": ("Keras's layer around any cell, which may be the user's own; LSTM, GRU and SimpleRNN are read",),
    "scalar product": ("a product of two tensors summed up",),
    "sums of activations": ("shrinkage: a function that is zero in the middle and jumps or bends twice",),
    "scaled to unit length": ("division by a norm",),
    "norm of windows": ("a root of a sum of squares",),
    "unflattened": ("channel-major features as positions in another order",),
    "less common functions": ("Tanhshrink by its name, CELU as a choice", "module.pt", "dynamo.onnx"),
    "shrunk": ("functions that jump, by comparisons",),
    "circular": ("padding with the other end", "module.pt", "dynamo.onnx"),
    "reflected": ("padding with the mirror image",),
    "replicated": ("padding with the last position",),
    "dilated maximum": ("windows with gaps",),
    "mean without padding": ("means over fewer positions at the ends than `same` has",),
    "spread, dilated": ("transposed kernels with gaps",),
    "local response": ("division by a sum over neighboring channels",),
    "plain recurrent": ("unrolled position by position", "dynamo.onnx"),
    "plain recurrent, both ways": ("unrolled position by position", "dynamo.onnx"),
    "standard deviation": ("a root of a variance",),
    "reflected Pad": ("padding with the mirror image",),
    "ReduceMean": ("a mean of each channel taken off all its positions",),
    "ThresholdedRelu": ("a function that jumps",),
    "HardSigmoid": ("a slope and shift that neither Keras nor PyTorch has",),
    "ReduceSumSquare": ("a sum of squares",),
    "ReduceL2": ("a root of a sum of squares",),
    "picture, same": ("a convolution over both axes of the picture",),
    "directions apart": ("two outputs of a layer",),
    "other gates": ("gates are sigmoids, hard or not",),
    "linear states": ("states are tanh",),
    "places normalized": ("scales of positions, alike for all channels",),
    "five numbers": ("which of them is N only the user knows",),
    "weight norm": ("the norm as operations on the weights", "unfolded.onnx"),
    "old weight norm": ("the norm as operations on the weights", "unfolded.onnx"),
    "means at the end": ("means over fewer positions at the end than before",),
    "without statistics": ("each sequence's own mean and variance",),
    "transformer": ("attention",),
}
imports = ImportCheck(seed=5, refusals=REFUSALS)
report, folder, rng, wanted, sequences = imports.report, imports.folder, imports.rng, imports.wanted, imports.sequences
torch.manual_seed(3)
keras.utils.set_random_seed(3)


def chain(x, *layers):
    for layer in layers:
        x = layer(x)
    return x


# --------------------------------------------------------------------------------------------------------------- Keras

def conv(filters=6, size=7, **options):
    return k.Conv1D(filters, size, **options)


KERAS = {
    "plain recurrent": lambda x: chain(x, conv(activation="relu"), k.MaxPooling1D(4), k.SimpleRNN(5, return_sequences=True), k.SimpleRNN(4), k.Dense(1)),
    "plain recurrent, both ways": lambda x: chain(x, conv(), k.Bidirectional(k.SimpleRNN(5)), k.Dense(1)),
    "recurrent by its cell": lambda x: chain(x, conv(), k.MaxPooling1D(4), k.RNN(k.LSTMCell(5)), k.Dense(1)),
    "gates without bias": lambda x: chain(x, conv(), k.MaxPooling1D(4), k.LSTM(5, use_bias=False, return_sequences=True), k.GRU(4, use_bias=False), k.Dense(1)),
    "groups": lambda x: chain(x, conv(8), k.Conv1D(6, 3, groups=2, activation="softsign"), k.GlobalMaxPooling1D(), k.Dense(1)),
    "causal, dilated": lambda x: chain(x, conv(padding="causal", dilation_rate=3, activation="selu"), k.Flatten(), k.Dense(1)),
    "strides": lambda x: chain(x, conv(strides=3, padding="same", activation="exponential"), k.AveragePooling1D(4, strides=3, padding="same"), k.Flatten(), k.Dense(1)),
    "strides, causal": lambda x: chain(x, conv(strides=2, padding="causal"), k.Flatten(), k.Dense(1)),
    "noise": lambda x: chain(
        x, k.GaussianNoise(0.1), conv(), k.SpatialDropout1D(0.1), k.GaussianDropout(0.1), k.AlphaDropout(0.1), k.ActivityRegularization(l1=0.1),
        k.Identity(), k.GlobalAveragePooling1D(), k.Dense(1)),
    "kept dimensions": lambda x: chain(x, conv(), k.GlobalMaxPooling1D(keepdims=True), k.Conv1D(3, 1), k.Flatten(), k.Dense(1)),
    "normalized without scale": lambda x: chain(
        x, conv(), k.BatchNormalization(scale=False), k.BatchNormalization(center=False, epsilon=1e-5), k.LayerNormalization(center=False), k.Flatten(), k.Dense(1)),
    "largest of three": lambda x: chain(k.Maximum()([conv()(x), conv()(x), conv()(x)]), k.GlobalMaxPooling1D(), k.Dense(1)),
    "products": lambda x: chain(k.Multiply()([k.Subtract()([conv()(x), conv()(x)]), conv(activation="hard_tanh")(x)]), k.GlobalAveragePooling1D(), k.Dense(1)),
    "scalar product": lambda x: k.Dense(1)(k.Dot(axes=1)([k.GlobalMaxPooling1D()(conv()(x)), k.GlobalMaxPooling1D()(conv()(x))])),
    "spread": lambda x: chain(x, conv(), k.Conv1DTranspose(4, 5, strides=2), k.Conv1DTranspose(3, 4, strides=3, padding="same"), k.GlobalMaxPooling1D(), k.Dense(1)),
    "shifted scale": lambda x: chain(x, k.Rescaling(2.0, -1.0), conv(), k.Rescaling(0.5), k.GlobalMaxPooling1D(), k.Dense(1)),
    "reshaped": lambda x: chain(x, conv(6, 5), k.Flatten(), k.Reshape((28, 12)), conv(5, 3), k.GlobalMaxPooling1D(), k.Reshape((5, 1)), k.Flatten(), k.Dense(1)),
    "concatenated positions": lambda x: chain(k.Concatenate(axis=1)([conv()(x), conv()(x)]), k.GlobalMaxPooling1D(), k.Dense(1)),
    "dense at each position": lambda x: chain(x, k.Dense(5, activation="tanh"), conv(), k.Dense(3, activation="softplus"), k.Flatten(), k.Dense(1)),
    "sums of activations": lambda x: chain(x, conv(activation="softplus"), conv(6, 3, activation="silu"), conv(6, 3, activation="soft_shrink"),
                                           k.Flatten(), k.Dense(1)),
    "scaled to unit length": lambda x: chain(x, conv(), k.UnitNormalization(), k.Flatten(), k.Dense(1)),
    "refused directions with other gates": lambda x: ends(k.Bidirectional(
        k.LSTM(5, return_sequences=True), backward_layer=k.LSTM(5, return_sequences=True, go_backwards=True, recurrent_activation="hard_sigmoid"))(x)),
    "directions apart": lambda x: k.Dense(2)(k.Concatenate()(k.Bidirectional(k.LSTM(5), merge_mode=None)(x))),
    "back to front": lambda x: ends(k.LSTM(5, go_backwards=True, return_sequences=True)(x)),
    "other gates": lambda x: k.Dense(2)(k.GRU(5, recurrent_activation="tanh")(x)),
    "linear states": lambda x: k.Dense(2)(k.LSTM(5, activation="linear")(x)),
    "depth of channels": lambda x: ends(chain(
        x, k.SeparableConv1D(8, 9, depth_multiplier=3, padding="same"), k.DepthwiseConv1D(3, depth_multiplier=2, strides=2, activation="gelu"))),
    "every second place": lambda x: ends(conv()(x)[:, 1:-2:2]),
    "places normalized": lambda x: ends(k.BatchNormalization(axis=1)(conv()(x))),
    "refused attention": lambda x: chain(k.Attention()([y := conv()(x), y]), k.GlobalMaxPooling1D(), k.Dense(1)),
    "refused convolution in the recurrence": lambda x: chain(x, k.Reshape((6, 10, 4)), k.ConvLSTM1D(3, 3), k.Flatten(), k.Dense(1)),
}


def keras_network(name, body):
    given = k.Input((60, 4))
    model, x = keras.Model(given, body(given)), sequences(60)
    for layer in model._flatten_layers():
        if isinstance(layer, (k.BatchNormalization, k.LayerNormalization)):
            layer.set_weights([w + rng.uniform(0, 0.5, w.shape) for w in layer.get_weights()])
    write_keras(name, model, x, x)


def write_keras(name, model, x, one_hot):
    y = model.predict(x, verbose=0)
    model.save(folder / "m.keras")
    report(name, folder / "m.keras", one_hot, y)
    with redirect_stderr(io.StringIO()):
        model.save(folder / "m.h5")
    report(name, folder / "m.h5", one_hot, y)
    model.save_weights(folder / "m.weights.h5")
    (folder / "m.json").write_text(model.to_json())
    report(name, folder / "m.weights.h5", one_hot, y, "--architecture", folder / "m.json")


def ends(x):
    return chain(x, k.GlobalMaxPooling1D(), k.Dense(2))


# The shape of the input, the layers, and what is made of one-hot sequences.
SHAPED = {
    "picture (positions, 4, 1)": ((60, 4, 1), lambda x: chain(
        x, k.Conv2D(8, (9, 4), activation="relu"), k.BatchNormalization(), k.MaxPooling2D((4, 1)), k.Flatten(), k.Dense(2)), lambda x: x[..., None]),
    "picture (1, positions, 4)": ((1, 60, 4), lambda x: chain(
        x, k.Conv2D(8, (1, 9), activation="relu"), k.MaxPooling2D((1, 4)), k.Conv2D(6, (1, 3)), k.Flatten(), k.Dense(2)), lambda x: x[:, None]),
    "picture (positions, 1, 4)": ((60, 1, 4), lambda x: chain(
        x, k.Conv2D(8, (9, 1), activation="relu"), k.AveragePooling2D((4, 1)), k.GlobalMaxPooling2D(), k.Dense(2)), lambda x: x[:, :, None]),
    "picture (4, positions, 1)": ((4, 60, 1), lambda x: chain(
        x, k.Conv2D(8, (4, 9), activation="relu"), k.GlobalAveragePooling2D(), k.Dense(2)), lambda x: x.transpose(0, 2, 1)[..., None]),
    "picture, same": ((60, 4, 1), lambda x: chain(
        x, k.Conv2D(8, (9, 4), padding="same"), k.MaxPooling2D((4, 4)), k.Flatten(), k.Dense(2)), lambda x: x[..., None]),
    "bases first": ((4, 60), lambda x: ends(chain(x, k.Permute((2, 1)), conv(activation="relu"))), lambda x: x.transpose(0, 2, 1)),
    "a row of numbers": ((240,), lambda x: ends(chain(x, k.Reshape((60, 4)), conv(activation="relu"))), lambda x: x.reshape(len(x), -1)),
}


def keras_shaped(name, shape, body, turned):
    given = k.Input(shape)
    model, x = keras.Model(given, body(given)), sequences(60)
    write_keras(name, model, turned(x), x)


def keras_others():
    """Networks that are no function of one-hot sequences, and one in half precision."""
    one_hot = sequences(60)
    tokens = k.Input((60,), dtype="int32")
    for name, table, first in (
            ("four numbers", k.Embedding(4, 5), 0), ("five numbers", k.Embedding(5, 4), 0), ("five numbers, masked", k.Embedding(5, 4, mask_zero=True), 1)):
        model = keras.Model(tokens, chain(tokens, table, conv(), k.GlobalMaxPooling1D(), k.Dense(1)))
        write_keras(name, model, one_hot.argmax(2) + first, one_hot)
    open_length = keras.Sequential([k.Input((None, 4)), conv(activation="relu"), k.GlobalMaxPooling1D(), k.Dense(1, activation="sigmoid")])
    write_keras("any length", open_length, one_hot, one_hot)
    first, second = k.Input((60, 4)), k.Input((3,))
    model = keras.Model([first, second], k.Dense(1)(k.Concatenate()([k.GlobalMaxPooling1D()(conv()(first)), second])))
    model.save(folder / "m.keras")
    report("refused two inputs", folder / "m.keras", one_hot, one_hot[:, 0, :1])
    keras.config.set_dtype_policy("mixed_bfloat16")
    given = k.Input((60, 4))
    model = keras.Model(given, chain(given, conv(), k.GlobalMaxPooling1D(), k.Dense(1)))
    keras.config.set_dtype_policy("float32")
    exact = keras.Sequential([k.Input((60, 4)), conv(), k.GlobalMaxPooling1D(), k.Dense(1)])
    exact.set_weights(model.get_weights())
    model.save(folder / "m.keras")
    report("mixed precision", folder / "m.keras", one_hot, exact.predict(one_hot, verbose=0))


# ------------------------------------------------------------------------------------------------------------- PyTorch

def stack(*layers, features=None):
    return nn.Sequential(nn.Conv1d(4, 6, 7), *layers, nn.Flatten(), nn.LazyLinear(2))


TORCH = {
    "adaptive maximum": lambda: stack(nn.AdaptiveMaxPool1d(9)),
    "norm of windows": lambda: stack(nn.ReLU(), nn.LPPool1d(2, 3)),
    "unflattened": lambda: nn.Sequential(nn.Conv1d(4, 6, 7), nn.Flatten(1), nn.Unflatten(1, (12, 27)), nn.Conv1d(12, 5, 3), nn.Flatten(start_dim=1, end_dim=-1), nn.LazyLinear(2)),
    "less common functions": lambda: stack(nn.Softsign(), nn.Hardsigmoid(), nn.Conv1d(6, 6, 3), nn.CELU(0.7), nn.Conv1d(6, 6, 3), nn.Tanhshrink(),
                                           nn.Softplus(beta=2), nn.Conv1d(6, 6, 3), nn.GELU(approximate="tanh"), nn.LogSigmoid()),
    "shrunk": lambda: stack(nn.Softshrink(0.2), nn.Hardshrink(0.3)),
    "circular": lambda: nn.Sequential(nn.Conv1d(4, 6, 7, padding=3, padding_mode="circular"), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2)),
    "reflected": lambda: nn.Sequential(nn.Conv1d(4, 6, 7, padding=3, padding_mode="reflect"), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2)),
    "replicated": lambda: stack(nn.ReplicationPad1d(2), nn.Conv1d(6, 6, 5), nn.ReLU()),
    "plain normalization": lambda: stack(nn.BatchNorm1d(6, affine=False), nn.ReLU()),
    "dilated maximum": lambda: stack(nn.MaxPool1d(3, stride=2, dilation=2)),
    "mean without padding": lambda: stack(nn.AvgPool1d(3, 2, padding=1, count_include_pad=False)),
    "spread": lambda: stack(nn.ConvTranspose1d(6, 4, 5, stride=3, padding=2, output_padding=1), nn.ReLU()),
    "spread, dilated": lambda: stack(nn.ConvTranspose1d(6, 4, 3, dilation=2), nn.ReLU()),
    "weight norm": lambda: nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Conv1d(4, 6, 7)), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2)),
    "old weight norm": lambda: nn.Sequential(nn.utils.weight_norm(nn.Conv1d(4, 6, 7)), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2)),
    "maxima beyond the ends": lambda: stack(nn.MaxPool1d(4, 3, 2)),
    "maxima beyond the end": lambda: stack(nn.MaxPool1d(5, 4, 2, ceil_mode=True)),
    "means at the end": lambda: stack(nn.AvgPool1d(4, 3, ceil_mode=True)),
    "sizes learned late": lambda: nn.Sequential(nn.LazyConv1d(6, 7), nn.LazyBatchNorm1d(), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2)),
    "without statistics": lambda: stack(nn.BatchNorm1d(6, track_running_stats=False)),
    "threshold": lambda: stack(nn.Threshold(0, 1e-6)),
    "padded by a layer": lambda: nn.Sequential(nn.ConstantPad1d(2, 0.0), nn.Conv1d(4, 6, 7), nn.ZeroPad1d(3), nn.Conv1d(6, 6, 5, padding="same", dilation=2), nn.Flatten(), nn.LazyLinear(2)),
    "transformer": lambda: nn.Sequential(nn.Conv1d(4, 6, 7), nn.TransformerEncoderLayer(54, 2), nn.Flatten(), nn.LazyLinear(2)),
    "local response": lambda: stack(nn.LocalResponseNorm(3)),
}
FUNCTIONS = {
    "plain recurrent": lambda: Function(lambda s, x: s.fc(s.rnn(s.conv(x).transpose(1, 2))[0][:, -1]), conv=nn.Conv1d(4, 6, 7),
                                        rnn=nn.RNN(6, 5, batch_first=True), fc=nn.Linear(5, 2)),
    "plain recurrent, both ways": lambda: Function(lambda s, x: s.fc(s.rnn(s.conv(x).transpose(1, 2))[0].mean(1)), conv=nn.Conv1d(4, 6, 7),
                                                   rnn=nn.RNN(6, 5, 2, batch_first=True, bidirectional=True), fc=nn.Linear(10, 2)),
    "refused recurrent of ReLU": lambda: Function(lambda s, x: s.fc(s.rnn(s.conv(x).transpose(1, 2))[0][:, -1]), conv=nn.Conv1d(4, 6, 7),
                                                  rnn=nn.RNN(6, 5, nonlinearity="relu", batch_first=True), fc=nn.Linear(5, 2)),
    "modules in lists": lambda: Function(
        lambda s, x: s.heads["b"](torch.cat([torch.relu(c(x)).amax(2) for c in s.convs], 1)),
        convs=nn.ModuleList(nn.Conv1d(4, 3, w) for w in (5, 9)), heads=nn.ModuleDict({"b": nn.Linear(6, 2)})),
    "every second position": lambda: Function(lambda s, x: s.fc(s.conv(x)[:, :, ::2].flatten(1)), conv=nn.Conv1d(4, 6, 7), fc=nn.Linear(162, 2)),
    "parts": lambda: Function(lambda s, x: s.fc(torch.cat([(p := torch.split(s.conv(x), 2, 1))[2], p[0] * p[1]], 1).flatten(1)), conv=nn.Conv1d(4, 6, 7), fc=nn.Linear(216, 2)),
    "a mask": lambda: Function(lambda s, x: s.fc(torch.where((y := s.conv(x)) > 0, y, 0.3 * y).flatten(1)), conv=nn.Conv1d(4, 6, 7), fc=nn.Linear(324, 2)),
    "einsum": lambda: Function(lambda s, x: s.fc(torch.einsum("ncl,co->nol", s.conv(x), s.mix).amax(2)), conv=nn.Conv1d(4, 6, 7),
                               mix=nn.Parameter(torch.randn(6, 5)), fc=nn.Linear(5, 2)),
    "einsum over positions": lambda: Function(lambda s, x: s.fc(torch.einsum("ncl,lo->nco", s.conv(x), s.mix).flatten(1)), conv=nn.Conv1d(4, 6, 7),
                                              mix=nn.Parameter(torch.randn(54, 3)), fc=nn.Linear(18, 2)),
    "scale of channels": lambda: Function(lambda s, x: s.fc((s.conv(x) * s.scale + s.shift).amax(2)), conv=nn.Conv1d(4, 6, 7),
                                          scale=nn.Parameter(torch.randn(1, 6, 1)), shift=nn.Parameter(torch.randn(6, 1)), fc=nn.Linear(6, 2)),
    "place by place": lambda: Function(lambda s, x: s.fc((s.conv(x) * s.scale).sum(2)), conv=nn.Conv1d(4, 6, 7), scale=nn.Parameter(torch.randn(54)), fc=nn.Linear(6, 2)),
    "standard deviation": lambda: Function(lambda s, x: s.fc(s.conv(x).std(2)), conv=nn.Conv1d(4, 6, 7), fc=nn.Linear(6, 2)),
    "refused bilinear": lambda: Function(lambda s, x: s.pair(y := s.conv(x).amax(2), y), conv=nn.Conv1d(4, 6, 7), pair=nn.Bilinear(6, 6, 2)),
    "refused cumulative": lambda: Function(lambda s, x: s.fc(s.conv(x).cumsum(2).flatten(1)), conv=nn.Conv1d(4, 6, 7), fc=nn.Linear(324, 2)),
    "refused largest few": lambda: Function(lambda s, x: s.fc(s.conv(x).topk(3, 2)[0].flatten(1)), conv=nn.Conv1d(4, 6, 7), fc=nn.Linear(18, 2)),
    "refused projection": lambda: Function(lambda s, x: s.fc(s.rnn(s.conv(x).transpose(1, 2))[0][:, -1]), conv=nn.Conv1d(4, 6, 7),
                                           rnn=nn.LSTM(6, 5, batch_first=True, proj_size=3), fc=nn.Linear(3, 2)),
}


def outputs(module, x):
    with torch.no_grad():
        return module(torch.from_numpy(x)).numpy()


def torch_network(name, build, sequential):
    module, x = build().eval(), sequences(60).transpose(0, 2, 1).copy()
    outputs(module, x)
    for one in module.modules():
        if isinstance(one, nn.BatchNorm1d) and one.running_mean is not None:
            one.running_mean.normal_(0, 0.3)
            one.running_var.uniform_(0.5, 2)
    y = outputs(module, x)
    if sequential and "norm" not in name[-5:]:
        torch.save(module, folder / "module.pt")
        report(name, folder / "module.pt", x, y, "--length", 60)
    unfolded = {"opset_version": 14, "dynamo": False, "do_constant_folding": False, "training": torch.onnx.TrainingMode.PRESERVE}
    for path, options in (
            (folder / "set17.onnx", {"opset_version": 17, "dynamo": False}), (folder / "unfolded.onnx", unfolded), (folder / "dynamo.onnx", {"dynamo": True, "external_data": False})):
        try:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                torch.onnx.export(module, (torch.from_numpy(x[:1]),), path, **options)
        except Exception as error:
            print(f"{name:34} {path.name:22} not exported: {str(error).splitlines()[0][:80]}")
            continue
        report(name, path, x, y)


def state_dicts():
    (folder / "network.json").write_text(
        '{"input": {"length": 60}, "layers": [{"type": "convolution1D", "filters": 6, "kernelSize": 7, "activation": "relu"},'
        '{"type": "globalMaxPooling1D"}, {"type": "dense", "units": 2}]}')
    module = nn.Sequential(nn.Conv1d(4, 6, 7), nn.ReLU(), nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(6, 2))
    x = sequences(60).transpose(0, 2, 1).copy()
    y, state = outputs(module, x), module.state_dict()
    optimizer = torch.optim.Adam(module.parameters())
    module(torch.from_numpy(x)).sum().backward()
    optimizer.step()
    module.load_state_dict(state := {key: value.clone() for key, value in state.items()})
    y = outputs(module, x)
    other = {key: value + 1 for key, value in state.items()}
    files = {
        "with its optimizer": {"model": state, "optimizer": optimizer.state_dict(), "epoch": 4},
        "Lightning with parameters": {
            "state_dict": {"net." + key: value for key, value in state.items()}, "hyper_parameters": {"lr": 0.1, "widths": [1, 2]}, "epoch": 2,
            "optimizer_states": [optimizer.state_dict()], "callbacks": {}, "loops": {}, "pytorch-lightning_version": "2.4.0"},
        "compiled in Lightning": {"state_dict": {"model._orig_mod." + key: value for key, value in state.items()}},
        "parallel and compiled": {"module._orig_mod." + key: value for key, value in state.items()},
        "with averaged weights": {"model": state, "ema": other},
        "weight norm": {
            "0.parametrizations.weight.original0": state["0.weight"].flatten(1).norm(dim=1)[:, None, None],
            "0.parametrizations.weight.original1": state["0.weight"] * 3, **{key: value for key, value in state.items() if key != "0.weight"}},
        "old weight norm": {
            "0.weight_g": state["0.weight"].flatten(1).norm(dim=1)[:, None, None], "0.weight_v": state["0.weight"] * 3,
            **{key: value for key, value in state.items() if key != "0.weight"}},
    }
    for name, content in files.items():
        torch.save(content, folder / "state.pth")
        report(name, folder / "state.pth", x, y, "--architecture", folder / "network.json")
    for name, content in (("module in parallel", nn.DataParallel(module)), ("module in doubles", copy.deepcopy(module).double())):
        torch.save(content, folder / "module.pt")
        report(name, folder / "module.pt", x, y, "--length", 60)
    torch.save(module, folder / "module.pt", _use_new_zipfile_serialization=False)
    report("module before 1.6", folder / "module.pt", x, y, "--length", 60)
    wrapped = Function(None, net=module)
    torch.save(wrapped, folder / "module.pt")
    report("class of the user", folder / "module.pt", x, y, "--architecture", folder / "network.json")
    half = copy.deepcopy(module).half()
    torch.save(half, folder / "module.pt")
    report("module in halves", folder / "module.pt", x, outputs(half.float(), x), "--length", 60)


def operator_sets():
    """One network in each operator set, with constants as nodes, with doubles, and with numbers in another file."""
    module = nn.Sequential(
        nn.Conv1d(4, 8, 7), nn.BatchNorm1d(8), nn.ReLU(), nn.MaxPool1d(4), nn.Flatten(), nn.Linear(104, 2), nn.Sigmoid()).eval()
    module[1].running_mean.normal_()
    module[1].running_var.uniform_(0.5, 2)
    x = sequences(60).transpose(0, 2, 1).copy()
    y = outputs(module, x)

    def export(path, **options):
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            torch.onnx.export(module, (torch.from_numpy(x[:1]),), path, **{"dynamo": False, "opset_version": 17, "input_names": ["x"], **options})
        return path

    for version in range(9, 22):
        path = folder / f"set{version}.onnx"
        try:
            export(path, opset_version=version)
        except Exception:
            onnx.save(onnx.version_converter.convert_version(onnx.load(folder / "set17.onnx"), version), path)
        report("operator set", path, x, y)
    report("initializers as inputs", export(folder / "m.onnx", keep_initializers_as_inputs=True, do_constant_folding=False), x, y)
    report("any length", export(folder / "m.onnx", dynamic_axes={"x": {0: "batch", 2: "length"}}), x, y)
    plain = onnx.load(folder / "set17.onnx")
    constants = copy.deepcopy(plain)
    nodes = [helper.make_node("Constant", [], [t.name], value=t) for t in plain.graph.initializer] + list(plain.graph.node)
    del constants.graph.node[:], constants.graph.initializer[:]
    constants.graph.node.extend(nodes)
    onnx.save(constants, folder / "m.onnx")
    report("constants as nodes", folder / "m.onnx", x, y)
    doubles = copy.deepcopy(plain)
    for tensor in doubles.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT:
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype("f8"), tensor.name))
    onnx.save(doubles, folder / "m.onnx")
    report("doubles", folder / "m.onnx", x, y)
    onnx.save_model(plain, str(folder / "m.onnx"), save_as_external_data=True, location="numbers.bin", size_threshold=0)
    report("numbers beside it", folder / "m.onnx", x, y)
    (folder / "numbers.bin").unlink()
    report("refused without numbers", folder / "m.onnx", x, y)


# ---------------------------------------------------------------------------------------------------------------- ONNX

def onnx_network(name, nodes, weights, version=18, shape=("batch", 4, 60)):
    """Nodes (type, inputs, outputs, attributes) from `x` to `y`."""
    graph = helper.make_graph(
        [helper.make_node(kind, given, made, **attributes) for kind, given, made, attributes in nodes], "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)], [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), key) for key, value in weights.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)], ir_version=10)
    onnx.save(model, folder / "m.onnx")
    x = sequences(60).transpose(0, 2, 1).copy()
    y = onnxruntime.InferenceSession(str(folder / "m.onnx")).run(None, {"x": x})[0]
    report(name, folder / "m.onnx", x, y)


def normal(*shape):
    return (rng.normal(size=shape) / 2).astype("f4")


def after_convolution(*nodes, **weights):
    """Convolution of 6 filters, the nodes from `c` to `d`, and a dense layer of what they give for each channel."""
    return ([("Conv", ["x", "k", "b"], ["c"], {}), *nodes, ("ReduceMax", ["d", "last"], ["m"], {"keepdims": 0}),
             ("Gemm", ["m", "w", "v"], ["y"], {"transB": 1, "alpha": 0.5, "beta": 2.0})],
            {"k": normal(6, 4, 7), "b": normal(6), "last": np.array([2]), "w": normal(2, weights.pop("channels", 6)), "v": normal(2), **weights})


def onnx_networks():
    f, i = np.float32, np.int64
    cases = {
        "Clip with inputs": after_convolution(("Clip", ["c", "low", "high"], ["d"], {}), low=f(-0.2), high=f(0.7)),
        "Clip from below": after_convolution(("Clip", ["c", "low"], ["d"], {}), low=f(0)),
        "Split": after_convolution(("Split", ["c", "parts"], ["p", "q"], {"axis": 1}), ("Mul", ["p", "q"], ["d"], {}), parts=i([3, 3]), channels=3),
        "Where": after_convolution(("Greater", ["c", "zero"], ["g"], {}), ("Mul", ["c", "slope"], ["n"], {}), ("Where", ["g", "c", "n"], ["d"], {}), zero=f(0), slope=f(0.2)),
        "reflected Pad": after_convolution(("Pad", ["c", "ends"], ["d"], {"mode": "reflect"}), ends=i([0, 0, 2, 0, 0, 2])),
        "Pad with a constant": after_convolution(("Pad", ["c", "ends", "value"], ["d"], {}), ends=i([0, 0, 2, 0, 0, 2]), value=f(0.3)),
        "ReduceMean": after_convolution(("ReduceMean", ["c", "last"], ["e"], {"keepdims": 1}), ("Sub", ["c", "e"], ["d"], {})),
        "LayerNormalization": after_convolution(
            ("Transpose", ["c"], ["t"], {"perm": [0, 2, 1]}), ("LayerNormalization", ["t", "g", "h"], ["u"], {"axis": -1, "epsilon": 1e-4}),
            ("Transpose", ["u"], ["d"], {"perm": [0, 2, 1]}), g=normal(6), h=normal(6)),
        "Gather of channels": after_convolution(("Gather", ["c", "which"], ["d"], {"axis": 1}), which=i([5, 0, 3]), channels=3),
        "Sum and Mean": after_convolution(("Relu", ["c"], ["r"], {}), ("Tanh", ["c"], ["t"], {}), ("Sum", ["c", "r", "t"], ["s"], {}), ("Mean", ["s", "r"], ["d"], {})),
        "Max and Min of several": after_convolution(("Tanh", ["c"], ["t"], {}), ("Max", ["c", "t", "low"], ["s"], {}), ("Min", ["s", "high"], ["d"], {}), low=f(-0.1), high=f(1.5)),
        "auto_pad": after_convolution(("Conv", ["c", "k2"], ["d"], {"auto_pad": "SAME_UPPER", "strides": [2]}), k2=normal(6, 6, 4)),
        "PRelu": after_convolution(("PRelu", ["c", "slopes"], ["d"], {}), slopes=normal(6, 1)),
        "ThresholdedRelu": after_convolution(("ThresholdedRelu", ["c"], ["d"], {"alpha": 0.4})),
        "HardSigmoid": after_convolution(("HardSigmoid", ["c"], ["d"], {"alpha": 0.3, "beta": 0.4})),
        "Einsum": after_convolution(("Einsum", ["c", "mix"], ["d"], {"equation": "ncl,oc->nol"}), mix=normal(6, 6)),
        "ReduceSumSquare": after_convolution(("ReduceSumSquare", ["c", "last"], ["d"], {"keepdims": 1})),
        "ReduceL2": after_convolution(("ReduceL2", ["c", "last"], ["d"], {"keepdims": 1})),
        "MatMul from the left": after_convolution(("MatMul", ["mix", "c"], ["d"], {}), mix=normal(6, 6)),
        "softmax over positions": after_convolution(("Softmax", ["c"], ["s"], {"axis": 2}), ("Mul", ["c", "s"], ["d"], {})),
        "RNN": ([("Transpose", ["x"], ["t"], {"perm": [2, 0, 1]}), ("RNN", ["t", "w", "r", "b"], ["all", "last"], {"hidden_size": 5}), ("Squeeze", ["last", "first"], ["s"], {}),
                 ("Gemm", ["s", "d"], ["y"], {})],
                {"w": normal(1, 5, 4), "r": normal(1, 5, 5), "b": normal(1, 10), "first": i([0]), "d": normal(5, 2)}),
    }
    for name, (nodes, weights) in cases.items():
        if not wanted or "onnx" in wanted or name in wanted:
            try:
                onnx_network(name, nodes, weights)
            except Exception as error:
                print(f"{name:34} not made: {str(error).splitlines()[0][:150]}")


for name, body in KERAS.items():
    if not wanted or "keras" in wanted or name in wanted:
        keras_network(name, body)
for name, (shape, body, turned) in SHAPED.items():
    if not wanted or "keras" in wanted or name in wanted:
        keras_shaped(name, shape, body, turned)
if not wanted or "keras" in wanted:
    keras_others()
for sequential, cases in ((True, TORCH), (False, FUNCTIONS)):
    for name, build in cases.items():
        if not wanted or "torch" in wanted or name in wanted:
            torch_network(name, build, sequential)
if not wanted or "state" in wanted:
    state_dicts()
if not wanted or "sets" in wanted:
    operator_sets()
onnx_networks()
imports.finish()
