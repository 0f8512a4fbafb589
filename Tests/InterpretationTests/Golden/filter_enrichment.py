"""Golden numbers of FilterEnrichmentTests with numpy and scipy: best hits of the motifs of filter_motifs.py's network in
its 30 sequences (labels 1, 0, 1, 0, …), the one-sided Mann-Whitney test, and central enrichment by the binomial.

python filter_enrichment.py
"""

import numpy as np
from scipy.stats import binom, mannwhitneyu

N, L, K, F = 30, 40, 7, 3
codes = np.array([(i * i * 31 + i * 17 + (i >> 3) * 5 + (i >> 5) * 3) % 97 % 4 for i in range(N * L)])
codes[[5, 6, 777]] = 4
codes = codes.reshape(N, L)
w = np.array([((i * 29 + 3) % 23 - 11) / 16 for i in range(K * 4 * F)]).reshape(K, 4, F)
x = np.eye(5)[:, :4][codes]
a = np.maximum(np.stack([np.tensordot(x[:, p : p + K], w, 2) for p in range(L - K + 1)], 1) + [-1.0, 0.25, -9.0], 0)
windows = np.stack([codes[:, p : p + K] for p in range(L - K + 1)], 1)

for f in range(2):
    sites = windows[a[:, :, f] > a[:, :, f].max() / 2]
    counts = np.eye(5)[sites].sum(0)[:, :4]
    odds = np.log2((counts + 0.1 / 4) / (counts.sum(1, keepdims=True) + 0.1) / 0.25)
    known = (windows < 4).all(2)
    best = np.full(N, -np.inf)
    start = np.full(N, -1)
    for strand in (odds, odds[::-1, ::-1]):
        score = np.where(known, sum(strand[j][np.minimum(windows[:, :, j], 3)] for j in range(K)), -np.inf)
        better = score.max(1) > best
        best[better], start[better] = score.max(1)[better], score.argmax(1)[better]
    p, n = best[::2], best[1::2]
    ties = len(np.unique(best)) < N
    test = mannwhitneyu(p, n, alternative="greater", method="asymptotic" if ties else "exact")
    print(f, "auroc", test.statistic / len(p) / len(n), "p", test.pvalue, "ties", ties)
    for least in (5, 2):
        hits = start[::2][p >= least]
        M = L - K + 1
        regions = []
        for width in range(2 - M % 2, M, 2):
            inside = (np.abs(2 * hits - (M - 1)) <= width - 1).sum()
            regions.append((binom.sf(inside - 1, len(hits), width / M), width, inside))
        q, width, inside = min(regions)
        print("  least", least, "hits", len(hits), "width", width, "inside", inside, "p", 1 - (1 - q) ** len(regions))
