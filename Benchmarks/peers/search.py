"""MotifKit's strategies of search beside hyperopt's and Optuna's, at equal numbers of trials on three spaces.

    swift build -c release --package-path Benchmarks --product SearchBenchmark
    python Benchmarks/peers/search.py Benchmarks/.build/release/SearchBenchmark [SEEDS]

Needs numpy, optuna and hyperopt (with setuptools < 81). Prints, as Markdown, the median over seeds of the best loss after 30, 60
and 100 trials, less the smallest there is.
"""
import json
import logging
import math
import subprocess
import sys

import numpy as np

TRIALS = [30, 60, 100]


def branin(x, y):
    """Two variables, three equal valleys."""
    return (y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


A = np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]])
P = 1e-4 * np.array([
    [1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991], [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381]])


def hartmann(*x):
    """Hartmann's function of six variables."""
    return -float(np.array([1, 1.2, 3, 3.2]) @ np.exp(-(A * (np.array(x) - P) ** 2).sum(1)))


def network(filters, kernel, dropout, rate, batch):
    """A smooth stand-in for a validation loss over motifkit search's own space: best at 80 filters 15 wide, dropout 0.3, a
    learning rate that grows with the batch, batches of 64."""
    best = 0.004 * math.sqrt(batch / 64)
    return (
        0.35 + 0.03 * math.log(filters / 80) ** 2 + 0.1 * ((kernel - 15) / 9) ** 2 + 0.15 * (dropout - 0.3) ** 2
        + 0.04 * math.log(rate / best) ** 2 + 0.01 * abs(math.log2(batch / 64)))


SPACES = {
    "Branin (2)": (branin, 0.39788735772973816, [dict(min=-5, max=10), dict(min=0, max=15)]),
    "Hartmann (6)": (hartmann, -3.3223680114155147, [dict(min=0, max=1)] * 6),
    "network (5)": (network, 0.35, [
        dict(min=16, max=128, log=True, whole=True), dict(min=6, max=24, whole=True), dict(min=0, max=0.5),
        dict(min=0.0003, max=0.03, log=True), dict(choices=[32, 64, 128, 256])]),
}


def ours(strategy, process, loss, axes, seed, trials):
    def line(text):
        process.stdin.write(text + "\n")
        process.stdin.flush()

    line(json.dumps(dict(strategy=strategy, seed=seed, axes=axes)))
    losses = []
    for _ in range(trials):
        losses.append(loss(*map(float, process.stdout.readline().split())))
        line(repr(losses[-1]))
    process.stdout.readline()
    line("")
    return losses


def with_optuna(sampler, loss, axes, seed, trials):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    losses = []

    def objective(trial):
        point = []
        for number, axis in enumerate(axes):
            name = f"x{number}"
            if "choices" in axis:
                point.append(trial.suggest_categorical(name, axis["choices"]))
            elif axis.get("whole"):
                point.append(trial.suggest_int(name, axis["min"], axis["max"], log=axis.get("log", False)))
            else:
                point.append(trial.suggest_float(name, axis["min"], axis["max"], log=axis.get("log", False)))
        losses.append(loss(*point))
        return losses[-1]

    samplers = {"tpe": optuna.samplers.TPESampler, "random": optuna.samplers.RandomSampler}
    optuna.create_study(sampler=samplers[sampler](seed=seed)).optimize(objective, n_trials=trials)
    return losses


def with_hyperopt(loss, axes, seed, trials):
    import hyperopt
    from hyperopt import hp

    logging.getLogger("hyperopt").setLevel(logging.ERROR)
    space = []
    for number, axis in enumerate(axes):
        name = f"x{number}"
        if "choices" in axis:
            space.append(hp.choice(name, axis["choices"]))
        elif axis.get("log"):
            kind = (lambda *a: hp.qloguniform(*a, 1)) if axis.get("whole") else hp.loguniform
            space.append(kind(name, math.log(axis["min"]), math.log(axis["max"])))
        elif axis.get("whole"):
            space.append(hp.quniform(name, axis["min"], axis["max"], 1))
        else:
            space.append(hp.uniform(name, axis["min"], axis["max"]))
    losses = []

    def objective(point):
        losses.append(loss(*point))
        return losses[-1]

    hyperopt.fmin(
        objective, space, algo=hyperopt.tpe.suggest, max_evals=trials, rstate=np.random.default_rng(seed),
        show_progressbar=False)
    return losses


def main():
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 25
    process = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    contenders = {f"MotifKit {s}": lambda *a, s=s: ours(s, process, *a) for s in ["random", "tpe", "evolution"]}
    contenders["hyperopt TPE"] = with_hyperopt
    contenders["Optuna TPE"] = lambda *a: with_optuna("tpe", *a)
    contenders["Optuna random"] = lambda *a: with_optuna("random", *a)
    if len(sys.argv) > 3:
        contenders = {name: run for name, run in contenders.items() if sys.argv[3] in name}
    print("| space | strategy | " + " | ".join(f"{n} trials" for n in TRIALS) + " |\n| --- | --- |" + " ---: |" * len(TRIALS))
    for space, (loss, least, axes) in SPACES.items():
        for name, run in contenders.items():
            runs = [np.minimum.accumulate(run(loss, axes, seed, max(TRIALS))) - least for seed in range(seeds)]
            medians = np.median(runs, axis=0)
            print(f"| {space} | {name} | " + " | ".join(f"{medians[n - 1]:.4f}" for n in TRIALS) + " |", flush=True)


main()
