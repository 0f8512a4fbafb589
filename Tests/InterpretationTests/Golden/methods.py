"""Golden numbers of MethodTests: captum 0.9's guided backpropagation and occlusion, the other methods with PyTorch, on the network of
attributions.py. SmoothGrad and expected gradients draw as CounterRandom does.

python methods.py
"""

import math

import torch
from attributions import L, N, net, references, show, x
from captum.attr import GuidedBackprop, Occlusion

MASK = (1 << 64) - 1


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def uniforms(purpose, epoch, index, seed=0):
    key = mix((seed + 0x9E3779B97F4A7C15) & MASK)
    for word in (purpose, epoch, index):
        key = mix(key ^ ((word + 0x9E3779B97F4A7C15) & MASK))
    counter = 0
    while True:
        counter += 1
        yield (mix((key + counter * 0x9E3779B97F4A7C15) & MASK) >> 11) * 2.0**-53


SAMPLING = 10


def gradient(values):
    values = values.detach().clone().requires_grad_(True)
    net(values).sum().backward()
    return values.grad


def noisy(one, index, sample, deviation):
    draw = uniforms(SAMPLING, sample, index)
    rows = one.T.flatten().double()
    for pair in range(0, len(rows), 2):
        u, v = next(draw), next(draw)
        radius = math.sqrt(-2 * math.log(1 - u))
        rows[pair] += deviation * radius * math.cos(2 * math.pi * v)
        rows[pair + 1] += deviation * radius * math.sin(2 * math.pi * v)
    return rows.float().reshape(L, 4).T


show("guided", GuidedBackprop(net).attribute(x))
show("occlusion", Occlusion(net).attribute(x, sliding_window_shapes=(4, 5), strides=(4, 1), baselines=0) * x)
show("masking", Occlusion(net).attribute(x, sliding_window_shapes=(4, 1), strides=(4, 1), baselines=0) * x)
show("smoothgrad", torch.stack(
    [gradient(torch.stack([noisy(x[i], i, s, 0.3) for s in range(7)])).mean(0) for i in range(N)]))
shares = torch.tensor([next(uniforms(SAMPLING, 0, i)) for i in range(N)]).float()[:, None, None]
difference = x - references
show("expected", (difference * gradient(references + shares * difference)).sum(1, keepdim=True) * x)
with torch.no_grad():
    y = net(x)
    deleted = torch.zeros(N, 4, L)
    inserted = torch.zeros(N, 4, L)
    for p in range(L):
        shorter = torch.cat([x[:, :, :p], x[:, :, p + 1 :], torch.zeros(N, 4, 1)], 2)
        deleted[:, :, p] = x[:, :, p] * (y - net(shorter))
        for base in range(4):
            one = torch.zeros(N, 4, 1)
            one[:, base] = 1
            inserted[:, base, p] = (net(torch.cat([x[:, :, :p], one, x[:, :, p:-1]], 2)) - y)[:, 0]
show("deletion", deleted)
show("insertion", inserted)

y = net(x)
net.a1.retain_grad()
net.a2.retain_grad()
y.sum().backward()
for name, conv, a in (("first", net.c1, net.a1), ("last", net.c2, net.a2)):
    show(f"{name} layer-cam", (torch.relu(a.grad) * a).sum(1))
    weights = []
    with torch.no_grad():
        for k in range(conv.out_channels):
            kept = conv.weight[k].clone(), conv.bias[k].clone()
            conv.weight[k], conv.bias[k] = 0, 0
            weights.append((y - net(x)) / y.abs())
            conv.weight[k], conv.bias[k] = kept
        show(f"{name} ablation-cam", (torch.stack(weights)[:, :, 0].T[:, :, None] * a).sum(1))
with torch.no_grad():
    # Units of the first convolution are centered on base 2 and one base apart.
    a = net.a1
    place = (torch.arange(L) - 2).clamp(0, a.shape[2] - 1)
    wide = a[:, :, place]
    low, high = wide.amin(2, keepdim=True), wide.amax(2, keepdim=True)
    masks = torch.where(high > low, (wide - low) / (high - low), torch.zeros(()))
    scores = torch.stack([net(x * masks[:, k : k + 1])[:, 0] for k in range(a.shape[1])], 1)
    show("first score-cam", (torch.softmax(scores, 1)[:, :, None] * a).sum(1))
