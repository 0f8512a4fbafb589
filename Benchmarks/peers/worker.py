"""One peer as a process that answers each line of request with one line of JSON.

usage: worker.py jax|torch|keras|lightmotif|attribution THREADS FOLDER

FOLDER holds what the benchmark simulated. Requests: `open NETWORK` builds a network with fresh weights; `train` passes once
over the training data; `predict` gives the outputs for the test data; `open scan` and `scan` look for a motif;
`open attribution-NETWORK` and `explain METHOD` explain predictions.
`seconds` in an answer are the work alone, measured here.
"""
import json
import sys
import time

name, threads, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]

import environment  # noqa: E402

peer = environment.prepare(name, threads)

import numpy as np  # noqa: E402

import networks  # noqa: E402

_exercise = []


def exercise():
    """Training and test set of the exercise, read once."""
    if not _exercise:
        _exercise.extend(networks.read_exercise(f"{folder}/FOXO1_{part}.csv") for part in ("train", "test"))
    return _exercise


def open_network(network):
    stack = networks.STACKS[network]
    train, test = exercise() if stack.family == "exercise" else [networks.random_data(stack)] * 2
    model = peer.Model(stack, threads)
    model.load(train, test)
    return stack, model, train, test


def timed(body):
    start = time.perf_counter()
    result = body()
    return time.perf_counter() - start, result


def answer(**values):
    print(json.dumps(values), flush=True)


answer(name=name, version=peer.version())
for line in sys.stdin:
    request = line.split()
    if request == ["open", "scan"]:
        scan = peer.Scan(folder)
        answer(opened="scan")
    elif request[0] == "open" and request[1].startswith("attribution-"):
        explanation = peer.Explanation(request[1].removeprefix("attribution-"), threads)
        answer(opened=request[1])
    elif request[0] == "explain":
        try:
            answer(seconds=explanation.explain(request[1]), sequences=peer.COUNT)
        except Exception as error:
            answer(error=str(error))
    elif request[0] == "open":
        stack, model, train, test = open_network(request[1])
        answer(opened=request[1])
    elif request[0] == "train":
        seconds, _ = timed(model.train_epoch)
        answer(seconds=seconds, sequences=len(train[0]))
    elif request[0] == "predict":
        seconds, outputs = timed(model.predict)
        reply = dict(seconds=seconds, sequences=len(test[0]))
        if stack.family == "exercise":
            logits = np.asarray(outputs).reshape(len(test[0]))
            reply["accuracy"] = float(((logits > 0) == (test[1] == 1)).mean())
        answer(**reply)
    elif request[0] == "scan":
        seconds, hits = timed(scan.run)
        answer(seconds=seconds, hits=hits)
    elif request[0] == "quit":
        break
    else:
        sys.exit(f"worker.py: no such request: {line.strip()}")
