"""Golden numbers of MeanTests, RevealCancelTests and DependencyTests, on the network of attributions.py: gradients of other readings and
pairs of changes with PyTorch, integrated gradients from base frequencies with Captum 0.9, RevealCancel and softmax with NumPy from the
papers' formulae.

python means.py
"""

import numpy as np
import torch
from attributions import L, N, net, references, show, x
from captum.attr import IntegratedGradients


def gradient(values):
    values = values.detach().clone().requires_grad_(True)
    net(values).sum().backward()
    return values.grad.detach()


def moved(values, shift):
    result = torch.zeros_like(values)
    for p in range(L):
        if 0 <= p - shift < L:
            result[:, :, p] = values[:, :, p - shift]
    return result


turned = gradient(x.flip(1, 2)).flip(1, 2)
show("both strands", (gradient(x) + turned) / 2)
counts = sum(moved(torch.ones(N, 4, L), s) for s in (-1, 0, 1))
total = sum(moved(gradient(moved(x, s)), -s) for s in (-1, 0, 1))
show("shifts", total / counts.flip(2))
frequencies = torch.tensor([0.3, 0.2, 0.15, 0.35])[None, :, None].expand(N, 4, L).contiguous()
show("frequencies", IntegratedGradients(net).attribute(
    x, baselines=frequencies, n_steps=50, method="riemann_middle").sum(1, keepdim=True) * x)

with torch.no_grad():
    one = x[0]
    codes = one.argmax(0)

    def changed(*changes):
        copy = one.clone()
        for position, base in changes:
            copy[:, position] = 0
            copy[base, position] = 1
        return net(copy[None]).item()

    maps = np.zeros((1, L, L), dtype=np.float32)
    plain = changed()
    for i in range(L):
        for j in range(i):
            ways = [
                changed((i, a), (j, b)) - changed((i, a)) - changed((j, b)) + plain
                for a in range(4) if a != codes[i] for b in range(4) if b != codes[j]
            ]
            maps[0, i, j] = maps[0, j, i] = max(ways, key=abs)
    show("dependencies", torch.tensor(maps))


def matrix(weight, length):
    """A convolution of (outputs, channels, taps) as (outputs · places, channels · length)."""
    outputs, channels, taps = weight.shape
    result = np.zeros((outputs, length - taps + 1, channels, length))
    for place in range(length - taps + 1):
        result[:, place, :, place : place + taps] = weight
    return result.reshape(outputs * (length - taps + 1), channels * length)


def numbers(tensor):
    return tensor.detach().numpy().astype(float)


class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias

    def forward(self, a):
        return self.weight @ a + self.bias

    def parts(self, a, b, positive, negative):
        products = self.weight * (a - b)
        return np.maximum(products, 0).sum(1), np.minimum(products, 0).sum(1)

    def back(self, a, b, parts, out, up, down):
        products = self.weight * (a - b)
        chosen = np.where(products > 0, up[:, None], np.where(products < 0, down[:, None], (up + down)[:, None] / 2))
        m = (self.weight * chosen).sum(0)
        # A base whose difference is zero has both signs' weights.
        return m, m


class ReLU:
    def forward(self, a):
        return np.maximum(a, 0)

    def parts(self, a, b, p, n):
        f = self.forward
        return (f(b + p) - f(b) + f(b + p + n) - f(b + n)) / 2, (f(b + n) - f(b) + f(b + p + n) - f(b + p)) / 2

    def back(self, a, b, parts, out, up, down):
        def ratio(m, y, x):
            return np.where(x != 0, m * y / np.where(x != 0, x, 1), 0)

        return ratio(up, out[0], parts[0]), ratio(down, out[1], parts[1])


class MaxPool:
    """Over windows of (channels, length)."""

    def __init__(self, channels, size):
        self.channels, self.size = channels, size

    def forward(self, a):
        a = a.reshape(self.channels, -1)
        places = a.shape[1] // self.size
        return a[:, : places * self.size].reshape(self.channels, places, self.size).max(2).ravel()

    def parts(self, a, b, p, n):
        change = self.forward(a) - self.forward(b)
        return np.maximum(change, 0), np.minimum(change, 0)

    def back(self, a, b, parts, out, up, down):
        shape = a.reshape(self.channels, -1).shape
        a, b = a.reshape(shape), b.reshape(shape)
        changes, gradients = np.zeros(shape), np.zeros(shape)
        places = shape[1] // self.size
        for c in range(self.channels):
            for w in range(places):
                part = slice(w * self.size, (w + 1) * self.size)
                mine, other = w * self.size + a[c, part].argmax(), w * self.size + b[c, part].argmax()
                m = (down if a[c, mine] < b[c, other] else up)[c * places + w]
                high = max(a[c, mine], b[c, other])
                changes[c, mine] += m * (high - b[c, other])
                changes[c, other] += m * (a[c, mine] - high)
                gradients[c, mine] += m
        difference = a - b
        m = np.where(difference == 0, gradients, changes / np.where(difference == 0, 1, difference)).ravel()
        return m, m


layers = [
    Linear(matrix(numbers(net.c1.weight), L), np.repeat(numbers(net.c1.bias), L - 4)), ReLU(), MaxPool(6, 2),
    Linear(matrix(numbers(net.c2.weight), (L - 4) // 2), np.repeat(numbers(net.c2.bias), (L - 4) // 2 - 3)), ReLU(),
    MaxPool(5, 10), Linear(numbers(net.d1.weight), numbers(net.d1.bias)), ReLU(),
    Linear(numbers(net.d2.weight), numbers(net.d2.bias)),
]


def reveal_cancel(sequence, reference):
    a, b = [sequence.ravel()], [reference.ravel()]
    for layer in layers:
        a.append(layer.forward(a[-1]))
        b.append(layer.forward(b[-1]))
    parts = [(np.maximum(a[0] - b[0], 0), np.minimum(a[0] - b[0], 0))]
    for i, layer in enumerate(layers):
        parts.append(layer.parts(a[i], b[i], *parts[-1]))
    up = down = np.ones(1)
    for i in reversed(range(len(layers))):
        up, down = layers[i].back(a[i], b[i], parts[i], parts[i + 1], up, down)
    m = up.reshape(4, L)
    values = m - (reference.reshape(4, L) * m).sum(0)
    assert abs((values * sequence).sum() - (a[-1] - b[-1])[0]) < 1e-12
    return values * sequence


show("reveal-cancel zeros", torch.tensor(np.array([reveal_cancel(numbers(x[i]), np.zeros((4, L))) for i in range(N)])))
show("reveal-cancel references", torch.tensor(np.array(
    [reveal_cancel(numbers(x[i]), numbers(references[i])) for i in range(N)])))

# Softmax over three filters of one base each, y = e · b: DeepLIFT through exp, sum, 1 / s and the product, whose change both share.
weight = np.array([[0.7, -0.4, 0.2, 1.1], [-0.3, 0.9, 0.5, -0.6], [0.1, 0.2, -0.8, 0.4]])
bias = np.array([0.1, -0.2, 0.3])
p, q = weight[:, 3] + bias, weight[:, 1] + bias  # T against C
e, d = np.exp(p), np.exp(q)
product_e = (1 / e.sum() + 1 / d.sum()) / 2
product_b = (e[1] + d[1]) / 2
reciprocal = (1 / e.sum() - 1 / d.sum()) / (e.sum() - d.sum())
grad_e = product_b * reciprocal + np.array([0, product_e, 0])
m = weight.T @ (grad_e * (e - d) / (p - q))
print("softmax", m[3] - m[1], "is", e[1] / e.sum() - d[1] / d.sum(), "all bases", (m - m[1]).tolist())
