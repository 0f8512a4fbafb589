"""Golden numbers of networks by PyTorch, in double precision: python networks.py > networks.json

Parameters and sequences follow formulae that the Swift test repeats. Needs torch 2 and numpy.
"""
import json
import math
import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
COUNT = 6


def bases(sequence, length):
    """Codes of a sequence from a linear congruential generator."""
    x, codes = sequence + 1, []
    for _ in range(length):
        x = (x * 1103515245 + 12345) % 2**31
        codes.append((x >> 16) & 3)
    return codes


def number(index):
    """Parameter number `index`, as the 32-bit number that Swift holds."""
    return float(np.float32(0.1 * math.sin(1.7 * index)))


def activation(name, x):
    return {
        "linear": lambda x: x, "relu": F.relu, "leakyRelu": lambda x: F.leaky_relu(x, 0.2), "elu": F.elu,
        "gelu": F.gelu, "exponential": torch.exp, "softplus": F.softplus, "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
    }[name](x)


class Parameters:
    """Hands out tensors in the network's order, kernels in Keras's layout."""

    def __init__(self):
        self.offset = 0
        self.tensors = []

    def take(self, *shape, middle=0.0, trainable=True):
        count = math.prod(shape)
        values = [float(np.float32(middle + number(self.offset + i))) for i in range(count)]
        self.offset += count
        tensor = torch.tensor(values).reshape(shape)
        self.tensors.append(tensor.requires_grad_() if trainable else tensor)
        return tensor


def run(network, training, p=None):
    """Outputs (sequences, outputs), tensors in order and the one-hot input."""
    length = network["input"]["length"]
    x = F.one_hot(torch.tensor([bases(s, length) for s in range(COUNT)]), 4).double()  # (N, L, C) throughout
    x.requires_grad_()
    one_hot, p = x, p or Parameters()
    inputs = []
    for layer in network["layers"]:
        kind = layer["type"]
        inputs.append(x)
        if kind == "convolution1D":
            size, filters = layer["kernelSize"], layer["filters"]
            stride, dilation = layer.get("stride", 1), layer.get("dilation", 1)
            groups, strands = layer.get("groups", 1), layer.get("reverseComplement")
            kernel = p.take(size, x.shape[2] // groups, filters)
            bias = p.take(filters) if layer.get("useBias", True) else None
            z = x.transpose(1, 2)
            if strands:
                kernel = torch.cat([kernel, kernel.flip(0, 1)], 2)
                bias = torch.cat([bias, bias]) if bias is not None else None
            if layer.get("padding") == "same":
                outputs = -(-x.shape[1] // stride)
                total = max(0, (outputs - 1) * stride + (size - 1) * dilation + 1 - x.shape[1])
                z = F.pad(z, (total // 2, total - total // 2))
            z = F.conv1d(z, kernel.permute(2, 1, 0), bias, stride=stride, dilation=dilation, groups=groups)
            z = z.transpose(1, 2)
            if strands == "maximum":
                z = torch.maximum(z[..., :filters], z[..., filters:])
            x = activation(layer.get("activation", "linear"), z)
        elif kind == "dense":
            kernel = p.take(x.shape[-1], layer["units"])
            x = x @ kernel
            if layer.get("useBias", True):
                x = x + p.take(layer["units"])
            x = activation(layer.get("activation", "linear"), x)
        elif kind == "activation":
            x = activation(layer["function"], x)
        elif kind == "flatten":
            x = x.reshape(COUNT, -1)
        elif kind in ("maxPooling1D", "averagePooling1D"):
            pool = F.max_pool1d if kind == "maxPooling1D" else F.avg_pool1d
            x = pool(x.transpose(1, 2), layer["size"], layer.get("stride", layer["size"])).transpose(1, 2)
        elif kind == "globalMaxPooling1D":
            x = x.amax(1)
        elif kind == "globalAveragePooling1D":
            x = x.mean(1)
        elif kind == "softmax":
            x = torch.softmax(x, -1)
        elif kind == "addition":
            x = x + inputs[-1 - layer["layers"]]
        elif kind == "batchNormalization":
            c = x.shape[-1]
            gamma, beta = p.take(c, middle=1.0), p.take(c)
            mean, variance = p.take(c, trainable=False), p.take(c, middle=1.0, trainable=False)
            keras = layer.get("convention", "keras") == "keras"
            momentum = layer.get("momentum", 0.99 if keras else 0.1)
            epsilon = layer.get("epsilon", 1e-3 if keras else 1e-5)
            rows = x.reshape(-1, c)
            if training and keras:
                # PyTorch keeps the variance divided by n - 1; Keras that divided by n.
                with torch.no_grad():
                    mean += (1 - momentum) * (rows.mean(0) - mean)
                    variance += (1 - momentum) * (rows.var(0, unbiased=False) - variance)
                rows = F.batch_norm(rows, None, None, gamma, beta, True, 0, epsilon)
            else:
                rows = F.batch_norm(rows, mean, variance, gamma, beta, training, momentum, epsilon)
            x = rows.reshape(x.shape)
        elif kind != "dropout":
            raise ValueError(kind)
    return x, p.tensors, one_hot


def checksums(gradient):
    """Σ |g| and Σ g·cos(i)."""
    g = gradient.reshape(-1)
    return [g.abs().sum().item(), (g * torch.cos(torch.arange(len(g)).double())).sum().item()]


def numbers(network, training):
    outputs, tensors, one_hot = run(network, training)
    flat = outputs.reshape(-1)
    # Σ output² / 2: the gradient of each output is the output itself.
    (flat * flat / 2).sum().backward()
    return {
        "outputs": flat.tolist(), "gradients": [checksums(t.grad if t.requires_grad else t) for t in tensors],
        "input": checksums(one_hot.grad),
    }


def golden(name, network):
    return {"name": name, "network": network, "inference": numbers(network, False), "training": numbers(network, True)}


def convolution(filters, size, **rest):
    return {"type": "convolution1D", "filters": filters, "kernelSize": size, **rest}


def preset(*convolutions):
    """Dropout is there but off."""
    layers = []
    for filters, size in convolutions:
        if layers:
            layers += [{"type": "maxPooling1D", "size": 2}, {"type": "dropout", "rate": 0}]
        layers.append(convolution(filters, size, activation="relu"))
    layers += [{"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]
    return {"input": {"length": 100}, "layers": layers}


CASES = {
    "v1": preset((64, 6)),
    "v2": preset((64, 12)),
    "v3": preset((64, 12), (32, 6)),
    "v4": preset((64, 12), (32, 6), (16, 3)),
    "v5": preset((64, 12), (32, 6), (16, 3), (8, 2)),
    "padding, stride, dilation, means": {"input": {"length": 50}, "layers": [
        convolution(9, 5, padding="same", dilation=3, activation="gelu"),
        convolution(7, 4, padding="same", stride=3, useBias=False, activation="elu"),
        {"type": "averagePooling1D", "size": 3, "stride": 2},
        {"type": "flatten"},
        {"type": "dense", "units": 4, "activation": "softplus"},
        {"type": "dense", "units": 3, "useBias": False},
        {"type": "activation", "function": "tanh"},
    ]},
    "every activation": {"input": {"length": 30}, "layers": [
        convolution(5, 3, activation="leakyRelu"),
        convolution(5, 3, activation="sigmoid"),
        convolution(5, 3, activation="exponential"),
        {"type": "maxPooling1D", "size": 3, "stride": 1},
        {"type": "globalAveragePooling1D"},
        {"type": "dense", "units": 2},
    ]},
    "groups": {"input": {"length": 33}, "layers": [
        convolution(8, 5, groups=2, activation="relu"),
        convolution(8, 3, groups=8, padding="same", dilation=2),
        convolution(12, 3, groups=4, stride=2, useBias=False, activation="tanh"),
        {"type": "globalMaxPooling1D"},
        {"type": "dense", "units": 2},
    ]},
    "both strands, maximum": {"input": {"length": 41}, "layers": [
        convolution(9, 7, reverseComplement="maximum", activation="relu"),
        {"type": "maxPooling1D", "size": 2},
        convolution(5, 4, activation="relu"),
        {"type": "globalMaxPooling1D"},
        {"type": "dense", "units": 2},
    ]},
    "both strands, concatenation": {"input": {"length": 41}, "layers": [
        convolution(9, 6, reverseComplement="concatenation", padding="same", useBias=False),
        {"type": "averagePooling1D", "size": 3},
        convolution(5, 4, activation="relu"),
        {"type": "globalMaxPooling1D"},
        {"type": "dense", "units": 2},
    ]},
    "residual, softmax": {"input": {"length": 24}, "layers": [
        convolution(6, 5, activation="relu"),
        convolution(6, 3, padding="same", activation="relu"),
        convolution(6, 3, padding="same", dilation=2),
        {"type": "addition", "layers": 1},
        {"type": "addition", "layers": 3},
        {"type": "activation", "function": "relu"},
        {"type": "globalAveragePooling1D"},
        {"type": "dense", "units": 5},
        {"type": "softmax"},
    ]},
    "normalization": {"input": {"length": 30}, "layers": [
        convolution(7, 5),
        {"type": "batchNormalization"},
        {"type": "activation", "function": "relu"},
        {"type": "maxPooling1D", "size": 2},
        convolution(5, 3, activation="relu"),
        {"type": "batchNormalization", "convention": "pytorch"},
        {"type": "globalAveragePooling1D"},
        {"type": "batchNormalization", "convention": "pytorch", "momentum": 0.3, "epsilon": 0.01},
        {"type": "dense", "units": 2},
    ]},
}

if __name__ == "__main__":
    print(json.dumps([golden(name, network) for name, network in CASES.items()], indent=1))
