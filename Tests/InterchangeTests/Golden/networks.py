"""Makes the small files of other programs that the tests read, each with inputs x and outputs y.

    KERAS_BACKEND=jax python3 networks.py        (keras 3.15, torch, onnx, h5py, numpy)

Files of Keras 2 and 0.3, which no Keras of today writes, are laid out with h5py, and their outputs computed with numpy.
"""
import json
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
import h5py
import keras
import numpy as np
import onnx
import torch
from keras import layers as L
from onnx import TensorProto, helper, numpy_helper

rng = np.random.default_rng(3)
keras.utils.set_random_seed(3)
torch.manual_seed(3)


def sequences(n, length):
    x = np.eye(4, dtype="f4")[rng.integers(0, 4, (n, length))]
    x[0, 5] = 0
    return x


def weights(*shape):
    return rng.normal(0, 0.4, shape).astype("f4")


def keep(name, x, *y):
    arrays = {"y": y[0]} if len(y) == 1 else {f"y{i}": v for i, v in enumerate(y)}
    np.savez_compressed(name + ".npz", x=x.astype("u1"), **arrays)


def scatter(model):
    for w in model.weights:
        w.assign(rng.uniform(0.5, 2, w.shape) if "variance" in w.path else weights(*w.shape))


# Keras 3: one network in all three of its files, nested, with two heads of different kinds.
inner_in = L.Input((40, 4), name="sequence")
h = L.Conv1D(5, 7, padding="same", activation="relu", name="motifs")(inner_in)
h = L.BatchNormalization(name="norm")(h)
inner = keras.Model(inner_in, h, name="trunk")
x_in = L.Input((40, 4))
h = inner(x_in)
c = L.Conv1D(5, 3, dilation_rate=2, activation="gelu", name="dilated")(h)
h = L.Add(name="skip")([L.Cropping1D(2, name="crop")(h), c])
both = L.Concatenate(name="both")([L.GlobalMaxPooling1D()(h), L.GlobalAveragePooling1D()(h)])
profile = L.Flatten(name="profile")(L.Conv1D(1, 5, name="profile_map")(L.ZeroPadding1D((1, 2))(h)))
model = keras.Model(x_in, [profile, L.Dense(2, activation="softmax", name="kind")(L.Dropout(0.3)(both))])
scatter(model)
x = sequences(6, 40)
keep("keras3", x, *[np.asarray(y) for y in model.predict(x, verbose=0)])
model.save("keras3.keras")
model.save("keras3.h5")
model.save_weights("keras3.weights.h5")
open("keras3.json", "w").write(model.to_json())

# Two dense heads on the same features, one after the other in the file.
i = L.Input((30, 4))
h = L.Flatten()(L.MaxPooling1D(3)(L.Conv1D(4, 5, activation="elu")(i)))
model = keras.Model(i, [L.Dense(1, name="developmental")(h), L.Dense(2, name="housekeeping")(h)])
scatter(model)
x = sequences(5, 30)
keep("heads", x, *[np.asarray(y) for y in model.predict(x, verbose=0)])
model.save("heads.keras")

# What nobody can represent: all of it is to be named.
i = L.Input((20, 4))
h = L.UnitNormalization(name="unit")(L.UpSampling1D(2, name="up")(i))
h = L.Permute((2, 1), name="turned")(h)
model = keras.Model(i, L.Dense(1, name="top")(L.Flatten()(L.Lambda(lambda t: t * 2, name="twice")(h))))
model.save("refused.h5")


# Keras 2: layout and configuration of its whole-model file, weights in fixed-length names.
def keras2():
    k, b, g, beta, m, v = weights(6, 4, 3), weights(3), weights(3), weights(3), weights(3), rng.uniform(0.5, 2, 3).astype("f4")
    dk, db = weights(3 * 12, 1), weights(1)
    layers = [
        {"class_name": "Conv1D", "config": {"name": "conv1d_7", "batch_input_shape": [None, 30, 4], "filters": 3,
         "kernel_size": [6], "strides": [1], "padding": "valid", "dilation_rate": [1], "activation": "linear", "use_bias": True}},
        {"class_name": "BatchNormalization", "config": {"name": "bn_7", "axis": -1, "momentum": 0.9, "epsilon": 0.01, "center": True, "scale": True}},
        {"class_name": "LeakyReLU", "config": {"name": "leaky", "alpha": 0.2}},
        {"class_name": "AveragePooling1D", "config": {"name": "pool", "pool_size": [3], "strides": [2], "padding": "valid"}},
        {"class_name": "Flatten", "config": {"name": "flatten_3"}},
        {"class_name": "Dense", "config": {"name": "dense_9", "units": 1, "activation": "sigmoid", "use_bias": True}},
    ]
    arrays = {"conv1d_7": {"kernel:0": k, "bias:0": b}, "bn_7": {"gamma:0": g, "beta:0": beta, "moving_mean:0": m, "moving_variance:0": v},
              "dense_9": {"kernel:0": dk, "bias:0": db}}
    with h5py.File("keras2.h5", "w") as f:
        f.attrs["keras_version"], f.attrs["backend"] = b"2.1.5", b"tensorflow"
        f.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": layers}).encode()
        w = f.create_group("model_weights")
        names = [layer["config"]["name"] for layer in layers]
        # Keras splits long lists of names.
        w.attrs["layer_names0"] = np.array([n.encode() for n in names[:4]])
        w.attrs["layer_names1"] = np.array([n.encode() for n in names[4:]])
        for n in names:
            group = w.create_group(n)
            group.attrs["weight_names"] = np.array([f"{n}/{p}".encode() for p in arrays.get(n, {})], dtype="S")
            for p, a in arrays.get(n, {}).items():
                group[f"{n}/{p}"] = a
    x = sequences(6, 30)
    h = np.stack([np.tensordot(x[:, i:i + 6], k, 2) for i in range(25)], 1) + b
    h = g * (h - m) / np.sqrt(v + 0.01) + beta
    h = np.where(h > 0, h, 0.2 * h)
    h = np.stack([h[:, 2 * i:2 * i + 3].mean(1) for i in range(12)], 1).reshape(6, -1)
    keep("keras2", x, (1 / (1 + np.exp(-(h @ dk + db)))).astype("f4"))


# Keras 0.3 on Theano, as DragoNN has it: pictures of 4 x length, kernels turned by 180 degrees, features filter by filter.
def keras0():
    k, b, dk, db = weights(2, 1, 4, 5), weights(2), weights(2 * 6, 1), weights(1)
    layers = [
        {"name": "Convolution2D", "custom_name": "convolution2d", "nb_filter": 2, "nb_row": 4, "nb_col": 5, "subsample": [1, 1],
         "input_shape": [1, 4, 28], "dim_ordering": "th", "border_mode": "valid", "activation": "linear"},
        {"name": "Activation", "activation": "relu"}, {"name": "Dropout", "p": 0.1},
        {"name": "MaxPooling2D", "pool_size": [1, 4], "strides": [1, 4], "border_mode": "valid", "dim_ordering": "th"},
        {"name": "Flatten"}, {"name": "Dense", "output_dim": 1, "activation": "linear"}, {"name": "Activation", "activation": "sigmoid"},
    ]
    json.dump({"name": "Sequential", "layers": layers}, open("keras0.json", "w"))
    with h5py.File("keras0.weights.h5", "w") as f:
        f.attrs["nb_layers"] = len(layers)
        for i in range(len(layers)):
            f.create_group(f"layer_{i}").attrs["nb_params"] = 2 if i in (0, 5) else 0
        f["layer_0/param_0"], f["layer_0/param_1"], f["layer_5/param_0"], f["layer_5/param_1"] = k, b, dk, db
    x = sequences(6, 28)
    turned = k[:, 0, ::-1, ::-1]
    h = np.stack([np.einsum("nlb,fbl->nf", x[:, i:i + 5], turned) for i in range(24)], 2) + b[:, None]
    h = np.maximum(h, 0).reshape(6, 2, 6, 4).max(3).reshape(6, -1)
    keep("keras0", x, (1 / (1 + np.exp(-(h @ dk + db)))).astype("f4"))


keras2()
keras0()

# PyTorch: a Sequential as a whole, its state_dict in both layouts, a checkpoint, half precision, a strided tensor.
net = torch.nn.Sequential(
    torch.nn.Conv1d(4, 6, 7, padding=3), torch.nn.BatchNorm1d(6), torch.nn.ReLU(), torch.nn.MaxPool1d(4),
    torch.nn.Sequential(torch.nn.Conv1d(6, 4, 3, padding="same", groups=2), torch.nn.ELU()), torch.nn.Flatten(),
    torch.nn.Linear(40, 5), torch.nn.BatchNorm1d(5), torch.nn.GELU(), torch.nn.Dropout(0.2), torch.nn.Linear(5, 2), torch.nn.Sigmoid())
with torch.no_grad():
    for name, w in net.state_dict().items():
        if w.is_floating_point():
            w.copy_(torch.from_numpy(np.asarray(rng.uniform(0.5, 2, w.shape) if "var" in name else weights(*w.shape), "f4")))
net.eval()
x = sequences(6, 40)
with torch.no_grad():
    keep("torch", x.transpose(0, 2, 1), net(torch.from_numpy(x).permute(0, 2, 1)).numpy())
torch.save(net, "module.pt")
torch.save(net.state_dict(), "state.pth")
torch.save(net.state_dict(), "state_legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"epoch": 3, "pytorch-lightning_version": "2.0", "hyper_parameters": {"rate": 0.1},
            "state_dict": {"model." + k: v for k, v in net.state_dict().items()}}, "lightning.ckpt")
json.dump({"input": {"length": 40}, "layers": [
    {"type": "convolution1D", "filters": 6, "kernelSize": 7, "padding": "same"}, {"type": "batchNormalization", "convention": "pytorch"},
    {"type": "activation", "function": "relu"}, {"type": "maxPooling1D", "size": 4},
    {"type": "convolution1D", "filters": 4, "kernelSize": 3, "padding": "same", "groups": 2, "activation": "elu"},
    {"type": "flatten"}, {"type": "dense", "units": 5}, {"type": "batchNormalization", "convention": "pytorch"},
    {"type": "activation", "function": "gelu"}, {"type": "dense", "units": 2}, {"type": "activation", "function": "sigmoid"}]},
    open("torch.json", "w"))


# ExplaiNN in small: 3 units, 2 classes.
def explainn():
    units, hidden = 3, 4
    linears = torch.nn.Sequential(
        torch.nn.Conv1d(4 * units, units, 5, groups=units), torch.nn.BatchNorm1d(units), torch.nn.Identity(),
        torch.nn.MaxPool1d(7, 7), torch.nn.Flatten(), torch.nn.Unflatten(1, (-1, 1)),
        torch.nn.Conv1d(5 * units, hidden * units, 1, groups=units), torch.nn.BatchNorm1d(hidden * units), torch.nn.ReLU(),
        torch.nn.Dropout(0.3), torch.nn.Conv1d(hidden * units, units, 1, groups=units), torch.nn.BatchNorm1d(units),
        torch.nn.ReLU(), torch.nn.Flatten()).eval()
    final = torch.nn.Linear(units, 2)
    state = {"linears." + k: v for k, v in linears.state_dict().items()} | {"final." + k: v for k, v in final.state_dict().items()}
    torch.save(state, "explainn.pth")
    x = sequences(5, 39)
    h = torch.from_numpy(x).permute(0, 2, 1).repeat(1, units, 1)
    with torch.no_grad():
        for i, module in enumerate(linears):
            h = torch.exp(h) if i == 2 else module(h)
        keep("explainn", x, final(h).numpy())


explainn()


# ONNX as a converter from TensorFlow lays it out: (batch, length, 4), transposed around a convolution over two axes,
# shapes computed on the way, a product with a bias beside it.
def onnx_network():
    def w(name, *shape):
        return numpy_helper.from_array(weights(*shape), name)

    def ints(name, *values):
        return numpy_helper.from_array(np.array(values, "i8"), name)

    node = helper.make_node
    nodes = [
        node("Unsqueeze", ["x", "axis1"], ["x4"]), node("Transpose", ["x4"], ["nchw"], perm=[0, 3, 1, 2]),
        node("Conv", ["nchw", "k", "b"], ["c4"], pads=[0, 2, 0, 2], kernel_shape=[1, 5]), node("Squeeze", ["c4", "axis2"], ["c"]),
        node("LeakyRelu", ["c"], ["r"], alpha=0.2), node("MaxPool", ["r"], ["p"], kernel_shape=[3], strides=[3]),
        node("Transpose", ["p"], ["nlc"], perm=[0, 2, 1]), node("Shape", ["nlc"], ["s"]),
        node("Gather", ["s", "zero"], ["n"]), node("Unsqueeze", ["n", "zero1"], ["n1"]),
        node("Concat", ["n1", "minus"], ["target"], axis=0), node("Reshape", ["nlc", "target"], ["f"]),
        node("MatMul", ["f", "w1"], ["m"]), node("Add", ["m", "b1"], ["h"]), node("Mul", ["h", "scale"], ["hs"]),
        node("Softmax", ["hs"], ["y"], axis=-1),
    ]
    init = [w("k", 4, 4, 1, 5), w("b", 4), w("w1", 40, 3), w("b1", 3), w("scale", 3), ints("axis1", 1), ints("axis2", 2),
            numpy_helper.from_array(np.array(0, "i8"), "zero"), ints("zero1", 0), ints("minus", -1)]
    graph = helper.make_graph(
        nodes, "tf", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 30, 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3])], init)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, "tensorflow.onnx")
    x = sequences(5, 30)
    from onnx.reference import ReferenceEvaluator
    keep("tensorflow", x, ReferenceEvaluator(model).run(None, {"x": x})[0])


onnx_network()
