"""Golden training runs by PyTorch, in double precision: python training.py > training.json

Five full-batch steps of networks of networks.py's kind, each with another loss, optimizer and kind of layer. Needs torch 2.
"""
import json
import math

import torch
import torch.nn.functional as F
from networks import COUNT, Parameters, bases, convolution, run

STEPS = 5


class Trained(Parameters):
    """Hands out the same tensors in every run, so that an optimizer may move them."""

    def __init__(self):
        super().__init__()
        self.place = None

    def again(self):
        self.place = 0
        return self

    def take(self, *shape, middle=0.0, trainable=True):
        if self.place is None:
            return super().take(*shape, middle=middle, trainable=trainable)
        self.place += 1
        return self.tensors[self.place - 1]


def layers(outputs, *rest):
    return {"input": {"length": 24}, "layers": [*rest, {"type": "dense", "units": outputs}]}


# Biases before a normalization have no gradient but rounding, which Adam would blow up.
NORMALIZED = [
    convolution(6, 5, reverseComplement="concatenation", useBias=False), {"type": "batchNormalization"},
    {"type": "activation", "function": "relu"}, {"type": "maxPooling1D", "size": 2}, {"type": "flatten"},
    {"type": "dense", "units": 5, "useBias": False}, {"type": "batchNormalization", "convention": "pytorch"},
    {"type": "activation", "function": "elu"}]
RESIDUAL = [
    convolution(6, 5, padding="same", activation="relu"),
    convolution(6, 3, padding="same", dilation=2, groups=2, activation="gelu"), {"type": "addition", "layers": 1},
    {"type": "averagePooling1D", "size": 3, "stride": 2}, {"type": "globalMaxPooling1D"}]

labels = torch.tensor([[float((2 * s + o) % 3 == 0) for o in range(3)] for s in range(COUNT)])
known = torch.tensor([[(s + o) % 4 != 0 for o in range(3)] for s in range(COUNT)])
classes = torch.tensor([(s * s + s // 2) % 3 for s in range(COUNT)])
numbers = torch.tensor([[math.sin(s + 2.0 * o) for o in range(2)] for s in range(COUNT)])
counts = torch.tensor([[float((3 * s + o) % 5) for o in range(2)] for s in range(COUNT)])
shares = torch.bincount(classes, minlength=3).double()


def multi_label(z):
    return (F.binary_cross_entropy_with_logits(z, labels, reduction="none") * known).sum(1).mean() / 3


def categorical(z):
    return F.cross_entropy(z, classes, weight=COUNT / (3 * shares), reduction="none").mean()


def options(optimizer, rate, decay=0.0, clip=None, schedule=None, warm=0, **more):
    return {
        "optimizer": optimizer, "rate": rate, "decay": decay, "clip": clip, "schedule": schedule, "warm": warm,
        **more}


NAN = float("nan")
RUNS = {
    "several questions, some not known; sgd with momentum": (
        layers(3, *NORMALIZED), "binaryCrossEntropy", multi_label, torch.where(known, labels, NAN),
        options("sgd", 0.1, momentum=0.9)),
    "classes with weights; adam, clipped": (
        layers(3, *RESIDUAL), "categoricalCrossEntropy", categorical, F.one_hot(classes, 3).double(),
        options("adam", 0.01, clip=0.05)),
    "two numbers; adamw, cosine after warm-up": (
        layers(2, *NORMALIZED), "meanSquaredError", lambda z: F.mse_loss(z, numbers), numbers,
        options("adam", 0.02, decay=0.1, schedule="cosine", warm=2)),
    "two counts; rmsprop": (
        layers(2, *RESIDUAL), "poisson", lambda z: F.poisson_nll_loss(z, counts, log_input=True), counts,
        options("rmsprop", 0.01)),
}


def share(step, o):
    """The schedule's formula, as torch.optim.lr_scheduler.LambdaLR takes it."""
    if step < o["warm"]:
        return (step + 1) / (o["warm"] + 1)
    if o["schedule"] == "cosine":
        return 0.5 * (1 + math.cos(math.pi * (step - o["warm"]) / (STEPS - o["warm"])))
    return 1.0


def train(network, loss, o):
    p = Trained()
    run(network, False, p)
    trained = [t for t in p.tensors if t.requires_grad]
    if o["optimizer"] == "sgd":
        optimizer = torch.optim.SGD(trained, o["rate"], momentum=o["momentum"])
    elif o["optimizer"] == "adam":
        # Not so small that where it is added mattered: a square root of second moments is far above.
        optimizer = torch.optim.AdamW(trained, o["rate"], eps=1e-12, weight_decay=o["decay"])
    else:
        optimizer = torch.optim.RMSprop(trained, o["rate"], alpha=0.9, eps=1e-12)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: share(step, o))
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        value = loss(run(network, True, p.again())[0])
        value.backward()
        losses.append(value.item())
        if o["clip"]:
            torch.nn.utils.clip_grad_norm_(trained, o["clip"])
        optimizer.step()
        schedule.step()
    return {"losses": losses, "parameters": torch.cat([t.detach().reshape(-1) for t in p.tensors]).tolist()}


if __name__ == "__main__":
    result = []
    for name, (network, loss, function, targets, o) in RUNS.items():
        flat = [None if math.isnan(t) else t for t in targets.reshape(-1).tolist()]
        result.append(
            {"name": name, "network": network, "loss": loss, "targets": flat, "options": o, **train(network, function, o)})
    print(json.dumps(result, indent=1))
