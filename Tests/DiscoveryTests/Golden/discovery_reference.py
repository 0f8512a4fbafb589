"""Golden numbers for DiscoveryTests: python discovery_reference.py > discovery_golden.json

Needs numpy, scikit-learn, tangermeme (recursive seqlets), and python-igraph (modularity, communities). The similarities, k-mers and weights are
written out here from their definitions.
"""

import itertools
import json
import math
import sys

import igraph
import numpy as np
from sklearn.isotonic import IsotonicRegression
from tangermeme.seqlet import recursive_seqlets

random = np.random.RandomState(7)


def recursive():
    """Attributions in thousandths, a control, the spans and the false discovery rates."""
    values = random.laplace(scale=200, size=(24, 60)).astype(int)
    for row in values:
        place = random.randint(0, 48)
        row[place : place + 8] += random.randint(300, 1100, size=8)
    control = random.laplace(scale=210, size=(48, 60)).astype(int)
    x, c = (values / 1000).astype("f4"), (control / 1000).astype("f4")
    plain = recursive_seqlets(x)
    controlled, rates = recursive_seqlets(x, X_control=c, return_fdr=True)
    rows = lambda frame: [[int(r[0]), int(r[1]), int(r[2]), float(r[3]), float(r[4])] for r in frame.itertuples(index=False)]
    return {
        "values": values.ravel().tolist(), "control": control.ravel().tolist(), "length": 60,
        "spans": rows(plain), "controlled": rows(controlled),
        "estimates": [[float(r.threshold), int(r.n_seqlets), int(r.n_control_seqlets)] for r in rates.itertuples()],
    }


def isotonic():
    """The threshold of TF-MoDISco's fit to positive sums and null values."""
    sums = np.sort(np.abs(np.concatenate([random.laplace(size=400), random.normal(4, 1, size=60)])).round(3))
    null = np.sort(np.abs(random.laplace(size=300)).round(3))
    x = np.concatenate([sums, null])
    y = np.concatenate([np.ones(len(sums)), np.zeros(len(null))])
    weights = np.concatenate([np.ones(len(sums)), np.full(len(null), len(sums) / len(null))])
    fit = IsotonicRegression(out_of_bounds="clip").fit(x, y, sample_weight=weights)
    least = max(fit.predict([x.min()])[0], 1e-7)
    share = min(1.0, max(0.95, -1 / (1 - 1 / least))) if least < 1 else 1
    precision = np.clip(1 + share * (1 - 1 / np.maximum(fit.predict(sums), 1e-7)), 0, 1)
    precision[-1] = 1
    return {"sums": sums.tolist(), "null": null.tolist(), "threshold": float(sums[precision >= 0.95][0])}


def sequences():
    """Twelve random sequences with hypothetical attributions in thousandths."""
    codes = random.randint(0, 4, size=(12, 40))
    hypothetical = random.laplace(scale=150, size=(12, 40, 4)).astype(int)
    codes[3, 7] = 4
    return codes, hypothetical


def tracks(codes, hypothetical, start, end, reverse):
    """(width, 8): both tracks divided by their sums of magnitudes, read on one strand."""
    c, h = codes[start:end], hypothetical[start:end] / 1000
    there = np.zeros_like(h)
    for place, code in enumerate(c):
        if code < 4:
            there[place, code] = h[place, code]
    parts = [part / max(np.abs(part).sum(), 1e-12) for part in (h, there)]
    if reverse:
        parts = [part[::-1, ::-1] for part in parts]
    return np.concatenate(parts, axis=1)


def jaccard(x, y):
    same = (np.sign(x) * np.sign(y) * np.minimum(np.abs(x), np.abs(y))).sum()
    return same / np.maximum(np.abs(x), np.abs(y)).sum()


def best_match(x, x_reverse, y, padding):
    """(score, offset, strand) of x along y with zeros around it."""
    padded = np.pad(y, ((padding, padding), (0, 0)))
    best = (-2, 0, 0)
    for strand, window in enumerate([x, x_reverse]):
        for offset in range(len(padded) - len(window) + 1):
            score = jaccard(window, padded[offset : offset + len(window)])
            if score > best[0] + 1e-9:
                best = (score, offset - padding, strand)
    return list(best)


def matches(codes, hypothetical):
    windows = [tracks(codes[i], hypothetical[i], 5, 35, False) for i in range(12)]
    reverses = [tracks(codes[i], hypothetical[i], 5, 35, True) for i in range(12)]
    offsets = [[best_match(windows[i], reverses[i], windows[j], 9) for j in range(12)] for i in range(12)]
    aligned = [[jaccard(x, y) for y in windows] for x in windows]
    return offsets, aligned


def kmers(codes, hypothetical, reverse):
    """The 500 heaviest gapped k-mers of the middle thirty bases, as text with dots for gaps."""
    c, h = codes[5:35], hypothetical[5:35] / 1000
    places = [(p, int(b), h[p, b]) for p, b in enumerate(c) if b < 4]
    if reverse:
        places = [(29 - p, 3 - b, v) for p, b, v in places]
    places = sorted(sorted(places, key=lambda t: (-t[2], t[0]))[:20])
    sums = {}
    for size in (4, 5, 6):
        for group in itertools.combinations(places, size):
            if group[-1][0] - group[0][0] >= 15:
                continue
            word = ["."] * (group[-1][0] - group[0][0] + 1)
            for p, b, _ in group:
                word[p - group[0][0]] = "ACGT"[b]
            word = "".join(word)
            sums[word] = sums.get(word, 0) + sum(v for _, _, v in group) / size
    top = dict(sorted(sums.items(), key=lambda t: -abs(t[1]))[:500])
    norm = math.sqrt(sum(v * v for v in top.values()))
    return {word: v / norm for word, v in top.items()}


def cosines(codes, hypothetical):
    forward = [kmers(codes[i], hypothetical[i], False) for i in range(12)]
    backward = [kmers(codes[i], hypothetical[i], True) for i in range(12)]
    dot = lambda a, b: sum(v * b.get(word, 0) for word, v in a.items())
    return [[max(dot(a, b), dot(a, c)) for b, c in zip(forward, backward)] for a in forward]


def density():
    """Distances of a small graph and their weights at perplexity 3, by bisection to the last digits."""
    n = 9
    distances = np.round(random.uniform(0.2, 4, size=(n, n)), 3)
    edges = np.triu(random.uniform(size=(n, n)) < 0.7, 1)
    distances = np.where(edges, distances, 0)
    distances = distances + distances.T
    betas, totals = [], []
    for row in distances:
        d = row[row > 0]
        low, high, beta = -math.inf, math.inf, 1.0
        for _ in range(200):
            p = np.exp(-d * beta)
            total = p.sum() + 1
            entropy = math.log(total) + beta * (d * p / total).sum()
            if abs(entropy - math.log(3)) <= 1e-13:
                break
            if entropy > math.log(3):
                low, beta = beta, beta * 2 if high == math.inf else (beta + high) / 2
            else:
                high, beta = beta, beta / 2 if low == -math.inf else (beta + low) / 2
        betas.append(beta)
        totals.append(np.exp(-d / beta).sum() + 1)
    weights = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if distances[i, j] > 0:
                weights[i, j] = math.sqrt(
                    math.exp(-distances[i, j] / betas[i]) / totals[i] * math.exp(-distances[i, j] / betas[j]) / totals[j])
    return {"distances": distances.tolist(), "weights": weights.tolist(), "loops": [0.5 / t for t in totals]}


def modularity():
    """A weighted graph, a partition and igraph's modularity."""
    n = 30
    weights = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            if random.uniform() < (0.6 if i // 10 == j // 10 else 0.08):
                weights[i, j] = weights[j, i] = round(random.uniform(0.5, 2), 3)
    edges = [(i, j) for i in range(n) for j in range(i + 1, n) if weights[i, j] > 0]
    values = [weights[i, j] for i, j in edges]
    graph = igraph.Graph(n=n, edges=edges)
    best = graph.community_leiden(objective_function="modularity", weights=values, n_iterations=-1)
    partition = random.randint(0, 4, size=n).tolist()
    return {
        "nodes": n, "edges": edges, "weights": values, "partition": partition,
        "modularity": graph.modularity(partition, weights=values), "leiden": graph.modularity(best, weights=values),
        "communities": best.membership,
    }


codes, hypothetical = sequences()
offsets, aligned = matches(codes, hypothetical)
json.dump(
    {
        "recursive": recursive(), "isotonic": isotonic(),
        "codes": codes.ravel().tolist(), "hypothetical": hypothetical.ravel().tolist(),
        "matches": offsets, "aligned": aligned, "cosines": cosines(codes, hypothetical),
        "density": density(), "graph": modularity(),
    },
    sys.stdout, separators=(",", ":"))
