"""Networks with operations between layers, normalizations and weights in parts, each with inputs x and outputs y.

    KERAS_BACKEND=jax python3 operations.py          (keras 3.15, torch, onnx, safetensors, numpy)
    python3 operations.py tensorflow                 (tensorflow, tf_keras)

The second writes the calls of TensorFlow's functions that Keras 2 keeps in its models.
"""
import io
import json
import os
import sys
from contextlib import redirect_stdout

import numpy as np

rng = np.random.default_rng(12)


def forget_traces(message):
    """PyTorch notes at every node which files of the machine it came through."""
    for field in ("doc_string", "metadata_props"):
        if field in message.DESCRIPTOR.fields_by_name:
            message.ClearField(field)
    for field, value in message.ListFields():
        if field.message_type is not None:
            for item in value if field.is_repeated else [value]:
                forget_traces(item)


def sequences(count, length):
    return np.eye(4, dtype="f4")[rng.integers(0, 4, (count, length))]


def keep(name, x, *outputs):
    np.savez_compressed(name + ".npz", x=x, **{f"y{i}" if len(outputs) > 1 else "y": y for i, y in enumerate(outputs)})


def scatter(model):
    for layer in model.layers:
        if "norm" in layer.name and layer.weights:
            layer.set_weights([w + rng.uniform(0, 0.5, w.shape).astype("f4") for w in layer.get_weights()])


def with_tensorflow():
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    import tensorflow as tf
    import tf_keras as keras

    L = keras.layers
    keras.utils.set_random_seed(12)
    i = L.Input((30, 4))
    h = tf.nn.relu(L.Conv1D(6, 5)(i))[:, 2:-2, :]
    h = tf.clip_by_value(tf.math.exp(h * 0.5) - 1.0, 0.0, 2.0) + tf.nn.gelu(L.Conv1D(6, 1)(h))
    means, largest = tf.reduce_mean(h, axis=1), tf.reduce_max(h, axis=-2)
    turned = tf.reshape(tf.transpose(h, [0, 2, 1]), (-1, 132))
    y = L.Dense(2)(tf.concat([means, largest, L.Dense(3)(turned)], -1))
    model = keras.Model(i, y)
    x = sequences(4, 30)
    keep("calls2", x, model.predict(x, verbose=0))
    model.save("calls2.h5", save_format="h5")


def with_keras():
    import keras
    from keras import layers as L
    from keras import ops

    keras.utils.set_random_seed(12)
    i = L.Input((30, 4))
    h = L.GroupNormalization(3, name="norm_groups")(L.Conv1D(6, 5)(i))
    h = L.LayerNormalization(axis=[1, 2], name="norm_places")(ops.glu(ops.pad(h[:, 1:-3, :], [[0, 0], [2, 3], [0, 0]])))
    h = ops.leaky_relu(ops.square(h * 0.3) - h * 0.2, 0.1)
    # The outputs have names; Keras takes them in the order of these.
    named = {
        "rest": L.Dense(2, kernel_initializer=keras.initializers.RandomNormal(0, 0.02))(ops.concatenate([ops.mean(h, axis=1), ops.max(h, axis=1), ops.sum(h, axis=1), h[:, -1]], axis=-1)),
        "count": ops.logsumexp(L.Flatten()(ops.transpose(h, (0, 2, 1))), axis=-1, keepdims=True),
    }
    model = keras.Model(i, named)
    scatter(model)
    x = sequences(4, 30)
    outputs = model.predict(x, verbose=0)
    keep("calls", x, *(outputs[name] for name in sorted(outputs)))
    model.save("calls.keras")

    i = L.Input((24, 4))
    h = ops.squeeze(L.Conv2D(5, (7, 4), activation="relu")(ops.expand_dims(i, -1)), 2)
    h = h + L.Conv1D(5, 7, activation="celu")(L.Masking(0.0)(i))
    model = keras.Model(i, L.ReLU(max_value=0.2, negative_slope=0.1)(L.Dense(3)(ops.max(h, axis=1))))
    x = sequences(4, 24)
    keep("picture", x, model.predict(x, verbose=0))
    model.save("picture.keras")


def with_torch():
    import onnx
    import torch
    from safetensors.torch import save_file
    from torch import nn

    torch.manual_seed(12)
    module = nn.Sequential(
        nn.ConstantPad1d(2, 0.25), nn.Conv1d(4, 6, 5), nn.GroupNorm(2, 6), nn.CELU(0.5), nn.Upsample(scale_factor=2),
        nn.InstanceNorm1d(6, affine=True), nn.Softsign(), nn.MaxPool1d(4), nn.LayerNorm([6, 20]), nn.GLU(1), nn.Flatten(),
        nn.LayerNorm(60), nn.Linear(60, 2))
    for one in module:
        if getattr(one, "weight", None) is not None and not isinstance(one, (nn.Conv1d, nn.Linear)):
            nn.init.uniform_(one.weight, 0.5, 1.5)
            nn.init.normal_(one.bias, 0, 0.3)
    module.eval()
    x = sequences(4, 40).transpose(0, 2, 1).copy()
    with torch.no_grad():
        keep("groups", x, module(torch.from_numpy(x)).numpy())
    torch.save(nn.DataParallel(module), "groups.pt")
    with redirect_stdout(io.StringIO()):
        torch.onnx.export(module, (torch.from_numpy(x[:1]),), "groups12.onnx", opset_version=12, dynamo=False)
        torch.onnx.export(module, (torch.from_numpy(x[:1]),), "groups20.onnx", opset_version=20, dynamo=True, external_data=False)
    traced = onnx.load("groups20.onnx")
    forget_traces(traced)
    onnx.save_model(traced, "groups20.onnx")
    # Not written over.
    if os.path.exists("external.data"):
        os.remove("external.data")
    onnx.save_model(
        onnx.load("groups12.onnx"), "external.onnx", save_as_external_data=True, location="external.data", size_threshold=0)

    # Weights in parts, as hooks and as parametrizations.
    def network(weight_norm, spectral_norm):
        torch.manual_seed(13)
        module = nn.Sequential(
            weight_norm(nn.Conv1d(4, 5, 7)), nn.ReLU(), nn.AdaptiveMaxPool1d(1), nn.Flatten(), spectral_norm(nn.Linear(5, 3)))
        with torch.no_grad():
            for _ in range(8):
                module(torch.randn(2, 4, 30))
        return module.eval()

    json.dump({"input": {"length": 30}, "layers": [
        {"type": "convolution1D", "filters": 5, "kernelSize": 7, "activation": "relu"}, {"type": "globalMaxPooling1D"},
        {"type": "dense", "units": 3}]}, open("parametrized.json", "w"))
    modern = network(nn.utils.parametrizations.weight_norm, nn.utils.parametrizations.spectral_norm)
    x = sequences(4, 30)
    channels_first = torch.from_numpy(x.transpose(0, 2, 1).copy())
    with torch.no_grad():
        keep("parametrized", x, modern(channels_first).numpy())
        whole = {
            f"{place}.{part}": getattr(modern[place], part).detach().clone() for place in (0, 4) for part in ("weight", "bias")}
    torch.save({"generator": modern.state_dict(), "epoch": 3}, "parametrized.pth")
    save_file({**{name: value.double() for name, value in whole.items()}, "0.num_batches_tracked": torch.tensor(7)}, "double.safetensors")
    half = {name: value.half() for name, value in whole.items()}
    save_file(half, "half.safetensors")
    plain = nn.Sequential(nn.Conv1d(4, 5, 7), nn.ReLU(), nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(5, 3)).eval()
    plain.load_state_dict({name: value.float() for name, value in half.items()})
    with torch.no_grad():
        keep("half", x, plain(channels_first).numpy())
    # The same parts under the names of hooks.
    names = {
        "0.parametrizations.weight.original0": "0.weight_g", "0.parametrizations.weight.original1": "0.weight_v",
        "4.parametrizations.weight.original": "4.weight_orig", "4.parametrizations.weight.0._u": "4.weight_u",
        "4.parametrizations.weight.0._v": "4.weight_v"}
    torch.save({names.get(name, name): value for name, value in modern.state_dict().items()}, "parametrized_hooks.pth")


if "tensorflow" in sys.argv:
    with_tensorflow()
else:
    with_keras()
    with_torch()
