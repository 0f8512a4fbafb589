"""Positions of two tensors one after the other and every third one, bases before positions, bases as numbers, maxima beyond the ends, a layer
that learned its sizes late, a threshold as comparison and choice; files that stay.

    KERAS_BACKEND=jax python3 positions_networks.py        (keras 3.15, torch 2.15, onnx, onnxscript, numpy)
"""
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
import onnx
import torch
from keras import layers as L
from torch import nn

rng = np.random.default_rng(14)
torch.manual_seed(14)
keras.utils.set_random_seed(14)
LENGTH = 24


def codes(count=5):
    return rng.integers(0, 4, (count, LENGTH))


def one_hot(codes):
    return np.eye(5, dtype="f4")[codes][:, :, :4]


def successive():
    """Takes (4, positions)."""
    given = L.Input((4, LENGTH))
    x = L.Permute((2, 1))(given)
    y = L.Concatenate(axis=1)([L.Conv1D(4, 5)(x), L.Conv1D(4, 3, activation="tanh")(x)])[:, 1:-2:3]
    network = keras.Model(given, L.Dense(2)(L.Flatten()(y)))
    network.save("successive.keras")
    x = one_hot(codes())
    np.savez_compressed("successive.npz", x=x, y=network.predict(x.transpose(0, 2, 1), verbose=0))


def numbers():
    """N is 0, A 1, C 2, G 3, T 4."""
    given = L.Input((LENGTH,), dtype="int32")
    network = keras.Model(given, L.Dense(1)(L.GlobalMaxPooling1D()(L.Conv1D(4, 5)(L.Embedding(5, 3)(given)))))
    network.save("numbers.h5")
    x = rng.integers(0, 5, (5, LENGTH))
    np.savez_compressed("numbers.npz", x=x, y=network.predict(x, verbose=0))


def row():
    """Takes 4 · length numbers."""
    network = keras.Sequential([L.Input((4 * LENGTH,)), L.Reshape((LENGTH, 4)), L.Conv1D(3, 5), L.Flatten(), L.Dense(1)])
    network.save("row.keras")
    x = one_hot(codes())
    np.savez_compressed("row.npz", x=x, y=network.predict(x.reshape(len(x), -1), verbose=0))


def directions():
    """Refused: its two directions have different gates."""
    network = keras.Sequential([L.Input((LENGTH, 4)), L.Bidirectional(
        L.LSTM(3), backward_layer=L.LSTM(3, go_backwards=True, recurrent_activation="hard_sigmoid"))])
    network.save("directions.keras")


def maxima():
    network = nn.Sequential(
        nn.Conv1d(4, 4, 3), nn.LazyBatchNorm1d(), nn.MaxPool1d(4, 3, 2), nn.Conv1d(4, 4, 1), nn.MaxPool1d(3, 2, 1, ceil_mode=True), nn.Conv1d(4, 3, 2),
        nn.Threshold(0, 1e-6), nn.Flatten(), nn.LazyLinear(2))
    x = one_hot(codes()).transpose(0, 2, 1).copy()
    network.train()(torch.from_numpy(x))
    network.eval()
    with torch.no_grad():
        y = network(torch.from_numpy(x)).numpy()
    np.savez_compressed("maxima.npz", x=x, y=y)
    torch.save(network, "maxima.pt")
    torch.onnx.export(network, (torch.from_numpy(x[:1]),), "maxima.onnx", dynamo=True, external_data=False)
    graph = onnx.load("maxima.onnx")
    for node in graph.graph.node:
        # Which files of the machine PyTorch came through.
        del node.metadata_props[:]
    onnx.save(graph, "maxima.onnx")


for make in (successive, numbers, row, directions, maxima):
    make()
