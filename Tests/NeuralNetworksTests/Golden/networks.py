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
        "tanh": torch.tanh, "silu": F.silu, "leakyReluKeras": lambda x: F.leaky_relu(x, 0.3),
        "leakyReluTorch": F.leaky_relu, "selu": F.selu, "softsign": F.softsign,
        "geluTanh": lambda x: F.gelu(x, approximate="tanh"), "hardSigmoid": F.hardsigmoid,
        "hardSigmoidKeras2": lambda x: (0.2 * x + 0.5).clamp(0, 1),
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


def hard_lstm(x, kernel, state, bias, gate):
    """An LSTM with other gates, from its equations."""
    h = c = torch.zeros(len(x), state.shape[0])
    outputs = []
    for t in range(x.shape[1]):
        i, f, g, o = (x[:, t] @ kernel + h @ state + bias).chunk(4, 1)
        c = activation(gate, f) * c + activation(gate, i) * torch.tanh(g)
        h = activation(gate, o) * torch.tanh(c)
        outputs.append(h)
    return torch.stack(outputs, 1)


def recurrent(x, layer, p):
    """PyTorch's LSTM (gates i f g o) and GRU (gates r z n), a direction at a time."""
    lstm, u = layer["cell"] == "lstm", layer["units"]
    ways = {"forward": [False], "backward": [True], "both": [False, True]}[layer.get("direction", "forward")]
    outputs = []
    for backward in ways:
        gates = 4 if lstm else 3
        kernel, state = p.take(x.shape[2], gates * u), p.take(u, gates * u)
        bias = p.take(gates * u) if lstm else p.take(2, gates * u)
        own, back = (bias, torch.zeros_like(bias)) if lstm else (bias[0], bias[1])

        def ordered(w):
            """Keras has z r g, PyTorch r z n."""
            return w if lstm else torch.cat([w[..., u:2 * u], w[..., :u], w[..., 2 * u:]], -1)

        if "recurrentActivation" in layer:
            y = hard_lstm(x.flip(1) if backward else x, kernel, state, bias, layer["recurrentActivation"])
            outputs.append((y.flip(1) if backward else y) if layer.get("returnsSequences") else y[:, -1])
            continue
        cell = (torch.nn.LSTM if lstm else torch.nn.GRU)(x.shape[2], u, batch_first=True)
        weights = {"weight_ih_l0": ordered(kernel).T, "weight_hh_l0": ordered(state).T,
                   "bias_ih_l0": ordered(own), "bias_hh_l0": ordered(back)}
        y = torch.func.functional_call(cell, weights, (x.flip(1) if backward else x,))[0]
        outputs.append((y.flip(1) if backward else y) if layer.get("returnsSequences") else y[:, -1])
    return torch.cat(outputs, -1)


def run(network, training, p=None):
    """Outputs (sequences, outputs), tensors in order and the one-hot input."""
    length = network["input"]["length"]
    x = F.one_hot(torch.tensor([bases(s, length) for s in range(COUNT)]), 4).double()  # (N, L, C) throughout
    x.requires_grad_()
    one_hot, p = x, p or Parameters()
    inputs = []
    named = {"input": x}
    for layer in network["layers"]:
        kind = layer["type"]
        given = [named[name] for name in layer.get("inputs", [])]
        if given:
            x = given[0]
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
            elif layer.get("padding") == "full":
                z = F.pad(z, ((size - 1) * dilation, (size - 1) * dilation))
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
            size, stride = layer["size"], layer.get("stride", layer["size"])
            z, maximum = x.transpose(1, 2), kind == "maxPooling1D"
            if layer.get("padding") == "same":
                # A mean is over the positions that exist.
                total = max(0, (-(-x.shape[1] // stride) - 1) * stride + size - x.shape[1])
                ends = (total // 2, total - total // 2)
                there = F.avg_pool1d(F.pad(torch.ones_like(z), ends), size, stride)
                z = F.pad(z, ends, value=-math.inf if maximum else 0)
            x = F.max_pool1d(z, size, stride) if maximum else F.avg_pool1d(z, size, stride)
            if layer.get("padding") == "same" and not maximum:
                x = x / there
            x = x.transpose(1, 2)
        elif kind == "globalMaxPooling1D":
            x = x.amax(1)
        elif kind == "globalAveragePooling1D":
            x = x.mean(1)
        elif kind == "globalLogSumExpPooling1D":
            x = torch.logsumexp(x, 1)
        elif kind == "reshape":
            x = x.reshape(COUNT, layer["length"], -1)
        elif kind == "softmax":
            x = torch.softmax(x, -1)
        elif kind == "addition":
            x = sum(given[1:], x) if given else x + inputs[-1 - layer["layers"]]
        elif kind == "concatenate":
            x = torch.cat(given, -1)
        elif kind == "multiplication":
            x = math.prod(g if g.dim() == max(o.dim() for o in given) else g[:, None] for g in given)
        elif kind == "cropping1D":
            x = x[:, layer["left"]:x.shape[1] - layer["right"]]
        elif kind == "zeroPadding1D":
            x = F.pad(x, (0, 0, layer["left"], layer["right"]))
        elif kind == "layerNormalization":
            c = x.shape[-1]
            x = F.layer_norm(x, (c,), p.take(c, middle=1.0), p.take(c), layer.get("epsilon", 1e-3))
        elif kind == "transposedConvolution1D":
            size, filters, stride = layer["kernelSize"], layer["filters"], layer.get("stride", 1)
            kernel = p.take(size, x.shape[2], filters)
            bias = p.take(filters) if layer.get("useBias", True) else None
            z = F.conv_transpose1d(x.transpose(1, 2), kernel.permute(1, 2, 0), None, stride=stride)
            z = F.pad(z, (0, max(0, stride - size)))
            if layer.get("padding") == "same":
                total = z.shape[2] - x.shape[1] * stride
                z = z[..., total // 2:z.shape[2] - (total - total // 2)]
            z = z.transpose(1, 2)
            x = activation(layer.get("activation", "linear"), z if bias is None else z + bias)
        elif kind == "recurrent":
            x = recurrent(x, layer, p)
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
        named[layer.get("name", "")] = x
    outputs = [named[name] for name in network["outputs"]] if "outputs" in network else [x]
    return torch.cat([y.reshape(COUNT, -1) for y in outputs], 1), p.tensors, one_hot


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
    "profile and count": {"input": {"length": 60}, "outputs": ["profile", "count"], "layers": [
        {**convolution(18, 7, activation="relu"), "name": "a"},
        {**convolution(18, 3, dilation=2, activation="relu"), "name": "b"},
        {"type": "cropping1D", "left": 2, "right": 2, "inputs": ["a"], "name": "a2"},
        {"type": "addition", "inputs": ["a2", "b"], "name": "trunk"},
        {"type": "transposedConvolution1D", "filters": 2, "kernelSize": 5, "padding": "same", "name": "profile"},
        {"type": "globalAveragePooling1D", "inputs": ["trunk"]},
        {"type": "dense", "units": 2, "name": "count"},
    ]},
    "branches, squeeze and excitation": {"input": {"length": 31}, "layers": [
        {**convolution(5, 3, padding="same", activation="silu"), "name": "narrow"},
        {**convolution(4, 8, padding="same", activation="tanh"), "inputs": ["input"], "name": "wide"},
        {"type": "concatenate", "inputs": ["wide", "narrow", "input"], "name": "both"},
        {"type": "layerNormalization", "name": "normal"},
        {"type": "globalAveragePooling1D"},
        {"type": "dense", "units": 13, "activation": "sigmoid", "name": "gate"},
        {"type": "multiplication", "inputs": ["normal", "gate"]},
        {"type": "zeroPadding1D", "left": 1, "right": 2},
        {"type": "maxPooling1D", "size": 3, "padding": "same"},
        {"type": "averagePooling1D", "size": 4, "stride": 2, "padding": "same"},
        {"type": "flatten"},
        {"type": "dense", "units": 3},
    ]},
    "transposed convolutions": {"input": {"length": 13}, "layers": [
        {"type": "transposedConvolution1D", "filters": 6, "kernelSize": 6, "stride": 2, "activation": "tanh"},
        {"type": "transposedConvolution1D", "filters": 5, "kernelSize": 2, "stride": 3, "useBias": False},
        {"type": "transposedConvolution1D", "filters": 3, "kernelSize": 6, "stride": 3, "padding": "same"},
        {"type": "globalAveragePooling1D"},
    ]},
    "the better of two strands": {"input": {"length": 19}, "layers": [
        convolution(5, 6, padding="full", reverseComplement="concatenation", activation="relu"),
        {"type": "globalMaxPooling1D"},
        {"type": "reshape", "length": 2},
        convolution(18, 1, activation="relu"),
        convolution(2, 1),
        {"type": "globalMaxPooling1D"},
    ]},
    "more activations, logsumexp": {"input": {"length": 26}, "layers": [
        convolution(5, 3, activation="leakyReluKeras"),
        convolution(5, 3, padding="full", dilation=2, stride=2, activation="leakyReluTorch"),
        convolution(6, 3, activation="selu"),
        convolution(6, 3, activation="softsign"),
        convolution(6, 2, activation="geluTanh"),
        {"type": "globalLogSumExpPooling1D"},
        {"type": "dense", "units": 6, "activation": "hardSigmoid"},
        {"type": "dense", "units": 6, "activation": "hardSigmoidKeras2"},
        {"type": "reshape", "length": 3},
        {"type": "globalLogSumExpPooling1D"},
    ]},
    "LSTM with hard gates": {"input": {"length": 12}, "layers": [
        convolution(6, 4, activation="relu"),
        {"type": "recurrent", "cell": "lstm", "units": 18, "direction": "both", "returnsSequences": True,
         "recurrentActivation": "hardSigmoidKeras2"},
        {"type": "recurrent", "cell": "lstm", "units": 4, "recurrentActivation": "hardSigmoid"},
        {"type": "dense", "units": 2},
    ]},
    "LSTM": {"input": {"length": 21}, "layers": [
        convolution(6, 4, activation="relu"),
        {"type": "maxPooling1D", "size": 2},
        {"type": "recurrent", "cell": "lstm", "units": 5, "direction": "both", "returnsSequences": True},
        {"type": "recurrent", "cell": "lstm", "units": 4, "direction": "backward"},
        {"type": "dense", "units": 2},
    ]},
    "GRU": {"input": {"length": 17}, "layers": [
        convolution(6, 4, activation="relu"),
        {"type": "recurrent", "cell": "gru", "units": 5, "direction": "backward", "returnsSequences": True},
        {"type": "recurrent", "cell": "gru", "units": 4, "direction": "both"},
        {"type": "dense", "units": 2},
    ]},
}

if __name__ == "__main__":
    print(json.dumps([golden(name, network) for name, network in CASES.items()], indent=1))
