"""Builds networks as others write them in PyTorch, ONNX and Keras, and imports each with `--check`.

    KERAS_BACKEND=jax python3 foreign_networks.py MOTIFKIT [NAME…]

MOTIFKIT is the program. The networks have the layers of published ones in small: Basset, DeepSEA, DanQ, DeepSTARR, Basenji,
scBasset, BPNet, ChromBPNet, ExplaiNN, LegNet, DeepBind. Each is written in every way its program has: whole modules and state_dicts
plain and in wrappers, ONNX by both exporters and operator sets 11 to 20, `.keras`, `.h5` and weights with JSON. A line is the
largest difference, or the message of a refusal; for networks called `refused …` a message is right. Status 1 if anything else
is above 1e-5 or refused. Needs keras, torch, onnx, onnxscript, safetensors and numpy.
"""
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
import torch
from keras import layers as k
from keras import ops
from safetensors.torch import save_file
from torch import nn

from import_check import ImportCheck
from torch_function import Function

warnings.simplefilter("ignore")
imports = ImportCheck()
report, folder, rng, wanted, sequences = imports.report, imports.folder, imports.rng, imports.wanted, imports.sequences
torch.manual_seed(1)


# ---------------------------------------------------------------------------------------------------- PyTorch and ONNX

def randomized(module):
    """With running statistics and slopes that are not those of a new network."""
    for one in module.modules():
        if isinstance(one, nn.modules.batchnorm._BatchNorm):
            one.running_mean.normal_(0, 0.3)
            one.running_var.uniform_(0.5, 2)
            nn.init.uniform_(one.weight, 0.5, 1.5)
            nn.init.normal_(one.bias, 0, 0.3)
    return module.eval()


def squeeze_excitation(s, x):
    return x * s.gate(x.mean(dim=2)).unsqueeze(-1)


SEQUENTIAL = {
    "basset": (200, lambda: nn.Sequential(
        nn.Conv1d(4, 12, 19, padding=9), nn.BatchNorm1d(12), nn.ReLU(), nn.MaxPool1d(3), nn.Conv1d(12, 8, 11, padding=5), nn.BatchNorm1d(8),
        nn.ReLU(), nn.MaxPool1d(4), nn.Flatten(), nn.Linear(128, 10), nn.BatchNorm1d(10), nn.ReLU(), nn.Dropout(0.3), nn.Linear(10, 3),
        nn.Sigmoid())),
    "zeng": (101, lambda: nn.Sequential(
        nn.Conv1d(4, 16, 24), nn.ReLU(), nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(16, 32), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(32, 1))),
    "activations": (60, lambda: nn.Sequential(
        nn.Conv1d(4, 6, 5), nn.LeakyReLU(0.1), nn.Conv1d(6, 6, 3), nn.ELU(0.5), nn.Conv1d(6, 6, 3), nn.PReLU(6), nn.Conv1d(6, 6, 3), nn.ReLU6(),
        nn.Conv1d(6, 6, 3), nn.Softplus(), nn.Conv1d(6, 6, 3), nn.Mish(), nn.Conv1d(6, 6, 3), nn.Hardswish(), nn.Conv1d(6, 6, 3),
        nn.PReLU(), nn.Conv1d(6, 6, 3), nn.Hardtanh(), nn.Flatten(), nn.Linear(240, 4), nn.LogSigmoid())),
    "pooling": (61, lambda: nn.Sequential(
        nn.Conv1d(4, 6, 5, padding="same"), nn.AvgPool1d(3, 2, padding=1), nn.ReLU(), nn.MaxPool1d(3, 2, padding=1), nn.AdaptiveAvgPool1d(4),
        nn.Flatten(), nn.Linear(24, 2))),
    "ceil": (61, lambda: nn.Sequential(
        nn.Conv1d(4, 6, 5), nn.ReLU(), nn.MaxPool1d(4, ceil_mode=True), nn.Flatten(), nn.Linear(90, 2))),
    "nested": (80, lambda: nn.Sequential(
        nn.Sequential(nn.Conv1d(4, 6, 5, dilation=2), nn.GELU(), nn.MaxPool1d(4)), nn.Identity(), nn.Dropout1d(0.1),
        nn.Sequential(nn.Conv1d(6, 6, 3, groups=2), nn.SiLU(), nn.Flatten(), nn.LazyLinear(3), nn.LogSoftmax(dim=1)))),
    "groups": (60, lambda: nn.Sequential(
        nn.Conv1d(4, 8, 5), nn.GroupNorm(2, 8), nn.CELU(0.5), nn.InstanceNorm1d(8, affine=True), nn.LayerNorm([8, 56]), nn.GLU(1), nn.Flatten(),
        nn.LayerNorm(224), nn.Linear(224, 1))),
    "padded, copied": (60, lambda: nn.Sequential(
        nn.ConstantPad1d((4, 3), 0.25), nn.Conv1d(4, 8, 5), nn.RReLU(), nn.ZeroPad1d((2, 3)), nn.Upsample(scale_factor=2), nn.Conv1d(8, 4, 3),
        nn.Flatten(), nn.Linear(536, 2), nn.Softmin(1))),
    "rows": (60, lambda: nn.Sequential(
        nn.Unflatten(1, (1, 4)), nn.Conv2d(1, 8, (4, 5)), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d((1, 4)), nn.Conv2d(8, 6, (1, 3)),
        nn.AdaptiveMaxPool2d((1, 1)), nn.Flatten(), nn.Linear(6, 2))),
}
FUNCTIONS = {
    "deepsea": (200, lambda: Function(
        lambda s, x: torch.sigmoid(s.fc(s.conv(x.unsqueeze(2)).view(x.size(0), -1))),
        conv=nn.Sequential(nn.Conv2d(4, 8, (1, 8)), nn.ReLU(), nn.MaxPool2d((1, 4), (1, 4)), nn.Dropout(0.2), nn.Conv2d(8, 10, (1, 8)), nn.ReLU()),
        fc=nn.Sequential(nn.Linear(410, 12), nn.ReLU(), nn.Linear(12, 5)))),
    "danq": (200, lambda: Function(
        lambda s, x: torch.sigmoid(s.fc(s.lstm(s.conv(x).transpose(1, 2))[0].reshape(x.size(0), -1))),
        conv=nn.Sequential(nn.Conv1d(4, 8, 26), nn.ReLU(), nn.MaxPool1d(13), nn.Dropout(0.2)), lstm=nn.LSTM(8, 5, batch_first=True, bidirectional=True),
        fc=nn.Sequential(nn.Linear(130, 12), nn.ReLU(), nn.Linear(12, 3)))),
    "last state, GRU of two layers": (80, lambda: Function(
        lambda s, x: s.fc(s.gru(s.conv(x).permute(0, 2, 1))[0][:, -1, :]),
        conv=nn.Sequential(nn.Conv1d(4, 8, 7), nn.ReLU(), nn.MaxPool1d(5)), gru=nn.GRU(8, 6, num_layers=2, batch_first=True), fc=nn.Linear(6, 1))),
    "last hidden of an LSTM": (80, lambda: Function(
        lambda s, x: s.fc(s.lstm(s.conv(x).permute(2, 0, 1))[1][0][-1]),
        conv=nn.Sequential(nn.Conv1d(4, 8, 7), nn.ReLU(), nn.MaxPool1d(5)), lstm=nn.LSTM(8, 6), fc=nn.Linear(6, 1))),
    "deepbind": (60, lambda: Function(
        lambda s, x: s.fc(torch.cat([(y := torch.relu(s.conv(x))).amax(dim=2), y.mean(dim=2)], dim=1)),
        conv=nn.Conv1d(4, 8, 9, padding=8), fc=nn.Sequential(nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 1)))),
    "maximum over positions": (60, lambda: Function(
        lambda s, x: s.fc(torch.max(torch.relu(s.conv(x)), dim=-1)[0]), conv=nn.Conv1d(4, 8, 9), fc=nn.Linear(8, 1))),
    "functional pooling": (60, lambda: Function(
        lambda s, x: s.fc(nn.functional.max_pool1d(torch.relu(s.conv(x)), 52).squeeze(-1)), conv=nn.Conv1d(4, 8, 9), fc=nn.Linear(8, 1))),
    "channels last": (60, lambda: Function(
        lambda s, x: s.fc(torch.relu(s.conv(x.permute(0, 2, 1))).flatten(1)), conv=nn.Conv1d(4, 8, 9), fc=nn.Linear(416, 2))),
    "basenji": (128, lambda: Function(
        lambda s, x: nn.functional.softplus(s.head((y := s.stem(x)) + s.residual(y)).transpose(1, 2)),
        stem=nn.Sequential(nn.Conv1d(4, 8, 15, padding=7), nn.BatchNorm1d(8), Function(lambda s, x: torch.sigmoid(1.702 * x) * x), nn.MaxPool1d(2)),
        residual=nn.Sequential(nn.Conv1d(8, 4, 3, dilation=2, padding=2), nn.BatchNorm1d(4), nn.GELU(), nn.Conv1d(4, 8, 1), nn.Dropout(0.3)),
        head=nn.Conv1d(8, 3, 1))),
    "scbasset": (132, lambda: Function(
        lambda s, x: torch.sigmoid(s.cells(nn.functional.gelu(s.norm(s.bottleneck(nn.functional.gelu(s.stem(x)).flatten(1)))))),
        stem=nn.Sequential(nn.Conv1d(4, 8, 17, padding=8), nn.BatchNorm1d(8), nn.MaxPool1d(3)), bottleneck=nn.Linear(352, 6, bias=False),
        norm=nn.BatchNorm1d(6), cells=nn.Linear(6, 9))),
    "bpnet": (200, lambda: Function(
        lambda s, x: (s.profile((y := s.trunk(x))[:, :, 20:-20]), s.counts(y.mean(dim=2))),
        trunk=Function(lambda s, x: (y := torch.relu(s.stem(x))) + torch.relu(s.dilated(y)), stem=nn.Conv1d(4, 8, 21, padding=10),
                       dilated=nn.Conv1d(8, 8, 3, padding=2, dilation=2)),
        profile=nn.Conv1d(8, 2, 25, padding=12), counts=nn.Linear(8, 1))),
    "explainn": (100, lambda: Function(
        lambda s, x: s.final(s.units(x.repeat(1, 6, 1)).squeeze(-1)),
        units=nn.Sequential(
            nn.Conv1d(24, 6, 19, groups=6), nn.BatchNorm1d(6), Function(lambda s, x: torch.exp(x)), nn.MaxPool1d(7, 7), nn.Flatten(),
            Function(lambda s, x: x.unsqueeze(-1)), nn.Conv1d(66, 60, 1, groups=6), nn.BatchNorm1d(60), nn.ReLU(), nn.Dropout(0.3),
            nn.Conv1d(60, 6, 1, groups=6), nn.BatchNorm1d(6), nn.ReLU()), final=nn.Linear(6, 3))),
    "legnet": (80, lambda: Function(
        lambda s, x: s.head(torch.cat([(y := s.stem(x)), s.excited(y)], dim=1).mean(dim=-1)),
        stem=nn.Sequential(nn.Conv1d(4, 8, 7, padding="same"), nn.BatchNorm1d(8), nn.SiLU()),
        excited=Function(squeeze_excitation, gate=nn.Sequential(nn.Linear(8, 2), nn.SiLU(), nn.Linear(2, 8), nn.Sigmoid())),
        head=nn.Linear(16, 2))),
    "strand average": (60, lambda: Function(
        lambda s, x: (s.net(x) + s.net(x.flip([1, 2]))) / 2,
        net=nn.Sequential(nn.Conv1d(4, 8, 9), nn.ReLU(), nn.MaxPool1d(5), nn.Conv1d(8, 6, 3, padding=1), nn.BatchNorm1d(6), nn.ReLU(), nn.Flatten(),
                          nn.Linear(60, 5), nn.ReLU(), nn.Linear(5, 2)))),
    "strand maximum": (60, lambda: Function(
        lambda s, x: torch.maximum(s.net(x), s.net(torch.flip(x, [1, 2]))),
        net=nn.Sequential(nn.Conv1d(4, 8, 9), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(8, 1)))),
    "normalized channels": (60, lambda: Function(
        lambda s, x: s.fc(s.norm(s.conv(x).transpose(1, 2)).mean(dim=1)), conv=nn.Conv1d(4, 8, 9), norm=nn.LayerNorm(8), fc=nn.Linear(8, 1))),
    "deconvolution": (60, lambda: Function(
        lambda s, x: s.up(torch.relu(s.conv(x))), conv=nn.Conv1d(4, 8, 9, stride=2), up=nn.ConvTranspose1d(8, 1, 6, stride=2, padding=2))),
    "picture": (60, lambda: Function(
        lambda s, x: s.fc(s.conv(x.unsqueeze(1)).flatten(1)), conv=nn.Sequential(nn.Conv2d(1, 8, (4, 9)), nn.ReLU(), nn.MaxPool2d((1, 4))),
        fc=nn.Linear(104, 1))),
    "softmax, padding": (60, lambda: Function(
        lambda s, x: torch.softmax(s.fc(s.conv(nn.functional.pad(x, (4, 4))).flatten(1)), dim=1), conv=nn.Conv1d(4, 4, 9, stride=3), fc=nn.Linear(80, 4))),
    "arithmetic": (60, lambda: Function(
        lambda s, x: s.fc(torch.minimum(y := s.conv(x), 0.5 - y).abs().sub(y * 0.1).clamp(min=0, max=1).pow(2).mean(2)), conv=nn.Conv1d(4, 8, 9),
        fc=nn.Linear(8, 1))),
    "attention pooling": (60, lambda: Function(
        lambda s, x: s.fc((torch.softmax(s.weight(y := torch.relu(s.conv(x)).transpose(1, 2)), dim=1) * y).sum(1)), conv=nn.Conv1d(4, 8, 9),
        weight=nn.Linear(8, 1), fc=nn.Linear(8, 1))),
    "attention as a product": (60, lambda: Function(
        lambda s, x: s.fc(torch.bmm(torch.softmax(s.weight(y := torch.relu(s.conv(x)).transpose(1, 2)), 1).transpose(1, 2), y).squeeze(1)),
        conv=nn.Conv1d(4, 8, 9), weight=nn.Linear(8, 1), fc=nn.Linear(8, 1))),
    "bias and signal": (60, lambda: Function(
        lambda s, x: torch.logsumexp(torch.stack([s.signal(x.flip(1).flip(2)), s.bias(x)]), dim=0), signal=nn.Sequential(
            nn.Conv1d(4, 8, 9), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(8, 1)), bias=nn.Sequential(
            nn.Conv1d(4, 2, 5), nn.ReLU(), nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(2, 1)))),
    "malinois": (60, lambda: Function(
        lambda s, x: (torch.bmm(s.linear(s.conv(x).flatten(1)).repeat(1, 3).reshape(-1, 3, 10).permute(1, 0, 2), s.groups) + s.shifts).permute(
            1, 0, 2).reshape(-1, 6), conv=nn.Sequential(nn.Conv1d(4, 8, 9), nn.ReLU(), nn.MaxPool1d(4)), linear=nn.Linear(104, 10),
        groups=nn.Parameter(torch.randn(3, 10, 2)), shifts=nn.Parameter(torch.randn(3, 1, 2)))),
    "expected class": (60, lambda: Function(
        lambda s, x: (torch.softmax(s.fc(torch.cat([F(s.conv(x), 1) for F in (nn.functional.adaptive_avg_pool1d, nn.functional.adaptive_max_pool1d)],
                                                   1).flatten(1)), 1) * torch.arange(6.0)).sum(1), conv=nn.Conv1d(4, 8, 9), fc=nn.Linear(16, 6))),
    "refused attention": (60, lambda: Function(
        lambda s, x: s.fc(s.attention(y := s.conv(x).transpose(1, 2), y, y)[0].mean(1)), conv=nn.Conv1d(4, 8, 9),
        attention=nn.MultiheadAttention(8, 2, batch_first=True), fc=nn.Linear(8, 1))),
}


def chrombpnet(s, x):
    y = torch.relu(s.stem(x))
    y = y[:, :, 4:-4] + torch.relu(s.dilated(y))
    profile = s.profile(y)
    return profile.flatten(1), s.counts(y.mean(2))


FUNCTIONS["chrombpnet"] = (200, lambda: Function(
    chrombpnet, stem=nn.Conv1d(4, 8, 21), dilated=nn.Conv1d(8, 8, 3, dilation=4), profile=nn.Conv1d(8, 1, 75), counts=nn.Linear(8, 1)))


def torch_outputs(module, x):
    with torch.no_grad():
        outputs = module(torch.from_numpy(x))
    return [o.numpy() for o in outputs] if isinstance(outputs, tuple) else outputs.numpy()


def export(module, x, path, **options):
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        torch.onnx.export(module, (torch.from_numpy(x[:1]),), path, **options)


def torch_network(name, length, build, isSequential):
    module, x = build(), sequences(length)
    inputs = x if name == "channels last" else x.transpose(0, 2, 1).copy()
    torch_outputs(module.eval(), inputs)
    module = randomized(module)
    y = torch_outputs(module, inputs)
    if isSequential:
        torch.save(module, folder / "module.pt")
        report(name, folder / "module.pt", inputs, y, "--length", length)
        torch.save({"epoch": 3, "model": module}, folder / "checkpoint.pt")
        report(name, folder / "checkpoint.pt", inputs, y, "--length", length)
    for version in (11, 13, 17, 20) if not name.startswith("refused") else (17,):
        path = folder / f"legacy{version}.onnx"
        try:
            dynamic = {"input": {0: "batch"}} if version > 11 else None
            export(module, inputs, path, opset_version=version, dynamo=False, input_names=["input"], dynamic_axes=dynamic)
        except Exception as error:
            print(f"{name:34} {path.name:22} not exported: {str(error).splitlines()[0][:80]}")
            continue
        report(name, path, inputs, y)
    path = folder / "dynamo.onnx"
    try:
        export(module, inputs, path, dynamo=True, external_data=False)
    except Exception as error:
        return print(f"{name:34} {path.name:22} not exported: {str(error).splitlines()[0][:80]}")
    report(name, path, inputs, y)


# --------------------------------------------------------------------------------------------------------------- Keras

def functional(length, body, channels=4):
    x = k.Input((length, channels))
    return keras.Model(x, body(x))


def bpnet(x):
    y = k.Conv1D(8, 25, padding="same", activation="relu")(x)
    for i in range(1, 3):
        y = k.Add()([y, k.Conv1D(8, 3, padding="same", dilation_rate=2**i, activation="relu")(y)])
    profile = k.Conv1DTranspose(2, 25, padding="same", name="profile")(y)
    return [profile, k.Dense(2, name="logcounts")(k.GlobalAveragePooling1D()(y))]


def basenji(x):
    def gelu(y):
        return k.Activation("gelu")(y)
    y = k.MaxPooling1D(4)(k.BatchNormalization()(k.Conv1D(8, 15, padding="same")(gelu(x))))
    z = k.Dropout(0.3)(k.BatchNormalization(gamma_initializer="ones")(k.Conv1D(8, 1)(gelu(k.Conv1D(4, 3, dilation_rate=2, padding="same")(y)))))
    return k.Conv1D(3, 1, activation="softplus")(k.Cropping1D(3)(k.Add()([y, z])))


def excitation(x):
    y = k.Conv1D(8, 7, padding="same", activation="swish")(x)
    gate = k.Dense(8, activation="sigmoid")(k.Dense(2, activation="relu")(k.GlobalAveragePooling1D()(y)))
    y = k.Multiply()([y, k.Reshape((1, 8))(gate)])
    return k.Dense(1)(k.GlobalMaxPooling1D()(y))


def strands(x):
    core = keras.Sequential([k.Conv1D(8, 9, activation="relu"), k.MaxPooling1D(4), k.Flatten(), k.Dense(2)], name="core")
    return k.Average()([core(x), core(keras.ops.flip(x, axis=[1, 2]))])


def sliced_strands(x):
    core = keras.Sequential([k.Conv1D(8, 9, activation="relu"), k.GlobalMaxPooling1D(), k.Dense(2)], name="core")
    return k.Maximum()([core(x), core(x[:, ::-1, ::-1])])


def calls(x):
    """Operations between layers, and outputs with names."""
    y = k.GroupNormalization(3)(k.Conv1D(6, 5)(x))
    y = k.LayerNormalization(axis=[1, 2])(ops.glu(ops.pad(y[:, 1:-3, :], [[0, 0], [2, 3], [0, 0]])))
    y = ops.leaky_relu(ops.square(y * 0.3) - y * 0.2, 0.1)
    parts = [ops.mean(y, axis=1), ops.max(y, axis=1), ops.sum(y, axis=1), y[:, -1]]
    counts = ops.logsumexp(k.Flatten()(ops.transpose(y, (0, 2, 1))), axis=-1, keepdims=True)
    return {"rest": k.Dense(2)(ops.concatenate(parts, axis=-1)), "count": counts}


def picture(x):
    y = ops.squeeze(k.Conv2D(5, (7, 4), activation="relu")(ops.expand_dims(x, -1)), 2)
    y = y + k.Conv1D(5, 7, activation="celu")(k.Masking(0.0)(x))
    return k.ReLU(max_value=0.2, negative_slope=0.1)(k.Dense(3)(ops.max(y, axis=1)))


KERAS = {
    "calls": (60, calls), "picture by operations": (60, picture),
    "basset": (200, lambda x: k.Dense(3, activation="sigmoid")(k.Dropout(0.3)(k.Activation("relu")(k.BatchNormalization()(k.Dense(10)(k.Flatten()(
        k.MaxPooling1D(3)(k.ReLU()(k.BatchNormalization()(k.Conv1D(8, 19, padding="same")(x))))))))))),
    "danq": (200, lambda x: k.Dense(3, activation="sigmoid")(k.Dense(12, activation="relu")(k.Flatten()(k.Bidirectional(k.LSTM(5, return_sequences=True))(
        k.Dropout(0.2)(k.MaxPooling1D(13)(k.Conv1D(8, 26, activation="relu")(x)))))))),
    "gru": (100, lambda x: k.Dense(1)(k.GRU(6)(k.Bidirectional(k.GRU(5, return_sequences=True, reset_after=False), merge_mode="sum")(
        k.MaxPooling1D(5)(k.Conv1D(8, 9, activation="relu")(x)))))),
    "gru, hard": (100, lambda x: k.Dense(1)(k.GRU(6, reset_after=False, recurrent_activation="hard_sigmoid", go_backwards=True)(
        k.MaxPooling1D(5)(k.Conv1D(8, 9, activation="relu")(x))))),
    "lstm, merged": (100, lambda x: k.Dense(1)(k.Bidirectional(k.LSTM(6), merge_mode="ave")(k.Bidirectional(k.LSTM(5, return_sequences=True),
        merge_mode="mul")(k.MaxPooling1D(5)(k.Conv1D(8, 9, activation="relu")(x)))))),
    "refused lstm with relu": (60, lambda x: k.Dense(1)(k.LSTM(6, activation="relu")(k.MaxPooling1D(5)(k.Conv1D(8, 9)(x))))),
    "bpnet": (120, bpnet),
    "basenji": (128, basenji),
    "excitation": (60, excitation),
    "strand average": (60, strands),
    "strand maximum": (60, sliced_strands),
    "activations": (60, lambda x: k.Dense(1)(k.Flatten()(k.LeakyReLU(0.15)(k.Conv1D(4, 3)(k.ELU(0.7)(k.Conv1D(4, 3)(k.PReLU(
        alpha_initializer="uniform", shared_axes=[1])(k.Conv1D(4, 3)(k.ReLU(max_value=6)(k.Conv1D(4, 3, activation="mish")(k.Conv1D(
            4, 3, activation="relu6")(k.Conv1D(4, 3, activation="hard_silu")(k.Conv1D(4, 3, activation="log_sigmoid")(x)))))))))))))),
    "prelu by place": (40, lambda x: k.Dense(1)(k.Flatten()(k.PReLU(alpha_initializer="uniform")(k.Conv1D(4, 9)(x))))),
    "permuted flatten": (60, lambda x: k.Dense(2)(k.Flatten()(k.Permute((2, 1))(k.Conv1D(6, 9, activation="relu")(x))))),
    "picture": (60, lambda x: k.Dense(1)(k.Flatten()(k.MaxPooling2D((1, 4))(k.Conv2D(8, (4, 9), activation="relu")(k.Reshape((4, 60, 1))(
        k.Permute((2, 1))(x))))))),
    "picture of rows": (60, lambda x: k.Dense(1)(k.Flatten()(k.MaxPooling2D((4, 1))(k.Conv2D(8, (9, 4), activation="relu")(k.Reshape((60, 4, 1))(x)))))),
    "merges": (60, lambda x: k.Dense(1)(k.GlobalAveragePooling1D()(k.Subtract()([k.Average()([a := k.Conv1D(4, 5)(x), b := k.Conv1D(4, 5)(x)]),
        k.Minimum()([a, b])])))),
    "separable": (60, lambda x: k.Dense(1)(k.GlobalMaxPooling1D()(k.SeparableConv1D(6, 5, activation="relu")(k.DepthwiseConv1D(5)(
        k.Conv1D(6, 5)(x)))))),
    "scaled": (60, lambda x: k.Dense(1)(k.GlobalAveragePooling1D()(k.Rescaling(0.5, 0.1)(k.LayerNormalization()(k.SpatialDropout1D(0.1)(k.Conv1D(4, 5)(x))))))),
    "up": (60, lambda x: k.Conv1D(1, 1)(k.UpSampling1D(2)(k.MaxPooling1D(2, padding="same")(k.Conv1D(4, 5, padding="causal")(x))))),
    "time distributed": (60, lambda x: k.Dense(1)(k.GlobalMaxPooling1D()(k.TimeDistributed(k.Dense(5, activation="relu"))(k.Conv1D(4, 5)(x))))),
    "concatenated widths": (60, lambda x: k.Dense(1)(k.Concatenate()([k.GlobalMaxPooling1D()(k.Conv1D(4, w, activation="relu")(x)) for w in (5, 9, 13)]))),
    "repeated": (60, lambda x: k.Dense(1)(k.LSTM(4)(k.RepeatVector(5)(k.Dense(6, activation="relu")(k.GlobalMaxPooling1D()(k.Conv1D(4, 9)(x))))))),
    "softmax over classes": (60, lambda x: k.Dense(4, activation="log_softmax")(k.GlobalMaxPooling1D()(k.Conv1D(4, 9)(x)))),
    "nested": (60, lambda x: keras.Sequential([k.Input((52, 8)), k.MaxPooling1D(4), keras.Sequential([k.Flatten(), k.Dense(5, activation="relu")]),
        k.Dense(1)])(keras.Sequential([k.Conv1D(8, 9), k.BatchNormalization(), k.Activation("relu")])(x))),
    "shared twice": (60, lambda x: (c := k.Conv1D(4, 5, padding="same", activation="relu")) and k.Dense(1)(k.GlobalMaxPooling1D()(c(c(x))))),
    "attention pooling": (60, lambda x: k.Dense(1)(k.GlobalAveragePooling1D()(k.Multiply()([y := k.Conv1D(4, 5, activation="relu")(x), k.Softmax(
        axis=1)(k.Dense(1)(y))])))),
    "scbasset's row": (60, lambda x: k.Flatten()(k.Dense(3, activation="sigmoid")(k.Dense(5, use_bias=False)(k.Reshape((1, 72))(k.MaxPooling1D(3)(
        k.Conv1D(4, 5)(x))))))),
    "refused attention": (60, lambda x: k.Dense(1)(k.GlobalMaxPooling1D()(k.MultiHeadAttention(2, 4)(y := k.Conv1D(4, 5)(x), y)))),
}


def keras_network(name, length, body):
    keras.utils.set_random_seed(1)
    model, x = functional(length, body), sequences(length)
    for layer in model._flatten_layers():
        if isinstance(layer, k.BatchNormalization):
            layer.set_weights([w + rng.uniform(0, 0.5, w.shape) for w in layer.get_weights()])
    y = model.predict(x, verbose=0)
    # Keras takes named outputs in the order of their names.
    y = [y[key] for key in sorted(y)] if isinstance(y, dict) else y
    model.save(folder / "m.keras")
    report(name, folder / "m.keras", x, y)
    with redirect_stderr(io.StringIO()):
        model.save(folder / "m.h5")
    report(name, folder / "m.h5", x, y)
    model.save_weights(folder / "m.weights.h5")
    (folder / "m.json").write_text(model.to_json())
    report(name, folder / "m.weights.h5", x, y, "--architecture", folder / "m.json")


# ------------------------------------------------------------------------------------ state_dicts and their wrappers

def state_dicts(name="state_dict"):
    (folder / "network.json").write_text(
        '{"input": {"length": 60}, "layers": [{"type": "convolution1D", "filters": 8, "kernelSize": 9, "activation": "relu"},'
        '{"type": "maxPooling1D", "size": 4}, {"type": "flatten"}, {"type": "dense", "units": 3}]}')
    module = nn.Sequential(nn.Conv1d(4, 8, 9), nn.ReLU(), nn.MaxPool1d(4), nn.Flatten(), nn.Linear(104, 3))
    x = sequences(60)
    y = torch_outputs(module, x.transpose(0, 2, 1).copy())
    state = module.state_dict()
    prefixed = {"module." + key: value for key, value in state.items()}
    files = {
        "plain": state, "state_dict": {"state_dict": state, "epoch": 7}, "model_state_dict": {"model_state_dict": state, "optimizer": {}},
        "data_parallel": prefixed, "lightning": {"state_dict": {"model." + key: v for key, v in state.items()}, "hyper_parameters": {"lr": 0.1},
        "pytorch-lightning_version": "2.0"},
        "compiled": {"_orig_mod." + key: v for key, v in state.items()},
        "named otherwise": {"generator": state, "epoch": 7}, "in a list": [state, 7],
        "averaged": {"n_averaged": torch.tensor(3), **prefixed}, "criterion": {**{"model." + key: v for key, v in state.items()}, "loss.weight": torch.ones(3)},
    }
    for kind, content in files.items():
        path = folder / f"{kind}.pth"
        torch.save(content, path)
        report(name, path, x, y, "--architecture", folder / "network.json")
    torch.save(state, folder / "old.pth", _use_new_zipfile_serialization=False)
    report(name, folder / "old.pth", x, y, "--architecture", folder / "network.json")
    for type in (torch.float64, torch.float16, torch.bfloat16):
        rounded = {key: value.to(type) for key, value in state.items()}
        module.load_state_dict({key: value.float() for key, value in rounded.items()})
        y = torch_outputs(module, x.transpose(0, 2, 1).copy())
        torch.save(rounded, folder / "rounded.pth")
        save_file(rounded, str(folder / "rounded.safetensors"))
        for path in ("rounded.pth", "rounded.safetensors"):
            report(f"{name}, {type}", folder / path, x, y, "--architecture", folder / "network.json")
    torch.jit.script(nn.Sequential(nn.Conv1d(4, 8, 9), nn.ReLU())).save(folder / "script.pt")
    report("refused TorchScript", folder / "script.pt", x, y)


if not wanted or "state" in wanted:
    state_dicts()
for isSequential, networks in ((True, SEQUENTIAL), (False, FUNCTIONS)):
    for name, (length, build) in networks.items():
        if not wanted or "torch" in wanted or name in wanted:
            torch_network(name, length, build, isSequential)
for name, (length, body) in KERAS.items():
    if not wanted or "keras" in wanted or name in wanted:
        keras_network(name, length, body)
imports.finish()
