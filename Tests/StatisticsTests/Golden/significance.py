"""Golden numbers of SignificanceTests.swift, from scipy and NumPy by the definitions."""
import numpy as np
from scipy import stats

print("t quantiles", [(nu, c, stats.t.ppf((1 + c) / 2, nu)) for nu, c in [(1, 0.95), (4, 0.9), (19, 0.95), (99, 0.99)]])
print("t p-values", [(t, nu, 2 * stats.t.sf(abs(t), nu)) for t, nu in [(0.5, 1), (2.1, 9), (-7, 19), (40, 4), (1e-9, 3), (11, 179), (-5, 1000), (1.5, 1e4), (30, 2000), (1e-9, 1e7)]])

# Mean over folds; the corrected interval is Nadeau & Bengio's with n_test / n_train = 1 / (k - 1).
x = np.array([0.81, 0.79, 0.84, 0.8, 0.83]); k = len(x); s = x.std(ddof=1)
print("mean", x.mean(), s, stats.t.interval(0.95, k - 1, x.mean(), s / np.sqrt(k)))
print("corrected", stats.t.interval(0.95, k - 1, x.mean(), s * np.sqrt(1 / k + 1 / (k - 1))))
d = x - 0.8; t = d.mean() / (s * np.sqrt(1 / k + 1 / (k - 1)))
print("corrected p", 2 * stats.t.sf(abs(t), k - 1))

print("McNemar", [(b, c, stats.binomtest(b, b + c, 0.5).pvalue) for b, c in [(1, 5), (12, 30), (250, 180), (3, 3)]])


def agresti_min(b, c, n, confidence=0.95):
    z = stats.norm.ppf((1 + confidence) / 2)
    b, c, n = b + 0.5, c + 0.5, n + 2
    e = np.sqrt(b + c - (b - c) ** 2 / n) / n
    return (b - c) / n - z * e, (b - c) / n + z * e


print("accuracy difference", agresti_min(12, 30, 200), agresti_min(0, 0, 20))

# DeLong's test by its definition, all pairs.
i = np.arange(60)
a = (i * 37 % 23 - 11) / 4.0
y = ((i * i + a * 3) % 7 < 3 + a).astype(int)
b = (i * 29 % 31 - 15) / 8.0 + a / 2
psi = lambda z: (z[y == 1][:, None] > z[y == 0][None, :]) + 0.5 * (z[y == 1][:, None] == z[y == 0][None, :])
pa, pb = psi(a), psi(b)
m, n = pa.shape
cov = np.cov(pa.mean(1), pb.mean(1)) / m + np.cov(pa.mean(0), pb.mean(0)) / n
diff = pa.mean() - pb.mean()
se = np.sqrt(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1])
print("DeLong", pa.mean(), pb.mean(), diff, diff - stats.norm.ppf(0.975) * se, diff + stats.norm.ppf(0.975) * se,
      2 * stats.norm.sf(abs(diff) / se))

# What N random permutations tend to: the exact tails. Accuracy is hypergeometric.
called = a > 0
tp = int((called & (y == 1)).sum())
print("accuracy tail", tp, stats.hypergeom.sf(tp - 1, 60, int((y == 1).sum()), int(called.sum())))
rng = np.random.default_rng(1)
ranks = stats.rankdata(a)
sums = np.array([ranks[rng.permutation(60)[: (y == 1).sum()]].sum() for _ in range(200000)])
print("AUROC tail", (sums >= ranks[y == 1].sum()).mean())
c = (i * 17 % 13 - 6) / 2.0 + a / 6
rc = stats.rankdata(c)
sums = np.array([rc[rng.permutation(60)[: (y == 1).sum()]].sum() for _ in range(200000)])
tp = int(((c > 0) & (y == 1)).sum())
print("weak: AUROC tail", (sums >= rc[y == 1].sum()).mean(), "accuracy", stats.hypergeom.sf(tp - 1, 60, int((y == 1).sum()), int((c > 0).sum())))
