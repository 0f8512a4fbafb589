"""Imports a framework, reads the training data, trains one epoch, and prints when each was done.

usage: first.py jax|torch|keras NETWORK THREADS FOLDER
"""
import json
import sys
import time

name, network, threads, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]

import environment  # noqa: E402

Model = environment.prepare(name, threads).Model

import networks  # noqa: E402

started = time.monotonic()
train = networks.read_exercise(f"{folder}/FOXO1_train.csv")
read = time.monotonic()
model = Model(networks.STACKS[network], threads)
model.load(train, train)
model.train_epoch()
print(json.dumps(dict(started=started, read=read, epoch=time.monotonic())))
