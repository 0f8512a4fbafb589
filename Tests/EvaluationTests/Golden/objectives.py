"""Golden numbers of two networks on a table with two columns of numbers and on one with three classes.

python objectives.py > objectives.json   (numpy, scipy, scikit-learn)
"""

import json

import numpy as np
from scipy import stats
from sklearn import metrics

FOLDS = 5
COUNT = 60


def rounded(values):
    """Numbers that 32-bit floats hold exactly."""
    return np.round(np.asarray(values) * 64) / 64


def corrected_t(differences):
    """Nadeau & Bengio 2003: the variance of the mean is (1/k + 1/(k - 1)) s^2."""
    k = len(differences)
    error = np.sqrt((1 / k + 1 / (k - 1)) * np.var(differences, ddof=1))
    return 2 * stats.t.sf(abs(np.mean(differences)) / error, k - 1)


def compare(folds, losses):
    names = list(folds[0][0])
    test = stats.ttest_rel(losses[0], losses[1])
    interval = test.confidence_interval(0.95)
    return {
        "folds": [[fold[network] for fold in folds] for network in (0, 1)],
        "corrected_p": {
            name: corrected_t([fold[0][name] - fold[1][name] for fold in folds]) for name in names
        },
        "paired_t": {
            "difference": float(np.mean(losses[0] - losses[1])), "p": float(test.pvalue),
            "low": float(interval.low), "high": float(interval.high),
        },
    }


def regression(random):
    targets = rounded(random.normal(size=(COUNT, 2)) * [1, 3] + [0, 2])
    outputs = [rounded(targets * w + random.normal(size=targets.shape)) for w in (0.8, 0.5)]
    losses = [((z - targets) ** 2).mean(axis=1) for z in outputs]

    def measure(rows, z):
        columns = range(2)
        return {
            "loss": float(metrics.mean_squared_error(targets[rows], z[rows])),
            "pearson": float(np.mean([stats.pearsonr(z[rows, c], targets[rows, c]).statistic for c in columns])),
            "spearman": float(np.mean([stats.spearmanr(z[rows, c], targets[rows, c]).statistic for c in columns])),
        }

    folds = [[measure(np.arange(COUNT) % FOLDS == f, z) for z in outputs] for f in range(FOLDS)]
    return {
        "targets": targets.ravel().tolist(), "logits": [z.ravel().tolist() for z in outputs],
        **compare(folds, losses),
    }


def classes(random):
    answers = random.integers(0, 3, COUNT)
    answers[:15] = np.repeat([0, 1, 2], 5)  # each class in each fold
    truth = np.eye(3)[answers]
    outputs = [rounded(truth * w + random.normal(size=truth.shape)) for w in (2, 1)]
    shares = [np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) for z in outputs]
    losses = [-np.log(p[np.arange(COUNT), answers]) for p in shares]
    right = [p.argmax(axis=1) == answers for p in shares]

    def measure(rows, p):
        y, p = answers[rows], p[rows]
        return {
            "loss": float(metrics.log_loss(y, p, labels=[0, 1, 2])),
            "accuracy": float(metrics.accuracy_score(y, p.argmax(axis=1))),
            "auroc": float(metrics.roc_auc_score(y, p, multi_class="ovr", average="macro", labels=[0, 1, 2])),
            "auprc": float(metrics.average_precision_score(truth[rows], p, average="macro")),
        }

    folds = [[measure(np.arange(COUNT) % FOLDS == f, p) for p in shares] for f in range(FOLDS)]
    only = [int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())]
    return {
        "targets": truth.ravel().tolist(), "logits": [z.ravel().tolist() for z in outputs],
        "mcnemar": float(stats.binomtest(min(only), sum(only)).pvalue),
        **compare(folds, losses),
    }


random = np.random.default_rng(5)
print(json.dumps({"regression": regression(random), "classes": classes(random)}))
