"""The networks that every peer builds, and the data that all of them are timed on."""
import csv
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Stack:
    """Convolutions with ReLU; what stands between and after them depends on the family."""

    family: str  # "exercise", "published", or the network's own name
    length: int
    convolutions: list  # (filters, kernel size, pool after it)
    hidden: list = field(default_factory=list)
    outputs: int = 1
    batch: int = 256
    batches: int = 0  # of one measurement on random data; 0: the exercise's files


def _exercise(*convolutions):
    return Stack("exercise", 100, [(filters, size, 2) for filters, size in convolutions])


STACKS = {
    # Valid convolutions, between them max-pooling by 2 and dropout of 0.2; global maximum, one unit.
    "v1": _exercise((64, 6)),
    "v2": _exercise((64, 12)),
    "v3": _exercise((64, 12), (32, 6)),
    "v4": _exercise((64, 12), (32, 6), (16, 3)),
    "v5": _exercise((64, 12), (32, 6), (16, 3), (8, 2)),
    # Same-padded convolution, batch normalization, ReLU, max-pooling; then dense layers; mean squared error.
    "deepstarr": Stack(
        "published", 249, [(256, 7, 2), (60, 3, 2), (60, 5, 2), (120, 3, 2)], [256, 256], 2, 128, 4),
    "basset": Stack("published", 600, [(300, 19, 3), (200, 11, 4), (200, 7, 4)], [1000, 1000], 164, 64, 4),
    # 5 filters, ReLU, LSTM layers of 30 and 20 units with dropout of 0.1, one unit; in PyTorch only.
    "deeperbind": Stack("deeperbind", 35, [(5, 11, 1)], [30, 20], 1, 100, 20),
    # Same-padded convolution, nine dilated residual ones of 3; a profile by a transposed convolution of 25, counts from the mean.
    "bpnet": Stack("bpnet", 2114, [(64, 25, 1)], [64] * 9, 2115, 32, 2),
}

DROPOUT = 0.2
LEARNING_RATE = 0.001
ADAM_EPSILON = 1e-7


def read_exercise(path):
    """Codes (N, L) uint8 and labels (N,) of the exercise's CSV: an index, the bases, the label."""
    with open(path, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        table = np.array([row[1:] for row in rows], dtype=np.uint8)
    return table[:, :-1].copy(), table[:, -1].copy()


def random_data(stack):
    """Codes (N, L) and targets (N, outputs) that mean nothing: only speed is measured on them."""
    random = np.random.default_rng(0)
    count = stack.batch * stack.batches
    codes = random.integers(0, 4, (count, stack.length), dtype=np.uint8)
    return codes, random.random((count, stack.outputs), dtype=np.float32)


def one_hot(codes):
    """Float32 (N, L, 4)."""
    return np.eye(4, dtype=np.float32)[codes]
