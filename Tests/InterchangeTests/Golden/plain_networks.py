"""Plain recurrent layers, merging of several tensors, and a transposed convolution with numbers for `same`; files that stay.

    KERAS_BACKEND=jax python3 plain_networks.py        (keras 3.15, onnx, onnxruntime, numpy)
"""
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
import onnx
import onnxruntime
from keras import layers as L
from onnx import TensorProto, helper, numpy_helper

rng = np.random.default_rng(13)
keras.utils.set_random_seed(13)


def one_hot(count, length):
    codes = rng.integers(0, 4, (count, length))
    codes[0, 5] = codes[1, 0] = 4
    return np.eye(5, dtype="f4")[codes][:, :, :4]


def plain_keras():
    network = keras.Sequential([
        L.Input((24, 4)), L.Conv1D(5, 5, activation="relu"), L.Identity(), L.Bidirectional(L.SimpleRNN(3, return_sequences=True)),
        L.SimpleRNN(4, use_bias=False, return_sequences=True), L.SimpleRNN(3, go_backwards=True), L.Dense(2)])
    for layer in network.layers:
        layer.set_weights([rng.normal(0, 0.5, weight.shape) for weight in layer.get_weights()])
    network.save("plain.keras")
    network.save("plain.h5")
    x = one_hot(6, 24)
    np.savez_compressed("plain_keras.npz", x=x, y=network.predict(x, verbose=0))


def plain_onnx():
    """Convolution of six channels; mean and maximum of three tensors; both directions of a plain recurrent layer; positions doubled."""
    def weights(*shape):
        return rng.normal(0, 0.5, shape).astype("f4")

    nodes = [
        ("Conv", ["x", "k", "b"], ["c"], {}), ("Relu", ["c"], ["r"], {}), ("Tanh", ["c"], ["t"], {}), ("Sum", ["c", "r", "t"], ["s"], {}),
        ("Mean", ["s", "r", "t"], ["m"], {}), ("Max", ["m", "t", "low"], ["n"], {}), ("Min", ["n", "high"], ["o"], {}), ("Sum", ["o"], ["p"], {}),
        ("ConvTranspose", ["p", "k2"], ["u"], {"strides": [2], "pads": [1, 2]}), ("Transpose", ["u"], ["v"], {"perm": [2, 0, 1]}),
        ("RNN", ["v", "w", "q", "a"], ["all"], {"hidden_size": 3, "direction": "bidirectional"}), ("Transpose", ["all"], ["f"], {"perm": [2, 0, 1, 3]}),
        ("Reshape", ["f", "shape"], ["g"], {}), ("ReduceMax", ["g", "axis"], ["h"], {"keepdims": 0}), ("Gemm", ["h", "d"], ["y"], {}),
    ]
    constants = {
        "k": weights(6, 4, 5), "b": weights(6), "low": np.float32(-0.4), "high": np.float32(1.1), "k2": weights(6, 4, 5), "w": weights(2, 3, 4),
        "q": weights(2, 3, 3), "a": weights(2, 6), "shape": np.array([0, -1, 6]), "axis": np.array([1]), "d": weights(6, 2)}
    graph = helper.make_graph(
        [helper.make_node(kind, given, made, **options) for kind, given, made, options in nodes], "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ("batch", 4, 24))], [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), key) for key, value in constants.items()])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), "plain.onnx")
    x = one_hot(6, 24)
    y = onnxruntime.InferenceSession("plain.onnx").run(None, {"x": x.transpose(0, 2, 1).copy()})[0]
    np.savez_compressed("plain_onnx.npz", x=x, y=y)


def states_onnx():
    """An LSTM whose cell state is wider than its units, as PyTorch's exporter writes one with a projection; onnxruntime refuses it too."""
    constants = {"w": (1, 12, 4), "r": (1, 12, 3), "h": (1, 1, 3), "c": (1, 1, 5)}
    graph = helper.make_graph(
        [helper.make_node("Transpose", ["x"], ["t"], perm=[2, 0, 1]),
         helper.make_node("LSTM", ["t", "w", "r", "", "", "h", "c"], ["", "s"], hidden_size=3),
         helper.make_node("Squeeze", ["s", "axis"], ["y"])],
        "network", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ("batch", 4, 24))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.zeros(shape, "f4"), key) for key, shape in constants.items()]
        + [numpy_helper.from_array(np.array([0]), "axis")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), "states.onnx")


plain_keras()
plain_onnx()
states_onnx()
