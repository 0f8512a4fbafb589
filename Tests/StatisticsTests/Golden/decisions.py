"""Golden numbers of DecisionTests.swift, from scikit-learn and, for intervals, NumPy by the definitions."""
import numpy as np
from scipy import stats
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, f1_score

i = np.arange(60)
z = (i * 37 % 23 - 11) / 4.0
y = ((i * i + z * 3) % 7 < 3 + z).astype(int)
rare = ((i * 7) % 10 == 3) & (z > -1)

levels = np.unique(z)
thresholds = np.append((levels[1:] + levels[:-1]) / 2, levels[0] - 1)
for name, labels in [("even", y), ("rare", rare.astype(int))]:
    for rule, score in [("balanced accuracy", balanced_accuracy_score), ("f1", f1_score)]:
        values = np.array([score(labels, z > t) for t in thresholds])
        best = thresholds[np.isclose(values, values.max(), rtol=1e-12)]
        print(name, rule, values.max(), best[np.argmin(abs(best))])

q = stats.norm.ppf(0.975)
for t in [0, 1.1]:
    (tn, fp), (fn, tp) = confusion_matrix(y, z > t)
    sensitivity, specificity = tp / (tp + fn), tn / (tn + fp)
    error = np.sqrt(sensitivity * (1 - sensitivity) / (tp + fn) + specificity * (1 - specificity) / (tn + fp)) / 2
    value = balanced_accuracy_score(y, z > t)
    print("balanced accuracy", t, value, value - q * error, value + q * error)
    # The delta method with numerical derivatives of F1 by the shares of true positives and of wrong calls.
    n = len(y)
    p = np.array([tp, fp + fn]) / n
    f = lambda p: 2 * p[0] / (2 * p[0] + p[1])
    slope = np.array([(f(p + h) - f(p - h)) / 2e-6 for h in np.eye(2) * 1e-6])
    error = np.sqrt(slope @ (np.diag(p) - np.outer(p, p)) @ slope / n)
    value = f1_score(y, z > t)
    print("f1", t, value, value - q * error, value + q * error)
