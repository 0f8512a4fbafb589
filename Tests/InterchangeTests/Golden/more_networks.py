"""More small files of other programs, each with inputs x and outputs y; after networks.py, whose files stay.

    KERAS_BACKEND=jax python3 more_networks.py        (keras 3.15, torch, onnx, numpy)

DeepBind's scores are computed with numpy from its own description: windows of all n + m - 1 places, a quarter of each base beyond
the ends and for N, rectified; maximum and mean of each detector; the better strand.
"""
import json
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
import torch
from keras import layers as L
from onnx import TensorProto, helper, numpy_helper
import onnx

rng = np.random.default_rng(8)
keras.utils.set_random_seed(8)
torch.manual_seed(8)


def weights(*shape):
    return rng.normal(0, 0.4, shape).astype("f4")


def codes(n, length):
    """With a few unknown bases."""
    x = rng.integers(0, 4, (n, length))
    x[0, 5] = x[1, 0] = x[2, length - 1] = 4
    return x


def one_hot(codes, unknown):
    return np.vstack([np.eye(4), np.full((1, 4), unknown)])[codes].astype("f4")


def deepbind(name, detectors, size, averages, hidden):
    filters, thresholds = weights(size, 4, detectors), weights(detectors)
    features = detectors * (2 if averages else 1)
    w1, b1 = weights(features, max(1, hidden)), weights(max(1, hidden))
    w2, b2 = weights(hidden), weights(1 if hidden else 0)

    def strand(x):
        quarter = np.full((size - 1, 4), 0.25)
        x = np.vstack([quarter, x, quarter])
        scores = np.array([np.tensordot(x[i:i + size], filters, 2) for i in range(len(x) - size + 1)])
        scores = np.maximum(scores + thresholds, 0)
        pooled = scores.max(0)
        if averages:
            pooled = np.stack([pooled, scores.mean(0)], 1).reshape(-1)
        y = pooled @ w1 + b1
        return (np.maximum(y, 0) @ w2 + b2 if hidden else y).item()

    x = one_hot(codes(6, size * 3 // 2), 0.25)
    y = np.array([[max(strand(s), strand(s[::-1, ::-1]))] for s in x], "f4")
    np.savez_compressed(name + ".npz", x=x, y=y)

    def line(key, values):
        return f"{key} = " + ",".join(f"{v:.9e}" for v in np.asarray(values).reshape(-1))

    with open(name + ".txt", "w") as f:
        print("# deepbind 0.1", "reverse_complement = 1", f"num_detectors = {detectors}", f"detector_len = {size}",
              f"has_avg_pooling = {averages:d}", f"num_hidden = {hidden}", line("detectors", filters),
              line("thresholds", thresholds), line("weights1", w1), line("biases1", b1), line("weights2", w2),
              line("biases2", b2), sep="\n", file=f)


deepbind("deepbind", 3, 6, False, 0)
deepbind("deepbind_hidden", 4, 8, True, 5)

# Squeeze and excitation, with a position of its own for the features, and a dense layer at every position.
x = one_hot(codes(6, 30), 0)
inputs = L.Input((30, 4))
trunk = L.Conv1D(6, 5, activation="silu")(inputs)
squeezed = L.GlobalAveragePooling1D(keepdims=True)(trunk)
gate = L.Dense(6, activation="hard_sigmoid")(L.Dense(3, activation="relu")(squeezed))
gated = L.Multiply()([trunk, gate])
gated = L.TimeDistributed(L.Activation("gelu"))(L.TimeDistributed(L.Dense(5))(gated))
outputs = L.Dense(2)(L.GlobalMaxPooling1D()(gated))
model = keras.Model(inputs, outputs)
for w in model.weights:
    w.assign(rng.normal(0, 0.5, w.shape))
y = model.predict(x, verbose=0)
np.savez_compressed("excitation.npz", x=x.astype("u1"), y=y)
model.save("excitation.keras")

# The same network in ONNX: convolutions of size 1 where Keras has dense layers.
arrays = [keras.ops.convert_to_numpy(w) for w in model.get_weights()]
names = ["k0", "b0", "k1", "b1", "k2", "b2", "k3", "b3", "k4", "b4"]
for i in (0, 2, 4, 6):
    arrays[i] = arrays[i].reshape(-1, *arrays[i].shape[-2:]).transpose(2, 1, 0)
node = helper.make_node
nodes = [
    node("Conv", ["x", "k0", "b0"], ["z"]), node("Sigmoid", ["z"], ["s"]), node("Mul", ["z", "s"], ["trunk"]),
    node("GlobalAveragePool", ["trunk"], ["mean"]), node("Conv", ["mean", "k1", "b1"], ["e"]), node("Relu", ["e"], ["r"]),
    node("Conv", ["r", "k2", "b2"], ["g"]), node("HardSigmoid", ["g"], ["gate"], alpha=1 / 6, beta=0.5),
    node("Mul", ["trunk", "gate"], ["gated"]), node("Conv", ["gated", "k3", "b3"], ["t"]), node("Gelu", ["t"], ["u"]),
    node("GlobalMaxPool", ["u"], ["most"]), node("Flatten", ["most"], ["flat"]), node("Gemm", ["flat", "k4", "b4"], ["y"]),
]
graph = helper.make_graph(
    nodes, "excitation", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4, 30])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 2])],
    [numpy_helper.from_array(np.ascontiguousarray(a), n) for a, n in zip(arrays, names)])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)]), "excitation.onnx")


class Recurrent(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.motifs = torch.nn.Conv1d(4, 6, 5)
        self.lstm = torch.nn.LSTM(6, 5, num_layers=2, batch_first=True)
        self.gru = torch.nn.GRU(5, 3, batch_first=True, bidirectional=True)
        self.head = torch.nn.Linear(6, 2)

    def forward(self, x):
        rows = torch.relu(self.motifs(x)).transpose(1, 2)
        states = self.gru(self.lstm(rows)[0])[1]
        return self.head(torch.cat(tuple(states), 1))


network = Recurrent()
with torch.no_grad():
    for p in network.parameters():
        p.copy_(torch.from_numpy(weights(*p.shape)))
    y = network(torch.from_numpy(x).permute(0, 2, 1)).numpy()
np.savez_compressed("recurrent.npz", x=x.astype("u1"), y=y)
torch.save(network.state_dict(), "recurrent.pth")
layers = [
    {"type": "convolution1D", "filters": 6, "kernelSize": 5, "activation": "relu"},
    {"type": "recurrent", "cell": "lstm", "units": 5, "returnsSequences": True},
    {"type": "recurrent", "cell": "lstm", "units": 5, "returnsSequences": True},
    {"type": "recurrent", "cell": "gru", "units": 3, "direction": "both"},
    {"type": "dense", "units": 2},
]
with open("recurrent.json", "w") as f:
    json.dump({"input": {"length": 30}, "layers": layers}, f)

# The same tensors as safetensors: eight bytes with the length of the header, the header, the numbers.
header, data = {}, b""
for key, tensor in network.state_dict().items():
    numbers = tensor.numpy().astype("<f4").tobytes()
    header[key] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(numbers)]}
    data += numbers
text = json.dumps(header).encode()
with open("recurrent.safetensors", "wb") as f:
    f.write(len(text).to_bytes(8, "little") + text + data)
