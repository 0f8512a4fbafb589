"""Golden numbers of FilterMotifTests: the three rules with numpy, written from their descriptions.

python filter_motifs.py
"""

import numpy as np

N, L, K, F = 30, 40, 7, 3
codes = np.array([(i * i * 31 + i * 17 + (i >> 3) * 5 + (i >> 5) * 3) % 97 % 4 for i in range(N * L)])
codes[[5, 6, 777]] = 4
codes = codes.reshape(N, L)
w = np.array([((i * 29 + 3) % 23 - 11) / 16 for i in range(K * 4 * F)]).reshape(K, 4, F)
bias = np.array([-1.0, 0.25, -9.0])
onehot = np.eye(5)[:, :4][codes]


def activations(padding):
    x = np.pad(onehot, ((0, 0), (padding, padding), (0, 0)))
    z = np.stack([np.tensordot(x[:, p : p + K], w, 2) for p in range(x.shape[1] - K + 1)], 1)
    return np.maximum(z + bias, 0)


def windows(padding):
    c = np.pad(codes, ((0, 0), (padding, padding)), constant_values=4)
    return np.stack([c[:, p : p + K] for p in range(c.shape[1] - K + 1)], 1)


for padding in (0, 3):
    a, k = activations(padding), windows(padding)
    for f in range(F):
        v = a[:, :, f]
        print(f"padding {padding} filter {f} max {v.max()} mean {v.mean():.10g} active {(v > 0).mean():.10g}")
        order = np.argsort(-v.ravel(), kind="stable")[:25]
        order = order[v.ravel()[order] > 0]
        picks = {
            "half-max": k[(v > v.max() / 2)],
            "basset": k[v > 0.5 * (v - v.mean()).max() + v.mean()],
            "top-25": k.reshape(-1, K)[order],
        }
        for rule, sites in picks.items():
            counts = np.eye(5)[sites].sum(0) if len(sites) else np.zeros((K, 5))
            ic = 0
            if rule == "basset" and len(sites) >= 10:
                p = (counts[:, :4] + 1 + counts[:, 4:] / 4) / (len(sites) + 4)
                b = np.array([0.585, 0.415, 0.415, 0.585])
                ic = (-b * np.log2(b) + p * np.log2(1e-9 + p)).sum()
            print(rule, len(sites), counts[:, :4].astype(int).tolist(), f"{ic:.10g}")
