"""Files with what MotifKit composes of its own layers: other activations, both strands in one network, parts and copies of tensors,
merged directions; each with inputs x and outputs y. After networks.py and more_networks.py, whose files stay.

    KERAS_BACKEND=jax python3 composed_networks.py        (keras 3.15, torch, onnx, onnxscript, h5py, numpy)
"""
import json
import os
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
import h5py
import keras
import numpy as np
import torch
from keras import layers as k
from torch import nn
from torch.nn import functional as F

warnings.simplefilter("ignore")
rng = np.random.default_rng(10)
torch.manual_seed(10)
keras.utils.set_random_seed(10)


def sequences(length, count=4):
    x = np.eye(4, dtype="f4")[rng.integers(0, 4, (count, length))]
    x[0, 5] = x[1, 0] = 0
    return x


def save(name, x, *outputs):
    names = ["y"] if len(outputs) == 1 else [f"y{i}" for i in range(len(outputs))]
    np.savez_compressed(name + ".npz", x=x, **dict(zip(names, map(np.asarray, outputs))))


class Function(nn.Module):
    def __init__(self, body, **modules):
        super().__init__()
        for name, module in modules.items():
            setattr(self, name, module)
        self.body = body

    def forward(self, x):
        return self.body(self, x)


def outputs(module, x):
    for one in module.modules():
        if isinstance(one, nn.BatchNorm1d):
            one.running_mean.normal_(0, 0.3)
            one.running_var.uniform_(0.5, 2)
    with torch.no_grad():
        y = module.eval()(torch.from_numpy(x))
    return [o.numpy() for o in (y if isinstance(y, tuple) else (y,))]


def onnx(name, module, length, **options):
    x = sequences(length).transpose(0, 2, 1).copy()
    save(name, x, *outputs(module, x))
    torch.onnx.export(module, (torch.from_numpy(x[:1]),), name + ".onnx", **options)


functions = nn.Sequential(
    nn.Conv1d(4, 5, 5, padding="same"), nn.AvgPool1d(3, 2, padding=1), nn.LeakyReLU(0.1), nn.Conv1d(5, 4, 1), nn.ELU(0.5), nn.Conv1d(4, 4, 1),
    nn.PReLU(4), nn.Conv1d(4, 4, 1), nn.ReLU6(), nn.Conv1d(4, 4, 1), nn.Softplus(beta=2), nn.Conv1d(4, 4, 1), nn.Mish(), nn.Conv1d(4, 4, 1),
    nn.Hardswish(), nn.Conv1d(4, 4, 1), nn.Hardtanh(-0.5, 0.25), nn.ReLU(), nn.MaxPool1d(3, 2, padding=1), nn.MaxPool1d(4, ceil_mode=True),
    nn.Flatten(), nn.Linear(16, 3), nn.LogSoftmax(dim=1))
with torch.no_grad():
    functions[6].weight.uniform_(-0.5, 0.5)
x = sequences(53).transpose(0, 2, 1).copy()
save("functions", x, *outputs(functions, x))
torch.save({"epoch": 2, "model": functions}, "functions.pt")

core = nn.Sequential(
    nn.Conv1d(4, 5, 6, stride=2), nn.BatchNorm1d(5), nn.ReLU(), nn.MaxPool1d(4), nn.Conv1d(5, 4, 4, padding=1), nn.Softplus(), nn.Flatten(),
    nn.Linear(16, 3), nn.ReLU(), nn.Linear(3, 2), nn.Sigmoid())
other = nn.Sequential(nn.Conv1d(4, 5, 6), nn.ReLU(), nn.MaxPool1d(5))
states = nn.LSTM(5, 3, batch_first=True, bidirectional=True)


def strands(s, x):
    turned = x.flip([1, 2])
    middle = s.other(turned).transpose(1, 2)
    return (s.core(x) + s.core(turned)) / 2, torch.maximum(s.other(x).mean(2), s.other(turned).mean(2)), s.states(middle)[0].amax(1)


onnx("strands", Function(strands, core=core, other=other, states=states), 50, dynamo=False, opset_version=13)


def parts(s, x):
    y = s.conv(x.repeat(1, 3, 1))
    y = F.gelu(y)
    first, second = y.split([4, 5], dim=1)
    y = torch.cat([first.abs(), torch.minimum(second[:, 1:], first * 0.5 - 0.1), second[:, :1].clamp(max=0.5).pow(2)], dim=1)
    states, (last, _) = s.lstm(F.pad(y, (2, 1)).transpose(1, 2))
    return s.tracks(states[:, 3:-2]), last[-1], F.logsigmoid(s.out(s.gru(states)[0][:, -1]))


onnx("parts", Function(parts, conv=nn.Conv1d(12, 9, 5, groups=3, stride=3), lstm=nn.LSTM(9, 4, batch_first=True), tracks=nn.Linear(4, 2),
                       gru=nn.GRU(4, 3, num_layers=2, batch_first=True), out=nn.Linear(3, 1)), 47, dynamo=False, opset_version=11)


def merged(x):
    y = k.MaxPooling1D(3)(k.Conv1D(5, 5, activation="mish")(x))
    y = k.Bidirectional(k.GRU(4, return_sequences=True, reset_after=False, recurrent_activation="hard_sigmoid"), merge_mode="sum")(y)
    z = k.LSTM(4, return_sequences=True, go_backwards=True)(y)
    y = k.Subtract()([k.Average()([y, keras.ops.flip(z, axis=1)]), k.Minimum()([y, k.Dense(4, activation="log_sigmoid")(y)])])
    y = k.ReLU(max_value=1, name="bounded")(k.PReLU(shared_axes=[1], alpha_initializer="uniform")(k.UpSampling1D(2)(y)))
    y = k.Dense(6, activation="relu6")(k.Flatten()(k.Permute((2, 1))(y)))
    y = k.LSTM(3)(k.RepeatVector(3)(k.Rescaling(0.5, 0.1)(y) / 2 + 1))
    return k.Dense(3, activation="log_softmax")(y)


x = sequences(40)
i = k.Input((40, 4))
model = keras.Model(i, merged(i))
model.save("merged.keras")
save("merged", x, model.predict(x, verbose=0))

# Both strands, and a picture of 4 x length.
i = k.Input((40, 4))
core = keras.Sequential([k.Conv1D(4, 6, strides=3, activation="relu"), k.Flatten(), k.Dense(2)], name="core")
picture = k.Conv2D(3, (4, 7), activation="relu")(k.Reshape((4, 40, 1))(k.Permute((2, 1))(i)))
picture = k.Flatten()(k.MaxPooling2D((1, 5))(picture))
model = keras.Model(i, [k.Maximum()([core(i), core(i[:, ::-1, ::-1])]), k.Dense(1)(picture)])
model.save("turned.keras")
save("turned", x, *model.predict(x, verbose=0))

# Keras 1: the arrays of each gate apart, in the order i c f o, with the hard sigmoid of slope 0.2. What it computes is computed by
# Keras 3 with an activation of this slope.
@keras.saving.register_keras_serializable()
def hard(x):
    return keras.ops.clip(0.2 * x + 0.5, 0, 1)


i = k.Input((40, 4))
conv = k.Conv1D(5, 6, activation="relu")
both = k.Bidirectional(k.LSTM(4, return_sequences=True, recurrent_activation=hard))
gru = k.GRU(3, reset_after=False, recurrent_activation=hard)
dense = k.Dense(1, activation="sigmoid")
model = keras.Model(i, dense(gru(both(k.MaxPooling1D(4)(conv(i))))))
save("keras1", x, model.predict(x, verbose=0))


def apart(arrays, order):
    kernels, states, biases = (np.split(np.asarray(a), len(order), axis=-1) for a in arrays)
    return [a for gate in order for a in (kernels[gate], states[gate], biases[gate])]


def recurrent(name, units, sequences):
    return {"name": name, "trainable": True, "return_sequences": sequences, "go_backwards": False, "stateful": False, "unroll": False,
            "output_dim": units, "inner_activation": "hard_sigmoid", "activation": "tanh", "init": "glorot_uniform"}


weights = both.get_weights()
arrays = {
    "convolution1d_1": [conv.get_weights()[0][:, None], conv.get_weights()[1]], "maxpooling1d_1": [],
    "bidirectional_1": apart(weights[:3], [0, 2, 1, 3]) + apart(weights[3:], [0, 2, 1, 3]), "gru_1": apart(gru.get_weights(), [0, 1, 2]),
    "dense_1": dense.get_weights()}
configuration = {"class_name": "Sequential", "keras_version": "1.2.2", "config": [
    {"class_name": "Convolution1D", "config": {"name": "convolution1d_1", "batch_input_shape": [None, 40, 4], "nb_filter": 5,
     "filter_length": 6, "border_mode": "valid", "subsample_length": 1, "activation": "relu", "bias": True}},
    {"class_name": "MaxPooling1D", "config": {"name": "maxpooling1d_1", "pool_length": 4, "stride": 4, "border_mode": "valid"}},
    {"class_name": "Bidirectional", "config": {"name": "bidirectional_1", "merge_mode": "concat",
     "layer": {"class_name": "LSTM", "config": recurrent("lstm_1", 4, True)}}},
    {"class_name": "GRU", "config": recurrent("gru_1", 3, False)},
    {"class_name": "Dense", "config": {"name": "dense_1", "output_dim": 1, "activation": "sigmoid", "bias": True}}]}
with h5py.File("keras1.h5", "w") as f:
    f.attrs["model_config"] = json.dumps(configuration).encode()
    f.attrs["keras_version"] = b"1.2.2"
    f.attrs["backend"] = b"tensorflow"
    group = f.create_group("model_weights")
    group.attrs["layer_names"] = [name.encode() for name in arrays]
    for name, values in arrays.items():
        names = [f"{name}_W_{i}".encode() for i in range(len(values))]
        layer = group.create_group(name)
        layer.attrs["weight_names"] = names
        for one, value in zip(names, values):
            layer[one.decode()] = value
